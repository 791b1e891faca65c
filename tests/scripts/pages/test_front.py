"""The front page names all lessons, and the sidebar all pages."""

from dataclasses import replace

import make_readme
from lessons import lessons
from pages import front
from pages.addresses import addresses
from places import ROOT

PAGES = addresses(ROOT).values()


def test_the_map_has_every_lesson_after_the_first_once():
    said = front.course_map(ROOT)
    lessons = [page for page in PAGES if page.startswith("lessons/")]
    assert [said.count(f"({page})") for page in sorted(lessons)] == [0] + [1] * 18


def test_every_page_stands_in_the_sidebar_once():
    lines = "\n".join(front.sidebar(ROOT, [*PAGES, "api/index.md", "news.md"])).splitlines()
    named = [line.rpartition("<")[2].rstrip(">") for line in lines]
    names = [page.rsplit(".", 1)[0] for page in [*PAGES, "api/index.md", "news.md"]]
    assert [name for name in names if named.count(name) != 1] == []


def test_the_table_of_lessons_leads_to_pages():
    text = front.page(ROOT, PAGES)
    assert "| 04 | [Temperature](lessons/04_temperature.ipynb) |" in text
    assert "notebooks/" not in text


def test_lessons_and_minutes_are_counted(monkeypatch):
    first, *others = lessons(ROOT)
    more = replace(first, path=ROOT / "notebooks" / "19_more.ipynb")
    known = [replace(first, minutes=7), *others, more]
    monkeypatch.setattr(front, "lessons", lambda root: known)
    text = front.page(ROOT, PAGES)
    assert f"\n\n{len(known)} lessons in notebooks, " in text
    assert "It takes 7 minutes.\n" in text


def test_the_picture_is_the_readmes_with_all_that_it_shows_in_words():
    assert make_readme.hero(ROOT).replace("docs/", "/figures/docs/") in front.page(ROOT, PAGES)
