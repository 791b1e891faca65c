"""The front page: what this is, seen and said, three doors, map, lessons; and the sidebar."""

from collections.abc import Collection, Mapping
from fnmatch import fnmatch
from pathlib import Path

import draw_course_map
import make_readme
from lessons import lessons

from pages.addresses import addresses
from pages.links import relinked

SHELVES = {
    "Lessons": ("lessons/*",),
    "Exercises": ("exercises/*",),
    "Look up": ("glossary", "api/index", "claims", "bibliography", "looking_back", "published"),
    "Cards": ("cards/tiny", "cards/applications", "cards/world", "cards/*"),
    "Speed and scale": ("bench/results", "bench/precision", "scale"),
    "Teach and contribute": ("instructors", "contributing", "style"),
    "Around the course": ("readme", "commands", "places", "devices", "changes", "*"),
}
"""The parts of the sidebar, and which pages stand there, in this order; a page stands once."""

OPENING = """\
# A course on multimodal models

{lessons} lessons in notebooks, from the angle between two arrows to models that look, read,
listen and watch films. All of it runs offline on a laptop, on pictures, captions, sounds and
films that the course draws, writes and plays itself, so that the truth is always known. Every
claim is a number that a lesson measures in front of you. Here you read the lessons as they
were last run.
"""
DOORS = """\
::::{grid} 1 1 3 3
:gutter: 3
:class-container: doors

:::{grid-item-card} Learn
:link: lessons/00_start_here
:link-type: doc

Begin with lesson 00: how a lesson works, and what you need to know. It takes MINUTES minutes.
:::
:::{grid-item-card} Teach
:link: instructors
:link-type: doc

Plan a term, hand out, collect, grade a class with one command, publish.
:::
:::{grid-item-card} Use
:link: commands
:link-type: doc

Search your photos, ask a CLIP what it knows, draw, caption: commands that run on your machine.
:::
::::
"""
PLAYGROUND = """\
Or type a sentence and watch pictures order themselves: the
<a href="playground/index.html">playground</a> runs a small CLIP in this browser.
"""


def page(root: Path, there: Collection[str]) -> str:
    """Return the front page.

    Args:
        root: the repository.
        there: where all other pages stand in the folder that Sphinx reads.
    """
    at_home = {**addresses(root), "README.md": ""}
    hero, table = (
        relinked(text, "README.md", at_home)
        for text in (make_readme.hero(root), make_readme.table(root))
    )
    known = lessons(root)
    opening = OPENING.format(lessons=len(known))
    parts = [opening, f"{hero}\n", DOORS.replace("MINUTES", str(known[0].minutes))]
    if (root / "site" / "playground").is_dir():
        parts.append(PLAYGROUND)
    parts += ["## The way through\n", course_map(root), "## Lessons\n", table]
    return "\n".join([*parts, *sidebar(root, there)])


def course_map(root: Path) -> str:
    """Return the stages of the course, each with its lessons, as a list that CSS lays out."""
    names = {one.number: f"lessons/{one.path.name}" for one in lessons(root)}
    lines = [":::{container} course-map"]
    for stage, numbers in draw_course_map.STAGES.items():
        lines.append(f"- **{stage}**")
        for number in numbers:
            title = draw_course_map.TITLES[number].replace("\n", " ")
            lines.append(f"  1. [{number} {title}]({names[number]})")
    return "\n".join([*lines, ":::", ""])


def sidebar(root: Path, there: Collection[str]) -> list[str]:
    """Return the tables of contents that make the sidebar, one a shelf."""
    titles = {one.number: f"{one.number} · {one.title}" for one in lessons(root)}
    names, lines = sorted(one.rsplit(".", 1)[0] for one in there), []
    for shelf, wanted in SHELVES.items():
        found = dict.fromkeys(name for one in wanted for name in names if _fits(name, one))
        names = [name for name in names if name not in found]
        if found:
            entries = "\n".join(_entry(name, titles) for name in found)
            lines.append(f"```{{toctree}}\n:hidden:\n:caption: {shelf}\n\n{entries}\n```\n")
    return lines


def _fits(name: str, wanted: str) -> bool:
    """Return whether a page's name is as wanted; a star stands for no folder."""
    return name.count("/") == wanted.count("/") and fnmatch(name, wanted)


def _entry(name: str, titles: Mapping[str, str]) -> str:
    """Return a page's entry; an exercise is called as its lesson is."""
    shelf, _, file = name.partition("/")
    return f"{titles[file[:2]]} <{name}>" if shelf == "exercises" else name
