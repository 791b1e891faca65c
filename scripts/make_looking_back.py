"""Write docs/looking_back.md: what each lesson asked, answered and claims, with its numbers.

Question and answer are the lesson's own words. The numbers and their ranges are those that the
lessons' own runs kept (`mmcourse/lesson/measured`); what a lesson's closing table names stands
open, the rest folded. Leaves out chance levels and intervals: the lessons have them beside each
number.

usage: python scripts/make_looking_back.py [--check]     (exit 1 if the page is stale)
"""

import argparse
import ast
import sys
from collections.abc import Iterable, Iterator

from lessons import ROOT, Lesson, lessons
from pages.workbooks import cells

from mmcourse.lesson.claims import Range, claimed, say

PAGE = ROOT / "docs" / "looking_back.md"
OPENING = """\
# Looking back

What each lesson asked, what it answered, and what the course claims: {claims:,} claims of
{lessons} lessons. Read a question first and answer it yourself; then compare. Each claim is
measured anew whenever the lessons are run, and a number outside its range stops the run. Where
a lesson trains or draws, its ranges are fitted on at least five seeds: they say what to expect
of another try, not how sure the number is. Written by `scripts/make_looking_back.py` from what
the lessons say and kept.

All this was measured on drawings. [The model cards](applications.md) say how often each model
is wrong, [another page](foreign.md) what becomes of pictures from elsewhere, and
[a third](published.md) what others measured on photos.
"""
ASKED = ("**The question.**", "**The question of this lesson.**")
ANSWERED = "**The question, answered.**"


def page() -> str:
    """Return the whole page."""
    told = [(lesson, claimed(lesson.number)) for lesson in lessons()]
    found = [(lesson, claims) for lesson, claims in told if claims]
    opening = OPENING.format(claims=sum(len(one) for _, one in found), lessons=len(found))
    return "\n".join([opening, *(_section(*one) for one in found)])


def table(rows: Iterable[tuple[str, float | bool, Range]]) -> Iterator[str]:
    """Yield the lines of a table; a bar within a name would end its column."""
    yield from ("| Claim | Measured | Claimed |", "|---|---|---|")
    for name, value, span in rows:
        yield f"| {name.replace('|', chr(92) + '|')} | {say(value)} | {span} |"
    yield ""


def _section(lesson: Lesson, claims: dict[str, tuple[float | bool, Range]]) -> str:
    """Return what one lesson claims."""
    closing = [name for name in closing_names(lesson) if name in claims]
    others = [name for name in claims if name not in closing]
    lines = [
        f"## [{lesson.number} {lesson.title}](../notebooks/{lesson.path.name})",
        "",
        *_said(lesson),
        *table((name, *claims[name]) for name in closing),
    ]
    if others:
        lines += [
            "<details>",
            f"<summary>{len(others)} more claims of lesson {lesson.number}</summary>",
            "",
            *table((name, *claims[name]) for name in others),
            "</details>",
            "",
        ]
    return "\n".join(lines)


def _said(lesson: Lesson) -> Iterator[str]:
    """Yield what a lesson asks first and, where it does so in a cell of its own, answers."""
    texts = cells(lesson.path, "markdown")
    yield from (line for line in texts[0].splitlines() if line.startswith(ASKED))
    yield ""
    for text in texts:
        if text.startswith(ANSWERED):
            yield from (text, "")


def closing_names(lesson: Lesson) -> list[str]:
    """Return the claims that a lesson's last table names."""
    sources = [source for source in cells(lesson.path, "code") if "claim.table(" in source]
    calls = [
        node
        for node in ast.walk(ast.parse(sources[-1]))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "claim.table"
    ]
    return [name for call in calls for name in map(ast.literal_eval, call.args)]


def main() -> int:
    """Write the page; with --check only say whether it is fresh."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if stale")
    check, fresh = parser.parse_args().check, page()
    stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != fresh
    if check and stale:
        print("docs/looking_back.md is stale: run python scripts/make_looking_back.py")
    elif stale:
        PAGE.write_text(fresh, encoding="utf-8")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main())
