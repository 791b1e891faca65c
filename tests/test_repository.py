"""The repository itself: generated files are fresh, lessons keep to their shape."""

import json
import re
import shutil
import subprocess
import sys

import draw_course_map
import lessons
import make_readme
import nbformat
import pytest
import run_checks
import run_lessons
from front_matter import FRONT, write_lesson
from lesson_cells import code_lines
from PIL import Image
from places import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 30
MEGABYTE = 1_000_000
LARGEST_NOTEBOOK, ALL_NOTEBOOKS = 520_000, 9 * MEGABYTE
LARGER_NOTEBOOKS = {
    "notebooks/13_text_to_image.ipynb": MEGABYTE,
    "notebooks/16_pictures_as_words.ipynb": 620_000,
}
"""Notebooks that may be larger, with how large: painted pictures hardly compress."""
LARGEST_WEIGHTS, ALL_WEIGHTS = 5 * MEGABYTE, 66 * MEGABYTE
"""The three systems of lessons 16 to 18 take 18 megabytes, the 27 files before them 47."""
LARGER_WEIGHTS: dict[str, int] = {
    "mmcourse/weights/flow.safetensors": 7 * MEGABYTE,
    "mmcourse/weights/picture-words.safetensors": 8 * MEGABYTE,
}
"""Files of weights that may be larger, with how large, 8 megabytes at most."""
ALL_SECONDS, NEW_LESSON = 900, 45
"""Seconds on two cores: of all lessons together, and of each from lesson 10 on."""

OVER = {"13": 55, "16": 60}
"""Those that take longer than they should: 52 and 56 s were measured; it only falls."""


@pytest.mark.parametrize("page", make_readme.PAGES)
def test_a_page_is_as_its_script_writes_it(page):
    assert (ROOT / page).read_text(encoding="utf-8") == make_readme.write(page=page), (
        "out of date: make readme"
    )


def test_the_course_map_shows_the_lessons_that_are_there():
    with Image.open(ROOT / "docs" / "course_map.png") as picture:
        said = picture.info["Description"]
    assert said == draw_course_map.description(), "out of date: make readme"


def test_the_data_sheet_of_the_world_says_what_is_measured_today():
    script = ROOT / "scripts" / "make_world_card.py"  # in a process without the type checks
    said = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_readme_shows_both_commands_before_the_table():
    first, _, _ = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- lessons -->")
    assert "make lab" in first
    assert "make test" in first
    seen = [line for line in first.splitlines() if not line.startswith("<!--")]
    assert len(seen) < 26


@pytest.fixture(scope="module")
def tracked():
    """Return the size in bytes of every file that git knows."""
    if shutil.which("git") is None:
        pytest.skip("there is no git here")
    listed = subprocess.run(
        ["git", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return {
        path.relative_to(ROOT).as_posix(): path.stat().st_size
        for path in paths
        if path.exists()
    }


def test_notebooks_stay_small_each_and_together(tracked):
    sizes = {name: size for name, size in tracked.items() if name.endswith(".ipynb")}
    most = {name: LARGER_NOTEBOOKS.get(name, LARGEST_NOTEBOOK) for name in sizes}
    assert {name for name, size in sizes.items() if size > most[name]} == set()
    assert sum(sizes.values()) <= ALL_NOTEBOOKS


def test_weights_stay_small_each_and_together(tracked):
    sizes = {name: size for name, size in tracked.items() if "/weights/" in name}
    assert len(sizes) > 2
    most = {name: LARGER_WEIGHTS.get(name, LARGEST_WEIGHTS) for name in sizes}
    assert {name for name, size in sizes.items() if size > most[name]} == set()
    assert sum(sizes.values()) <= ALL_WEIGHTS
    assert max(LARGER_WEIGHTS.values(), default=0) <= 8 * MEGABYTE


def test_no_other_file_is_as_large_as_weights(tracked):
    larger = {name for name, size in tracked.items() if size > MEGABYTE}
    assert {name for name in larger if "/weights/" not in name} == set()


def test_lessons_may_take_a_quarter_of_an_hour_together():
    found = lessons.lessons()
    assert sum(lesson.seconds for lesson in found) <= ALL_SECONDS
    assert {
        one.number: one.seconds
        for one in found
        if one.number >= "10" and one.seconds > NEW_LESSON
    } == OVER
    assert run_checks.SOLUTION <= 10


def test_every_entry_of_the_tree_is_named_in_the_readme(tracked):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tops = {name.partition("/")[0] for name in tracked}
    assert {top for top in tops - {".gitignore", "README.md"} if top not in readme} == set()


def test_relative_links_in_the_documents_lead_somewhere():
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        links = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
        local = [link for link in links if not link.startswith(("http", "mailto:"))]
        assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
class TestLesson:
    """What holds for every lesson."""

    def test_has_front_matter(self, path):
        assert lessons.read(path).path == path

    def test_is_a_valid_notebook_that_was_run_from_top_to_bottom(self, path):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        counts = [cell.execution_count for cell in code_cells(notebook)]
        assert counts == list(range(1, len(counts) + 1))

    def test_shows_no_error_and_no_complaint(self, path):
        outputs = [one for cell in code_cells(nbformat.read(path, 4)) for one in cell.outputs]
        assert [one for one in outputs if one.output_type == "error"] == []
        assert [one for one in outputs if one.get("name") == "stderr"] == []

    def test_is_tidy(self, path):
        notebook = nbformat.read(path, as_version=4)
        before = json.dumps(notebook)
        run_lessons.tidy(notebook)
        assert json.dumps(notebook) == before, "make lessons has not been run"

    def test_keeps_its_cells_short(self, path):
        cells = code_cells(nbformat.read(path, as_version=4))
        assert max(code_lines(cell.source) for cell in cells) <= LONGEST_CELL

    def test_installs_and_downloads_nothing(self, path):
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        assert not re.search(r"^\s*[!%]\s*(pip|conda|wget|curl)", text, re.MULTILINE)
        assert not re.search(r"!\[[^\]]*\]\(http|<img[^>]+src=.http", text)

    def test_describes_every_picture(self, path):
        notebook = nbformat.read(path, as_version=4)
        markdown = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        assert not re.search(r"!\[\s*\]\(", "\n".join(markdown))
        outputs = [one for cell in code_cells(notebook) for one in cell.outputs]
        pictures = [one for one in outputs if "image/png" in one.get("data", {})]
        assert [
            one for one in pictures if not one.metadata.get("image/png", {}).get("alt")
        ] == []


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def test_the_table_has_a_row_for_each_lesson(tmp_path):
    write_lesson(tmp_path, "01_angles.ipynb", FRONT)
    later = {**FRONT, "title": "Losses", "minutes": 50, "prerequisites": ["01"]}
    write_lesson(tmp_path, "03_losses.ipynb", later)
    assert make_readme.table(tmp_path).splitlines()[2:] == [
        "| 01 | [Angles](notebooks/01_angles.ipynb) | How close two arrows are | 45 | – |",
        "| 03 | [Losses](notebooks/03_losses.ipynb) | How close two arrows are | 50 | 01 |",
    ]


def test_timings_add_up_the_questions_of_an_exercise(tmp_path):
    write_lesson(tmp_path, "01_angles.ipynb", FRONT)
    write_lesson(tmp_path, "03_losses.ipynb", FRONT)
    text = "## 03.1\n\nDifficulty ●○○○○ · Importance ●○○○○ · about {} minutes"
    cells = [
        part
        for minutes, points in ((8, 3), (12, 0.5))
        for part in (
            {"source": [text.format(minutes)], "metadata": {}},
            {"source": [], "metadata": {"nbgrader": {"grade": False}}},
            {"source": [], "metadata": {"nbgrader": {"grade": True, "points": points}}},
        )
    ]
    exercise = tmp_path / "exercises" / "03_losses" / "03_losses.ipynb"
    exercise.parent.mkdir(parents=True)
    exercise.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert make_readme.timings(tmp_path).splitlines()[2:] == [
        f"| 01 | 45 min | {FRONT['seconds']} s | – | – | – |",
        f"| 03 | 45 min | {FRONT['seconds']} s | 2 questions | 20 min | 3.5 |",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"minutes": "45"}, "01_a.ipynb: minutes must be of type int; got '45'."),
        ({"title": ""}, "01_a.ipynb: title must be of type str; got ''."),
        ({"challenge": "fun"}, "challenge must be one of representation, .*; got 'fun'."),
        ({"summary": "a | b"}, "title and summary must be one line each, without |; got"),
        (
            {"extra": 1},
            r"metadata.mmcourse must be the keys title, .*; got \['challenge', 'extra'",
        ),
        ({"prerequisites": ["01"]}, "prerequisites must be numbers of earlier lessons; got"),
        ({"prerequisites": ["00"]}, "prerequisites must be numbers of earlier lessons; got"),
    ],
)
def test_a_wrong_front_matter_is_named(tmp_path, change, message):
    write_lesson(tmp_path, "01_a.ipynb", {**FRONT, **change})
    with pytest.raises(ValueError, match=message):
        lessons.lessons(tmp_path)


def test_a_name_without_a_number_and_a_number_used_twice_are_refused(tmp_path):
    with pytest.raises(
        ValueError, match=r"expected a name such as 02_cosine\.ipynb; got a\.ipy"
    ):
        lessons.read(write_lesson(tmp_path, "a.ipynb", FRONT))
    (tmp_path / "notebooks" / "a.ipynb").unlink()
    for name in ("01_a.ipynb", "01_b.ipynb"):
        write_lesson(tmp_path, name, FRONT)
    with pytest.raises(ValueError, match=r"each needs a number of its own; got 01, 01\."):
        lessons.lessons(tmp_path)


def test_the_map_names_every_lesson_once():
    numbers = [number for stage in draw_course_map.STAGES.values() for number in stage]
    there = [lesson.number for lesson in lessons.lessons()]
    assert numbers == list(draw_course_map.TITLES) == there[1:]
    assert all(number in draw_course_map.description() for number in numbers)


@pytest.mark.parametrize("package", ["classroom", "mmcourse"])
def test_the_tests_are_laid_out_as_the_package_is(package):
    def folders(root):
        found = (path.parent.relative_to(root) for path in (root / package).rglob("*.py"))
        return {path.as_posix() for path in found}

    own = folders(ROOT / "tests")
    assert own - folders(ROOT) == set(), "these test no folder that there is"
    untested = {path for path in folders(ROOT) - own if "/checks/ex" not in path}
    looks = {f"mmcourse/world/looks/{name}" for name in ("kinds", "backdrops")}
    assert untested - looks == set(), "these have no folder of tests"
