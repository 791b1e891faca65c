"""`python -m mmcourse indexes`: what searches keep is listed, and cleared."""

import json

import pytest
from command_help import help_of
from PIL import Image

from mmcourse import indexes
from mmcourse.__main__ import main
from mmcourse.retrieval import default_path
from mmcourse.retrieval.album.build import alone


@pytest.fixture
def folders(tmp_path, monkeypatch, capsys):
    """Return two folders that were searched, of one picture and of two."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = [tmp_path / "one", tmp_path / "two"]
    for number, folder in enumerate(found, start=1):
        folder.mkdir()
        for each in range(number):
            Image.new("RGB", (9, 7), (each, 0, 0)).save(folder / f"{each}.png")
        assert main(["search", str(folder), "a cat", "--model", "tiny"]) == 0
    capsys.readouterr()
    return found


def listed(capsys, *words):
    assert main(["indexes", "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_each_index_has_a_line(folders, capsys):
    one, two = listed(capsys)
    assert (one["folder"], one["model"], one["pictures"]) == (str(folders[0]), "tiny", 1)
    assert (two["folder"], two["pictures"]) == (str(folders[1]), 2)
    assert one["path"] == str(default_path(folders[0], "tiny"))
    assert main(["indexes"]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == ["1", "2"]
    assert err.startswith("2 in all; ")


def test_those_of_one_folder_are_cleared_or_all(folders, tmp_path, capsys):
    assert main(["indexes", "--clear", str(folders[1])]) == 0
    assert capsys.readouterr().err == "1 removed.\n"
    assert [each["folder"] for each in listed(capsys)] == [str(folders[0])]
    assert main(["indexes", "--clear"]) == 0
    assert listed(capsys) == []
    assert [*(tmp_path / "cache" / "mmcourse" / "indexes").iterdir()] == []
    assert len([*folders[1].iterdir()]) == 2


def test_an_index_at_work_is_left(folders, capsys):
    with alone(default_path(folders[0], "tiny")):
        assert main(["indexes", "--clear"]) == 1
    assert capsys.readouterr().err.startswith("1 removed, 1 left, as")
    assert len(listed(capsys)) == 1


def test_what_is_damaged_or_unfinished_is_listed_and_nothing_else_touched(folders, capsys):
    place = default_path(folders[0], "tiny")
    place.write_bytes(b"torn")
    (place.parent / "b.safetensors.mmcourse-journal").touch()
    (place.parent / "notes.txt").touch()
    assert [each["folder"] for each in listed(capsys)] == [None, None, str(folders[1])]
    assert main(["indexes", "--clear"]) == 0
    assert [path.name for path in place.parent.iterdir()] == ["notes.txt"]


def test_no_cache_is_an_empty_list(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nowhere"))
    assert listed(capsys) == []


def test_help_states_the_exit_statuses(capsys):
    assert "--clear" in help_of(indexes, capsys, "Exit status: 0 done; 1 a fault")
