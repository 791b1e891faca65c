"""The words of a search: understood or refused at once, before torch starts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_help import help_of

from mmcourse import search
from mmcourse.__main__ import main
from mmcourse.choice import VARIABLE
from mmcourse.search.options import Options, parse


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "my photos"
    folder.mkdir()
    return folder


def refused(words, capsys):
    """Return what is said about words that are not understood."""
    with pytest.raises(SystemExit) as ended:
        main(["search", *map(str, words)])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def faulty(words, capsys):
    """Return what is said about a fault."""
    assert main(["search", *map(str, words)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_text_and_options_may_stand_in_any_order(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    expected = Options(folder=Path("photos"), text="a red cat", top=3, as_json=True)
    for words in (
        ["photos", "a red cat", "--top", "3", "--json"],
        ["--json", "photos", "--top=3", "a red cat"],
        ["--top", "3", "photos", "--json", "--", "a red cat"],
    ):
        assert parse(words) == expected


def test_model_is_the_one_named_else_the_chosen_one(monkeypatch):
    monkeypatch.setenv(VARIABLE, "ViT-B/32")
    assert parse(["photos", "cat"]).model == "ViT-B/32"
    assert parse(["photos", "cat", "--model", "tiny-vit"]).model == "tiny-vit"


def test_plus_and_minus_can_be_repeated():
    options = parse(
        ["photos", "--like", "a.png", "--plus", "red", "--minus", "blue", "--plus", "big"]
    )
    assert options.texts == ("red", "big", "blue")
    assert options.query == {"like": "a.png", "plus": ["red", "big"], "minus": ["blue"]}


def test_query_of_a_picture_names_its_file():
    assert parse(["photos", "--image", "a.png"]).query == {"image": "a.png"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], r"required: FOLDER\n"),
        (
            ["photos"],
            r"must be one of: a text in quotes, --image FILE, --sound FILE, --like FILE",
        ),
        (["photos", "cat", "--image", "a.png"], r"must be one of"),
        (["photos", "--like", "b.png", "--image", "a.png"], r"must be one of"),
        (["photos", "cat", "--sound", "a.wav"], r"must be one of"),
        (["photos", "--sound", "a.wav", "--model", "ViT-B/32"], r"--sound needs --model tiny"),
        (["photos", "--sound", "a.wav", "--plus", "red"], r"name that with --like FILE"),
        (["photos", "a", "red", "cat"], r'put it in quotes: "a red cat"'),
        (["photos", "--image", "a.png", "--minus", "red"], r"name that with --like FILE"),
        (["photos", "cat", "--batch", "0"], r"--batch: must be .* at least 1; got '0'"),
        (["photos", "cat", "--max-pixels", "x"], r"--max-pixels: must be a whole number"),
        (["photos", "cat", "--dtype", "int8"], r"--dtype: invalid choice: 'int8'"),
        (["photos", ""], r"must have words in it"),
        (["photos", "--like", "a.png", "--plus", " "], r"must have words in it"),
        (["photos", "caf\udce9"], r"must be UTF-8; got 'caf\\udce9'"),
        (["photos", "cat", "--top", "0"], r"--top: must be .* at least 1; got '0'"),
        (["photos", "cat", "--top", "-3"], r"--top: must be .* at least 1; got '-3'"),
        (["photos", "cat", "--top", "abc"], r"--top: must be .* at least 1; got 'abc'"),
        (["photos", "cat", "--contact-sheet", "a.jpg"], r"must end in \.png; got a\.jpg"),
        (["photos", "cat", "--model"], r"--model: expected one argument"),
        (["", "cat"], r"FOLDER: must be a folder, such as \. for this one; got ''"),
        (["photos", "cat", "--jso"], r"unrecognized arguments: --jso"),
    ],
)
def test_what_is_not_understood_is_named(words, message, capsys):
    assert re.search(message, refused(words, capsys))


@pytest.mark.parametrize(
    ("option", "name"), [("--index", "my.index"), ("--contact-sheet", "sheet.png")]
)
def test_nothing_may_be_written_into_the_folder(option, name, photos, capsys, monkeypatch):
    (photos / "deep").mkdir()
    (photos.parent / "link").symlink_to(photos / "deep", target_is_directory=True)
    monkeypatch.chdir(photos)
    for path in (photos / name, photos.parent / "link" / name, Path("deep/..", name)):
        message = refused([photos, "cat", option, path], capsys)
        assert f"{option} must lie outside FOLDER, where nothing is written" in message


def test_a_folder_that_is_none_is_a_fault(photos, capsys):
    (photos / "file").touch()
    (photos / "loop").symlink_to(photos / "loop")
    assert "found nothing there" in faulty([photos / "nowhere", "cat"], capsys)
    assert "found a file there" in faulty([photos / "file", "cat"], capsys)
    assert "found nothing there" in faulty([photos / "loop", "cat"], capsys)
    assert "too long" in faulty([photos / ("x" * 300), "cat"], capsys)


@pytest.mark.parametrize("option", ["--image", "--like"])
def test_a_picture_that_is_none_is_a_fault(option, photos, capsys):
    os.mkfifo(photos / "pipe")
    message = faulty([photos, option, photos / "no.png"], capsys)
    assert "expected the query's picture at" in message
    assert "found nothing there" in message
    assert "found something else there" in faulty([photos, option, photos], capsys)
    assert "found something else there" in faulty([photos, option, photos / "pipe"], capsys)


def test_a_contact_sheet_without_a_place_is_a_fault_before_work_starts(photos, capsys):
    (photos.parent / "folder.png").mkdir()
    for path in (photos.parent / "no/where.png", photos.parent / "folder.png"):
        message = faulty([photos, "cat", "--contact-sheet", path], capsys)
        assert "the contact sheet must be a file that can be written" in message


def test_an_index_that_is_a_folder_is_a_fault(photos, capsys):
    message = faulty([photos, "cat", "--index", photos.parent], capsys)
    assert "the index must be a file; got the folder" in message


def test_help_states_every_exit_status(capsys):
    help_of(search, capsys, "Exit status: 0 there are results; 1 a fault")


def test_the_commands_are_listed(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "search --help says how" in capsys.readouterr().out


def test_a_wrong_word_is_answered_without_torch_or_pillow(tmp_path):
    code = (
        "import sys\n"
        "from mmcourse.__main__ import main\n"
        "for words in (['search', '--help'], ['search', '.'], ['search', 'nowhere', 'cat']):\n"
        "    try:\n        main(words)\n"
        "    except SystemExit:\n        pass\n"
        "print({'torch', 'numpy', 'PIL', 'matplotlib'} & set(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert ran.stderr.splitlines()[-1] == "set()"
