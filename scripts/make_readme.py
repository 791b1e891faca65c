"""Write the parts of README.md and INSTRUCTORS.md that follow from the tree.

README.md has the map, the lessons and the modules; INSTRUCTORS.md how long each lesson and
its exercise take.

Each part stands between `<!-- NAME -->` and `<!-- /NAME -->`; the rest is written by hand.

usage: make readme
"""

import ast
import json
import re
import sys
from pathlib import Path

import draw_course_map
from lessons import ROOT, lessons


def write(root: Path = ROOT, page: str = "README.md") -> str:
    """Return a page as it should be.

    Raises:
        ValueError: a marker is missing, or a lesson's front matter is wrong.
    """
    text = (root / page).read_text(encoding="utf-8")
    for name, content in PAGES[page].items():
        text = _between(text, page, name, content(root))
    return text


def course_map(root: Path) -> str:
    """Return the picture of the course with its description."""
    return f"![{draw_course_map.description(root)}](docs/course_map.png)"


def table(root: Path) -> str:
    """Return the table of lessons."""
    rows = ["| | Lesson | What you find out | Minutes | After |", "|---|---|---|---|---|"]
    for lesson in lessons(root):
        link = f"[{lesson.title}](notebooks/{lesson.path.name})"
        after = ", ".join(lesson.prerequisites) or "–"
        cells = (lesson.number, link, lesson.summary, lesson.minutes, after)
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(rows)


def modules(root: Path) -> str:
    """Return the package's modules, each with the first line of its docstring."""
    package = root / "mmcourse"
    found = [path for path in package.glob("*.py") if path.stem != "__init__"]
    found += package.glob("*/__init__.py")
    purposes = {_name(path): _first_line(path) for path in found}
    width = max(map(len, purposes))
    lines = [f"  {name:<{width}}  {purpose}" for name, purpose in sorted(purposes.items())]
    return "\n".join(["```", "mmcourse/", *lines, "```"])


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


def _exercise(path: Path) -> tuple[str, str, str]:
    """Return how many questions an exercise has, the minutes they take, and their points."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    checks = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    points = [check["points"] for check in checks if check["grade"]]
    text = "".join("".join(cell["source"]) for cell in cells)
    minutes = sum(
        map(int, re.findall(r"^Difficulty .* about (\d+) minutes", text, re.MULTILINE))
    )
    return f"{len(points)} questions", f"{minutes} min", f"{sum(points):g}"


def _name(path: Path) -> str:
    return f"{path.parent.name}/" if path.stem == "__init__" else path.name


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


PAGES = {
    "README.md": {"map": course_map, "lessons": table, "modules": modules},
    "INSTRUCTORS.md": {"timings": timings},
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
