"""Twice the files are twice the work, whatever they are called: counted, not timed."""

import sys

import pytest
from collecting import ONE, write
from zipped import packed

from classroom.grading.intake import collect
from classroom.grading.intake.names import exercise_of, owner


def calls(function, *arguments):
    """Return how many calls of Python's or C's a function makes, itself included."""
    counted = [0]

    def count(frame, event, argument):
        counted[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return counted[0]


@pytest.mark.parametrize("exercises", [[ONE], [f"{n:02}_exercise" for n in range(10)]])
@pytest.mark.parametrize("name", ["n{}/01_first.ipynb", "picture {}.png", "note {}.ipynb"])
@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_twice_the_files_are_twice_the_work(tmp_path, kind, name, exercises):
    """Counted in calls, of which a quadratic sorting makes four times as many."""
    counts = []
    for size in (150, 300):
        files = {name.format(n): b"" for n in range(size)}
        root = tmp_path / f"{size}"
        if kind == "zip":
            write(root / "ada" / "work.zip", packed(files))
        else:
            for file in files:
                write(root / "ada" / file, b"")
        counts.append(calls(collect, root, exercises))
    assert counts[1] < 2.5 * counts[0]


def test_twice_the_students_are_twice_the_work(tmp_path):
    """Of names that print alike, too, each of which wants a number of its own."""
    counts = []
    for size in (150, 300):
        names = [f"s{n}/{ONE}.ipynb" for n in range(size)]
        names += ["ada" + "\u202e" * n + f"/{ONE}.ipynb" for n in range(size)]
        path = write(tmp_path / f"{size}.zip", packed(dict.fromkeys(names, b"")))
        counts.append(calls(collect, path, [ONE]))
    assert counts[1] < 2.5 * counts[0]


def test_a_name_is_recognised_whatever_its_length():
    """Of thousands of dashes, trying each as the beginning of a number of copy took minutes."""
    assert exercise_of(f"{ONE}{'-1' * 20}.ipynb", [ONE]) == ONE
    assert exercise_of(f"{ONE} -- (2)_copy.ipynb", [ONE]) == ONE
    assert exercise_of(f"{ONE}{'-' * 240}.ipynb", [ONE]) is None
    assert exercise_of(f"{ONE}{'-' * 60_000}.ipynb", [ONE]) is None
    assert owner(["A\nB_1_assignsubmission_file_x\ny.ipynb"]).number == "1"
