"""Draw ten ideas of the glossary: for each of them, say which file you would open.

The same seed draws the same ten everywhere. Where they stand is shown only when you ask for it,
so that you can guess first. Leaves out the lessons that teach them: see `docs/glossary.md`.

SEED is a whole number of at most nine digits.

usage: python scripts/draw_ideas.py SEED [--answers]
"""

import random
import re
import sys
from pathlib import Path
from typing import NamedTuple

GLOSSARY = Path(__file__).resolve().parents[1] / "docs" / "glossary.md"
MANY = 10


class Idea(NamedTuple):
    """One row of the glossary; `where` is a path from the repository's root."""

    term: str
    sentence: str
    lesson: str
    where: str


def ideas(page: Path = GLOSSARY) -> list[Idea]:
    """Return the rows of the glossary's table, in its order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    table = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return [Idea(*cells[:-1], cells[-1].strip("`")) for cells in table[1:]]  # 0 is the heading


def draw(seed: int, listed: list[Idea]) -> list[Idea]:
    """Return ten different ideas, always the same for a seed."""
    return random.Random(seed).sample(listed, MANY)


def main(words: list[str]) -> int:
    """Print what a seed draws; return an exit status."""
    seed, *rest = words or [""]
    if not re.fullmatch("[0-9]{1,9}", seed) or rest not in ([], ["--answers"]):
        print(f"draw_ideas: expected SEED [--answers]; got {words}.", file=sys.stderr)
        return 2
    for number, idea in enumerate(draw(int(seed), ideas()), start=1):
        answer = f"\n    {idea.where}" if rest else ""
        print(f"{number:2}. {idea.term}: {idea.sentence}{answer}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
