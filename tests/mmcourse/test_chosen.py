"""The model that lessons use, and the bands that they hold it to."""

import math

import pytest

from mmcourse.chosen import VARIABLE, Bands, chosen_model


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


@pytest.mark.parametrize("value", [0.5, 0.25, 0.75])
def test_a_value_in_its_band_is_passed_over_in_silence(value, capsys):
    Bands("tiny")("share", value, 0.25, 0.75)
    Bands("tiny")("that it holds", value > 0, 1, 1)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("value", [0.249, 0.751, math.nan, math.inf])
def test_a_value_outside_its_band_is_named_with_it(value):
    with pytest.raises(AssertionError, match=rf"share of tiny .* 0.25 and 0.75; got {value};"):
        Bands("tiny")("share", value, 0.25, 0.75)


@pytest.mark.parametrize("value", [0.5, 7.0, math.nan])
def test_another_model_is_shown_beside_the_band_and_held_to_nothing(value, capsys):
    Bands("RN50")("share", value, 0.25, 0.75)
    assert capsys.readouterr().out == f"share: {value:.3f} (tiny: 0.250 to 0.750)\n"


def test_bands_may_be_of_another_model_than_tiny(capsys):
    band = Bands("tiny-vit", of="tiny-vit")
    with pytest.raises(AssertionError, match=r"share of tiny-vit must lie"):
        band("share", 2, 0, 1)
    Bands("tiny", of="tiny-vit")("share", 2, 0, 1)
    assert capsys.readouterr().out == "share: 2.000 (tiny-vit: 0.000 to 1.000)\n"


@pytest.mark.parametrize("model", ["tiny", "RN50"])
def test_an_empty_band_is_refused_whatever_the_model(model):
    with pytest.raises(ValueError, match=r"band: low must be at most high; got 1 and 0 for x"):
        Bands(model)("x", 0.5, 1, 0)


def test_a_band_may_be_open_on_one_side():
    Bands("tiny")("gap", 7, 3, math.inf)
    with pytest.raises(AssertionError, match=r"between 3 and inf; got 2"):
        Bands("tiny")("gap", 2, 3, math.inf)
