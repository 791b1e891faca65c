"""The tests of what has changed: found by where files stand, and by what git says."""

import subprocess

import pytest
from changed import changed_files, find_exercises, find_tests


@pytest.fixture
def course(tmp_path):
    """Return a folder with a few modules' tests, each an empty file but for one import."""
    for name in (
        "mmcourse/similarity.py",
        "mmcourse/losses/clip.py",
        "mmcourse/losses/scale.py",
        "mmcourse/world/looks/kinds/cat.py",
        "scripts/lessons.py",
        "tests/mmcourse/test_similarity.py",
        "tests/mmcourse/test_similarity_inputs.py",
        "tests/mmcourse/losses/test_clip.py",
        "tests/mmcourse/losses/test_peers.py",
        "tests/mmcourse/world/looks/test_render.py",
        "tests/classroom/checks/test_ex02.py",
        "tests/exercises/test_exercises.py",
        "tests/scripts/test_runners.py",
        "tests/test_packaging.py",
        "tests/test_repository.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("from twins import A\n" if name.endswith("peers.py") else "")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mmcourse/similarity.py", "test_similarity.py test_similarity_inputs.py"),
        ("mmcourse/losses/clip.py", "losses/test_clip.py"),
        ("mmcourse/losses/scale.py", "losses/test_clip.py losses/test_peers.py"),
        ("mmcourse/world/looks/kinds/cat.py", "world/looks/test_render.py"),
    ],
)
def test_a_modules_tests_stand_where_its_name_says(course, name, expected):
    tests = [f"tests/mmcourse/{test}" for test in expected.split()]
    assert find_tests([name], course) == [name, *tests], "its own doctests among them"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("scripts/lessons.py", ["tests/scripts/test_runners.py"]),
        ("tests/helpers/twins.py", ["tests/mmcourse/losses/test_peers.py"]),
        ("tests/test_packaging.py", ["tests/test_packaging.py"]),
        ("tests/conftest.py", ["tests"]),
        (
            "solutions/02_a/02_a.ipynb",
            ["tests/classroom/checks/test_ex02.py", "tests/exercises"],
        ),
        ("README.md", ["tests/test_packaging.py", "tests/test_repository.py"]),
        ("tests/mmcourse/test_gone.py", []),
    ],
)
def test_other_files_have_their_tests_too(course, name, expected):
    assert find_tests([name], course) == expected


def git(folder, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_a_changed_check_names_its_exercise():
    files = [
        "classroom/checks/ex02_a/b.py",
        "classroom/checks/ex02_a/c.py",
        "tests/helpers/answers/ex09.txt",
        "classroom/checks/judge.py",
        "exercises/05_a/05_a.ipynb",
    ]
    assert find_exercises(files) == ["02", "09"]


def test_what_differs_from_the_last_commit_is_found_new_files_included(course):
    with pytest.raises(ValueError, match="expected a git checkout; got"):
        changed_files(course)
    git(course, "init")
    git(course, "add", ".")
    git(course, "commit", "-m", "all")
    assert changed_files(course) == []
    (course / "mmcourse" / "similarity.py").write_text("x = 1\n")
    (course / "mmcourse" / "losses" / "clip.py").unlink()
    (course / "new.py").touch()
    assert changed_files(course) == ["mmcourse/similarity.py", "new.py"]
