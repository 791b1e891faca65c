"""Write the parts of README.md and INSTRUCTORS.md that follow from the tree.

README.md has the picture at its top, links to other places, the lessons, the map and the
modules; INSTRUCTORS.md how long each lesson and its exercise take, plans of a term, and what
each lesson is for.

Each part stands between `<!-- NAME -->` and `<!-- /NAME -->`; the rest is written by hand.

usage: make readme
"""

import ast
import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import draw_course_map
from lessons import ROOT, lessons
from PIL import Image


def write(root: Path = ROOT, page: str = "README.md") -> str:
    """Return a page as it should be.

    Raises:
        ValueError: a marker is missing, or a lesson's front matter is wrong.
    """
    text = (root / page).read_text(encoding="utf-8")
    for name, content in PAGES[page].items():
        text = _between(text, page, name, content(root))
    return text


def hero(root: Path) -> str:
    """Return the picture at the top, with the description that it carries."""
    with Image.open(root / "docs" / "hero.png") as picture:
        return f"![{picture.info['Description']}](docs/hero.png)"


def badges(root: Path) -> str:
    """Return links to other places where the course runs; none while its address is unknown.

    The address is `Repository` of `[project.urls]` in pyproject.toml, on GitHub; the pages'
    is `Documentation`.
    """
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    urls = tomllib.loads(text)["project"].get("urls", {})
    links = [f"[pages]({urls['Documentation']})"] if "Documentation" in urls else []
    if found := re.fullmatch(
        r"https://github\.com/([\w.-]+/[\w.-]+?)/?", urls.get("Repository", "")
    ):
        links += [f"[{name}]({link.format(found[1])})" for name, link in ELSEWHERE.items()]
    return f"Or here, without installing: {' · '.join(links)}." if links else ""


def course_map(_: Path) -> str:
    """Return the picture of the course with its description."""
    return f"![{draw_course_map.description()}](docs/course_map.png)"


def table(root: Path) -> str:
    """Return the table of lessons."""
    rows = ["| | Lesson | What you find out | Minutes | Needs |", "|---|---|---|---|---|"]
    for lesson in lessons(root):
        link = f"[{lesson.title}](notebooks/{lesson.path.name})"
        after = ", ".join(lesson.prerequisites) or "–"
        cells = (lesson.number, link, lesson.summary.rstrip("."), lesson.minutes, after)
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(rows)


def modules(root: Path) -> str:
    """Return what the packages hold, in the order of the lessons, down to the last file."""
    lines = ["mmcourse/"]
    for name, lesson in reading_order(root).items():
        lines += _entry(_found(root / "mmcourse" / name), depth=1, lesson=lesson)
    lines.append("classroom/")
    for name in CLASSROOM:
        lines += _entry(_found(root / "classroom" / name), depth=1)
    return "\n".join(["```", *lines, "```"])


def reading_order(root: Path = ROOT) -> dict[str, str]:
    """Return the entries that the map in `mmcourse/__init__.py` names, each with its lesson.

    Raises:
        ValueError: the map names what is not there, or leaves out what is.
    """
    path = root / "mmcourse" / "__init__.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    found, lesson = {}, ""
    for number, name in re.findall(r"^    (\d\d|--|  )  (\w+) +\S", text, re.MULTILINE):
        lesson = number.strip() or lesson
        found[name] = lesson
    there = {one.stem for one in path.parent.glob("*.py")}
    there |= {one.parent.name for one in path.parent.glob("*/__init__.py")}
    if wrong := (there - BESIDE_THE_MAP) ^ set(found):
        raise ValueError(f"{path}: the map and the folder must name the same; see {wrong}.")
    return found


def timings(root: Path) -> str:
    """Return the table of minutes to read and to solve, seconds to run, and points."""
    rows = [
        "| | Read | Run at most | Exercise | Solve | Points |",
        "|---|---|---|---|---|---|",
    ]
    for lesson in lessons(root):
        found = sorted(root.glob(f"exercises/{lesson.number}_*/*.ipynb"))
        exercise = " | ".join(_exercise(found[0]) if found else ("–", "–", "–"))
        rows.append(
            f"| {lesson.number} | {lesson.minutes} min | {lesson.seconds} s | {exercise} |"
        )
    return "\n".join(rows)


def weeks(root: Path, plan: Sequence[Sequence[str]]) -> str:
    """Return the table of a plan: which lessons a week has, and how many minutes they take."""
    minutes = {lesson.number: lesson.minutes for lesson in lessons(root)}
    rows = ["| Week | Lessons | Minutes | Due at its end |", "|---|---|---|---|"]
    for week, numbers in enumerate(plan, 1):
        found = [path for n in numbers for path in root.glob(f"exercises/{n}_*/*.ipynb")]
        total = sum(minutes[n] for n in numbers) + sum(_minutes(path) for path in found)
        due = ", ".join(sorted(path.parent.name[:2] for path in found)) or "written work"
        taught = ", ".join(numbers) or "–"
        rows.append(f"| {week} | {taught} | {total or '–'} | {due} |")
    return "\n".join(rows)


def objectives(root: Path) -> str:
    """Return the table of what each lesson's first cell promises.

    Raises:
        ValueError: a lesson promises nothing.
    """
    rows = ["| | Afterwards they can |", "|---|---|"]
    for lesson in lessons(root):
        cells = json.loads(lesson.path.read_text(encoding="utf-8"))["cells"]
        text = "".join(cells[0]["source"]) if cells else ""
        found = re.search(r"\*\*Afterwards you can\*\* (.+)", text)
        if not found:
            raise ValueError(
                f"{lesson.path}: expected **Afterwards you can** in its first cell."
            )
        rows.append(f"| {lesson.number} | {found[1]} |")
    return "\n".join(rows)


def _exercise(path: Path) -> tuple[str, str, str]:
    """Return how many questions an exercise has, the minutes they take, and their points."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    checks = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    points = [check["points"] for check in checks if check["grade"]]
    return f"{len(points)} questions", f"{_minutes(path)} min", f"{sum(points):g}"


def _minutes(path: Path) -> int:
    """Return how many minutes an exercise takes, as its questions say."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "".join("".join(cell["source"]) for cell in cells)
    return sum(map(int, re.findall(r"^Difficulty .* about (\d+) minutes", text, re.MULTILINE)))


def _found(path: Path) -> Path:
    return path if path.is_dir() else path.with_suffix(".py")


def _entry(path: Path, depth: int, lesson: str = "") -> list[str]:
    """Return the lines of a file or folder: its purpose, and below it what a folder holds."""
    name = f"{path.name}/" if path.is_dir() else path.name
    head = f"{lesson:<4}{'  ' * depth}{name}"
    if not path.is_dir():
        return [f"{head:<30}{_first_line(path)}"]
    lines = [f"{head:<30}{_first_line(path / '__init__.py')}"]
    inside = [one for one in _in_reading_order(path) if one.name[0] not in "_."]
    files = [one.stem for one in inside if one.suffix == ".py"]
    folders = [one for one in inside if (one / "__init__.py").exists()]
    files += [f"{one.name}/" for one in folders if one.name[:2] == "ex"]  # one an exercise
    deeper = [one for one in folders if one.name[:2] != "ex"]
    if files:
        indent = " " * (6 + 2 * depth)
        lines += textwrap.wrap(
            " ".join(files), 100, initial_indent=indent, subsequent_indent=indent
        )
    for one in deeper:
        lines += _entry(one, depth + 1)
    return lines


def _in_reading_order(folder: Path) -> list[Path]:
    """Return what a folder holds, in the order in which its docstring speaks of it."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    last = len(said or "")

    def place(path: Path) -> tuple[int, str]:
        found = (said or "").find(f"`{path.stem}`")
        return (found if found >= 0 else last, path.name)

    return sorted(folder.iterdir(), key=place)


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not docstring:
        raise ValueError(f"{path}: a module needs a docstring; got none.")
    return docstring.splitlines()[0]


def _between(text: str, page: str, name: str, content: str) -> str:
    pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    if len(re.findall(pattern, text, re.DOTALL)) != 1:
        raise ValueError(f"{page}: expected one pair of markers <!-- {name} -->.")
    return re.sub(
        pattern, lambda found: f"{found[1]}{content}\n{found[2]}", text, flags=re.DOTALL
    )


BESIDE_THE_MAP = {"__init__", "__main__", "checks", "moved"}
"""The door of the commands, and what is here for notebooks of edition 0.1 alone."""

CLASSROOM = ("desk", "checks", "grading", "comparison")

FIVE_WEEKS = (("00", "01", "02"), ("03", "04"), ("05", "06"), ("07", "08"), ("09", "10"))
TEN_WEEKS = (("00", "01"), *((f"0{number}",) for number in range(2, 9)), ("09", "10"), ())
MORE_WEEKS = tuple((f"{number}",) for number in range(11, 16))

ELSEWHERE = {
    "Binder": "https://mybinder.org/v2/gh/{}/HEAD?urlpath=lab/tree/my/notebooks/00_start_here.ipynb",
    "Colab": "https://colab.research.google.com/github/{}/blob/main/docs/colab.ipynb",
    "Codespaces": "https://codespaces.new/{}",
}
"""Where a repository on GitHub can be opened, by the name of the place."""

PAGES = {
    "README.md": {
        "hero": hero,
        "badges": badges,
        "lessons": table,
        "map": course_map,
        "modules": modules,
    },
    "INSTRUCTORS.md": {
        "five weeks": partial(weeks, plan=FIVE_WEEKS),
        "ten weeks": partial(weeks, plan=TEN_WEEKS),
        "more weeks": partial(weeks, plan=MORE_WEEKS),
        "objectives": objectives,
        "timings": timings,
    },
}
"""The parts of each page, by the names of their markers."""


def main() -> int:
    """Write the pages; return an exit status."""
    try:
        for page in PAGES:
            (ROOT / page).write_text(write(page=page), encoding="utf-8")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
