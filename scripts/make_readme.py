"""Write the parts of README.md that follow from the tree: its map, lessons and modules.

Each part stands between `<!-- NAME -->` and `<!-- /NAME -->`; the rest is written by hand.

usage: make readme
"""

import ast
import re
import sys
from pathlib import Path

import draw_course_map
from lessons import ROOT, lessons


def write(root: Path = ROOT) -> str:
    """Return README.md as it should be.

    Raises:
        ValueError: a marker is missing, or a lesson's front matter is wrong.
    """
    text = (root / "README.md").read_text(encoding="utf-8")
    for name, content in (("map", course_map), ("lessons", table), ("modules", modules)):
        text = _between(text, name, content(root))
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


def _name(path: Path) -> str:
    return f"{path.parent.name}/" if path.stem == "__init__" else path.name


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not docstring:
        raise ValueError(f"{path}: a module needs a docstring; got none.")
    return docstring.splitlines()[0]


def _between(text: str, name: str, content: str) -> str:
    pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    if len(re.findall(pattern, text, re.DOTALL)) != 1:
        raise ValueError(f"README.md: expected one pair of markers <!-- {name} -->.")
    return re.sub(
        pattern, lambda found: f"{found[1]}{content}\n{found[2]}", text, flags=re.DOTALL
    )


def main() -> int:
    """Write the file; return an exit status."""
    try:
        (ROOT / "README.md").write_text(write(), encoding="utf-8")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
