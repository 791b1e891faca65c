"""What asks for the home folder, where there is none."""

import pytest

from mmcourse import clip
from mmcourse.__main__ import main
from mmcourse.home import from_home
from mmcourse.retrieval import default_path


def test_a_path_in_the_home_folder_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert from_home("load", "~/.cache/clip", "…") == tmp_path / ".cache" / "clip"


@pytest.mark.usefixtures("homeless")
def test_search_without_a_home_folder_says_what_to_set(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    (tmp_path / "photos").mkdir()
    assert main(["search", str(tmp_path / "photos"), "a cat"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("default_path: ~/.cache must lie in a home folder; this user has")
    assert "set XDG_CACHE_HOME or HOME, or name the index's file (--index PATH)" in said
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert default_path("photos", "tiny").is_relative_to(tmp_path)


@pytest.mark.usefixtures("homeless")
def test_a_release_without_a_home_folder_says_what_to_set():
    with pytest.raises(FileNotFoundError, match="this user has none; set HOME to a folder"):
        clip.load("ViT-B/32", "cpu")
