"""The lessons there are, and what each says of itself in its front matter.

A lesson's front matter is the entry `mmcourse` of its notebook metadata:

    {"title": "...", "summary": "one line", "minutes": 40, "seconds": 25,
     "challenge": "representation", "prerequisites": ["00"]}

`minutes` is reading time; `seconds` is what a run may take on two cores; `challenge` is
the one of Liang et al. (arXiv 2209.03430, section 2) that the lesson belongs to.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHALLENGES = (
    "representation",
    "alignment",
    "reasoning",
    "generation",
    "transference",
    "quantification",
)
FIELDS = {
    "title": str,
    "summary": str,
    "minutes": int,
    "seconds": int,
    "challenge": str,
    "prerequisites": list,
}


@dataclass(frozen=True)
class Lesson:
    """One lesson: where it is, and its front matter."""

    path: Path
    title: str
    summary: str
    minutes: int
    seconds: int
    challenge: str
    prerequisites: tuple[str, ...]

    @property
    def number(self) -> str:
        """The two digits that its file name begins with."""
        return self.path.name[:2]


def lessons(root: Path = ROOT) -> list[Lesson]:
    """Return the lessons in order.

    Raises:
        ValueError: a name or a front matter is not as it should be.
    """
    found = [read(path) for path in sorted((root / "notebooks").glob("*.ipynb"))]
    numbers = [lesson.number for lesson in found]
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"lessons: each needs a number of its own; got {', '.join(numbers)}.")
    for lesson in found:
        late = [number for number in lesson.prerequisites if number >= lesson.number]
        if late or not set(lesson.prerequisites) <= set(numbers):
            raise _wrong(
                lesson.path,
                "prerequisites",
                "numbers of earlier lessons",
                list(lesson.prerequisites),
            )
    return found


def read(path: Path) -> Lesson:
    """Return one lesson; raise ValueError naming what its front matter lacks."""
    if not re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", path.name):
        raise ValueError(f"lessons: expected a name such as 02_cosine.ipynb; got {path.name}.")
    front = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("mmcourse", {})
    if set(front) != set(FIELDS):
        raise _wrong(path, "metadata.mmcourse", f"the keys {', '.join(FIELDS)}", sorted(front))
    for name, kind in FIELDS.items():
        if not isinstance(front[name], kind) or front[name] in ("", 0):
            raise _wrong(path, name, f"of type {kind.__name__}", front[name])
    if front["challenge"] not in CHALLENGES:
        raise _wrong(path, "challenge", f"one of {', '.join(CHALLENGES)}", front["challenge"])
    if set("\n|") & set(front["title"] + front["summary"]):
        raise _wrong(path, "title and summary", "one line each, without |", front["summary"])
    return Lesson(path, **{**front, "prerequisites": tuple(front["prerequisites"])})


def _wrong(path: Path, what: str, expected: str, got: object) -> ValueError:
    return ValueError(f"{path.name}: {what} must be {expected}; got {got!r}.")
