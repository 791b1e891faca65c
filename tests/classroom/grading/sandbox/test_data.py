"""The files that an exercise lets its answers read: found as in a notebook, and not changed."""

import dataclasses
import os

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import NUMPY
from sandboxed import SMALL, needs, older_landlock, run

from classroom.grading import BrokenError, Settings, data, grade
from classroom.grading.sandbox import Room
from classroom.grading.sources import digest

BACKENDS = [
    pytest.param(name, marks=needs(name)) for name in ("namespaces", "landlock", "none")
]
TINY = ("mmcourse/weights/tiny.safetensors", "mmcourse/weights/manifest.toml")
PHOTOS = "exercises/93_photos/photos"
LISTED = (PHOTOS, "exercises/93_photos/list.csv")
FILES = {
    f"{PHOTOS}/a.txt": "A",
    f"{PHOTOS}/deep/b.txt": "B",
    "exercises/93_photos/list.csv": "C",
    "exercises/93_photos/93_photos.ipynb": "{}",
    "mmcourse/checks.py": "",
    "mmcourse/weights/one.bin": "1",
    "solutions/93_photos/right.txt": "42",
}
LOOK = """
import os
print(sorted(os.path.join(at, one) for at, _, names in os.walk(".") for one in names))
print(open("photos/deep/b.txt").read(), open("list.csv").read())
"""
LOAD = """
from mmcourse import clip
import torch
model, prepare = clip.load("tiny")
print(model.text_projection.shape[1], clip.tokenize(["a cat"]).shape[1])
"""
SPOIL = """
import os
for path in ("photos/a.txt", "photos/deep/b.txt", "list.csv"):
    for spoil in (lambda p: open(p, "w").write("x"), os.remove, lambda p: os.rename(p, "y")):
        try:
            spoil(path)
        except OSError:
            pass
print(os.path.exists("photos/a.txt"))
"""


HARM = """
import mmcourse, os
folder = os.path.join(os.path.dirname(mmcourse.__file__), "weights")
weights = os.path.join(folder, "one.bin")
for path in (weights, folder, *{paths}):
    for harm in (
        lambda: os.truncate(path, 0),
        lambda: os.open(path, os.O_RDONLY | os.O_TRUNC),
        lambda: os.open(path, os.O_WRONLY | os.O_TRUNC),
        lambda: os.setxattr(path, "user.seen", b"1"),
        lambda: os.utime(path, (0, 0)),
        lambda: os.chmod(path, 0),
        lambda: os.remove(path),
        lambda: os.rename(path, "taken"),
        lambda: os.link(path, "linked"),
    ):
        try:
            harm()
        except OSError:
            pass
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course's folder that holds a few files of an exercise, and what it must keep back."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "exercises/93_photos/linked").symlink_to("/etc/passwd")
    monkeypatch.setattr(data, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("backend", BACKENDS)
def test_files_of_an_exercise_lie_in_the_working_folder(course, backend):
    with Room(("numpy",), SMALL, backend, data=LISTED) as opened:
        said = run(opened.seat(), LOOK)
    assert said == "['./list.csv', './photos/a.txt', './photos/deep/b.txt']\nB C"


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_next_submission_finds_the_files_as_they_were(course, backend):
    with Room(("numpy",), SMALL, backend, data=LISTED) as opened:
        for _ in range(2):
            seat = opened.seat()
            said = run(seat, LOOK)
            run(seat, SPOIL)
            seat.close()
    assert said.endswith("B C")


@needs("namespaces")
def test_no_submission_writes_to_the_files(course):
    with Room(("numpy",), SMALL, "namespaces", data=LISTED) as opened:
        seat = opened.seat()
        assert run(seat, SPOIL) == "True"
        assert run(seat, LOOK).endswith("B C")


@needs("landlock")
@pytest.mark.parametrize("old", [False, True], ids=["this kernel", "Linux 5.13"])
def test_landlock_lets_no_file_be_spoilt(course, tmp_path, monkeypatch, old):
    if old:
        older_landlock(tmp_path / "old", monkeypatch)
    theirs = tmp_path / "report.csv"
    theirs.write_text("10 points")
    theirs.chmod(0o640)
    os.utime(theirs, (7, 7))
    names = ("mmcourse/weights/one.bin",)
    with Room(("numpy", "mmcourse.boundary"), SMALL, "landlock", data=names) as opened:
        for _ in range(2):
            seat = opened.seat()
            run(seat, HARM.format(paths=[str(theirs)]))
            assert run(seat, "print(open(weights).read())") == "1"
            seat.close()
    assert theirs.read_text() == "10 points"
    assert theirs.stat().st_mode & 0o777 == 0o640
    assert theirs.stat().st_mtime == 7
    assert os.listxattr(theirs) == []


@needs("landlock")
def test_files_can_be_copied_under_landlock(course):
    source = "import shutil\nprint(open(shutil.copy2('photos/a.txt', 'b.txt')).read())"
    with Room(("numpy",), SMALL, "landlock", data=LISTED) as opened:
        assert run(opened.seat(), source) == "A"


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_shipped_model_loads_where_an_exercise_lists_it(backend):
    limits = dataclasses.replace(SMALL, memory=2 << 30)
    with Room(("torch", "mmcourse.clip"), limits, backend, data=TINY) as opened:
        assert run(opened.seat(), LOAD, seconds=60) == "128 77"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "mmcourse/weights/none.bin",
        "mmcourse",
        "mmcourse/checks.py",
        "mmcourse/../mmcourse/weights",
        "solutions/93_photos/right.txt",
        "exercises",
        "exercises/93_photos",
        "exercises/93_photos/93_photos.ipynb",
        "exercises/93_photos/linked",
        "/etc/passwd",
    ],
)
def test_nothing_else_can_be_listed(course, name):
    with pytest.raises(BrokenError, match="sandbox: expected data of an exercise") as refused:
        Room((), SMALL, "none", data=(name,))
    assert f"got {name!r}. Correct the exercise's `data`" in str(refused.value)


def test_too_much_data_is_refused(course, monkeypatch):
    monkeypatch.setattr(data, "MOST", 3 << 20)
    (course / "mmcourse/weights/large.bin").write_bytes(bytes((3 << 20) + 1))
    with pytest.raises(BrokenError, match=r"at most 3 MB of data .* got 3\.0 MB of mmc"):
        Room((), SMALL, "none", data=("mmcourse/weights",))


@pytest.mark.parametrize("change", ["changed", "renamed", "added"])
def test_marks_of_other_data_are_not_believed(course, change):
    exercise = dataclasses.replace(NUMPY, data=LISTED)
    before = digest([exercise])
    assert digest([exercise]) == before
    file = course / PHOTOS / "a.txt"
    if change == "renamed":
        file.rename(file.with_name("c.txt"))
    else:
        (file if change == "changed" else file.with_name("c.txt")).write_text("C")
    assert digest([exercise]) != before


@needs("namespaces")
def test_a_run_gives_each_exercise_its_own_data(course, tmp_path_factory):
    work = tmp_path_factory.mktemp("run")
    cell = "import os\nprint(sorted(os.listdir()))"
    exercises = [
        dataclasses.replace(NUMPY, name="92_plain"),
        dataclasses.replace(NUMPY, name="93_photos", data=LISTED),
    ]
    for one in exercises:
        hand_in(work / "in", "ada", one.name, notebook(cell))
    settings = Settings(seed=5, backend="namespaces", limits=SMALL)
    results = grade(exercises, work / "in", work / "out", settings)
    assert [one.cells[0].text for one in results] == ["[]\n", "['list.csv', 'photos']\n"]
