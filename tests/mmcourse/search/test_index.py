"""`python -m mmcourse index`: the index that a search would make, made before it."""

import json

import numpy as np
import pytest
from command_help import help_of
from PIL import Image

from mmcourse.__main__ import main
from mmcourse.retrieval import Index, default_path
from mmcourse.search import index


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """Return a folder of two pictures and a torn one; indexes are kept apart."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, grey in [("a.png", 20), ("b.png", 200)]:
        Image.new("L", (70, 65), grey).save(folder / name)
    (folder / "torn.png").write_bytes(b"\x89PNG")
    return folder


def test_a_search_finds_its_index_made_and_encodes_nothing(photos, capsys, monkeypatch):
    assert main(["index", str(photos), "--model", "tiny", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    path = default_path(photos, "tiny")
    assert (said["index"], said["folder"]) == (str(path), str(photos))
    assert (said["model"], said["pictures"]) == ("tiny", 2)
    assert [each["path"] for each in said["skipped"]] == ["torn.png"]
    monkeypatch.setattr("mmcourse.retrieval.album.encode._encoded", None)
    assert main(["search", str(photos), "a cat", "--model", "tiny"]) == 0


def test_the_place_is_printed_alone_and_may_be_chosen(photos, tmp_path, capsys):
    mine = tmp_path / "mine.safetensors"
    assert main(["index", str(photos), "--model", "tiny", "--index", str(mine)]) == 0
    out, err = capsys.readouterr()
    assert (out, err.count("2 pictures in the index, 1 files skipped.")) == (f"{mine}\n", 1)
    assert Index.open(mine).features.dtype == np.float32


@pytest.mark.parametrize("address", ["cluster", ":6379", "host:port", "host:70000", ""])
def test_what_is_no_address_is_not_understood(photos, address, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["index", str(photos), "--ray", address])
    assert "must be HOST:PORT, or auto" in capsys.readouterr().err


def test_nothing_is_written_into_the_folder(photos, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["index", str(photos), "--index", str(photos / "x.safetensors")])
    assert "--index must lie outside FOLDER" in capsys.readouterr().err


def test_faults_speak_of_this_command(tmp_path, capsys):
    assert main(["index", str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().err.startswith("index: expected a folder of pictures at ")
    assert main(["index", str(tmp_path), "--index", str(tmp_path.parent / "x")]) == 1
    assert capsys.readouterr().err.startswith("index: there must be a picture in ")


def test_without_ray_it_says_how_to_get_it(photos, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    assert main(["index", str(photos), "--model", "tiny", "--ray", "127.0.0.1:6379"]) == 1
    assert 'pip install -e ".[cluster]" adds it' in capsys.readouterr().err


def test_help_states_the_exit_statuses(capsys):
    assert "--ray" in help_of(index, capsys, "Exit status: 0 the index is there; 1 a fault")
