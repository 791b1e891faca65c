"""The model that lessons use."""

import pytest

from mmcourse.choice import VARIABLE, chosen_model


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_tiny_is_chosen_when_the_variable_says_nothing(nothing, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    if nothing is not None:
        monkeypatch.setenv(VARIABLE, nothing)
    assert chosen_model() == "tiny"


@pytest.mark.parametrize("name", ["ViT-L/14@336px", "/a folder/my.safetensors"])
def test_the_variable_chooses_a_name_or_a_path(name, monkeypatch):
    monkeypatch.setenv(VARIABLE, name)
    assert chosen_model() == name


def test_the_choice_is_read_anew_each_time(monkeypatch):
    monkeypatch.setenv(VARIABLE, "RN50")
    before = chosen_model()
    monkeypatch.setenv(VARIABLE, "RN101")
    assert (before, chosen_model()) == ("RN50", "RN101")
