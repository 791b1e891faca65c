"""All the course's claims as a page: each number, and the range that it is claimed to lie in.

They are what the lessons' own runs kept (`mmcourse/lesson/measured`), as `docs/looking_back.md`
has them between questions and answers; here they stand by themselves, lesson by lesson.
"""

from pathlib import Path

from lessons import Lesson, lessons
from make_looking_back import table

from mmcourse.lesson.claims import Range, claimed
from pages.wording import escaped
from pages.workbooks import link_to

OPENING = """\
# What the course claims

{claims:,} claims of {lessons} lessons: what was measured when the lessons were last run, and
the range in which the course claims the number to lie. Where a lesson trains or draws, the
range is fitted on at least five seeds. The course's own run stops at a number outside.
"""
MEASURED = "mmcourse/lesson/measured"


def pages(root: Path) -> dict[str, str]:
    """Return the page `claims.md`."""
    told = [(one, claimed(one.number, root / MEASURED)) for one in lessons(root)]
    found = [(one, claims) for one, claims in told if claims]
    many = sum(len(claims) for _, claims in found)
    opening = OPENING.format(claims=many, lessons=len(found))
    return {"claims.md": "\n".join([opening, *(_section(*one) for one in found)])}


def _section(lesson: Lesson, claims: dict[str, tuple[float | bool, Range]]) -> str:
    """Return what one lesson claims, in its order."""
    rows = ((escaped(name), *claim) for name, claim in claims.items())
    heading = f"## {lesson.number} {lesson.title}"
    return "\n".join(
        [heading, "", f"{len(claims)} claims of {link_to(lesson.path)}.", "", *table(rows)]
    )
