"""Words of a command line: read, or refused with what would do."""

import os
from argparse import ArgumentTypeError

import pytest

from mmcourse import command_line


def refusal(read, word):
    with pytest.raises(ArgumentTypeError) as raised:
        read(word)
    return str(raised.value)


@pytest.mark.parametrize("word", ["0", "10", "-3", "3.0", "1e3", "", "abc", "٣", "9" * 5000])
def test_whole_numbers_outside_a_range_are_refused(word):
    said = refusal(command_line.whole_number(1, 9), word)
    assert said == f"must be a whole number from 1 to 9; got {word!r}"


def test_whole_numbers_may_have_no_upper_end():
    assert command_line.whole_number(1)("12345") == 12345
    assert "of at least 1" in refusal(command_line.whole_number(1), "0")


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "-0.1", "1.1", "", "one", "0,5"])
def test_numbers_outside_a_range_are_refused(word):
    said = refusal(command_line.real_number(0, 1), word)
    assert said == f"must be a number from 0 to 1; got {word!r}"


def test_ends_of_a_range_belong_to_it():
    assert [command_line.real_number(0, 1)(word) for word in ("0", "1", "5e-1")] == [0, 1, 0.5]
    assert [command_line.whole_number(1, 9)(word) for word in ("1", "9")] == [1, 9]


@pytest.mark.parametrize(
    ("word", "why"), [("", "empty"), (" \t", "empty"), ("\udce9", "UTF-8")]
)
def test_what_is_no_text_is_refused(word, why):
    assert why in command_line.not_a_text(word)


def test_texts_of_any_alphabet_are_texts():
    assert [command_line.not_a_text(word) for word in ("a", "кошка", "🐱")] == [None] * 3


def test_a_file_has_a_name_and_a_picture_ends_in_png():
    assert command_line.picture_to_write("a/B.PNG").name == "B.PNG"
    assert "must be a file" in refusal(command_line.file, "")
    for word in ("a.jpg", "png", "."):
        assert "must end in .png" in refusal(command_line.picture_to_write, word)


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    command_line.require_writable("draw", "the picture", tmp_path / "new.png")
    for name in ("folder.png", "pipe.png", "no/where.png", "x" * 300 + ".png"):
        path = tmp_path / name
        with pytest.raises(ValueError, match="draw: the picture must be a file that can be"):
            command_line.require_writable("draw", "the picture", path)
