"""The glossary: in order, true to the tree, and with an answer for every file of an idea."""

import draw_ideas
import pytest
from places import ROOT

LESSONS = {path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb")}
MOST_WORDS = 25
HEADING = "| Term | In one sentence | Lesson | Where |"

PICTURED = ("mmcourse/world/looks/kinds/", "mmcourse/world/looks/backdrops/")
"""Folders with a drawing in each file, and no idea beyond it."""

STAND_INS = {"mmcourse/checks.py", "mmcourse/moved.py"}
"""For notebooks of edition 0.1."""

PLUMBING = {
    "mmcourse/ask/options.py": "command line",
    "mmcourse/ask/output.py": "printing",
    "mmcourse/ask/run.py": "command line",
    "mmcourse/boundary/annotations.py": "argument checks",
    "mmcourse/boundary/arrays.py": "argument checks",
    "mmcourse/boundary/forms.py": "argument checks",
    "mmcourse/boundary/names.py": "wording",
    "mmcourse/boundary/scalars.py": "argument checks",
    "mmcourse/boundary/values.py": "argument checks",
    "mmcourse/caption/options.py": "command line",
    "mmcourse/caption/output.py": "printing",
    "mmcourse/caption/run.py": "command line",
    "mmcourse/captioning/said.py": "record",
    "mmcourse/checkpoints/old.py": "old format",
    "mmcourse/clip/device.py": "argument checks",
    "mmcourse/clip/names.py": "renaming",
    "mmcourse/clip/settings.py": "file reading",
    "mmcourse/command_line.py": "command line",
    "mmcourse/draw/options.py": "command line",
    "mmcourse/draw/output.py": "printing",
    "mmcourse/draw/run.py": "command line",
    "mmcourse/ears.py": "file reading",
    "mmcourse/eyes.py": "file reading",
    "mmcourse/home.py": "folders",
    "mmcourse/indexes.py": "command line",
    "mmcourse/listen/options.py": "command line",
    "mmcourse/listen/output.py": "printing",
    "mmcourse/listen/run.py": "command line",
    "mmcourse/losses/features.py": "argument checks",
    "mmcourse/metrics/caption_reading.py": "parsing",
    "mmcourse/metrics/numbers.py": "conversion",
    "mmcourse/plots/captions.py": "wording",
    "mmcourse/plots/chains.py": "plain figure",
    "mmcourse/plots/curves.py": "plain figure",
    "mmcourse/plots/gallery.py": "plain figure",
    "mmcourse/plots/kept.py": "saved widget",
    "mmcourse/plots/letter_track.py": "plain figure",
    "mmcourse/plots/palette.py": "file format",
    "mmcourse/plots/paths.py": "plain figure",
    "mmcourse/plots/players.py": "sound files",
    "mmcourse/plots/series.py": "argument checks",
    "mmcourse/plots/sounds.py": "plain figure",
    "mmcourse/plots/thumbnails.py": "plain figure",
    "mmcourse/plots/told.py": "wording",
    "mmcourse/probe/options.py": "command line",
    "mmcourse/probe/page.py": "printing",
    "mmcourse/probe/report.py": "command line",
    "mmcourse/probe/rows.py": "record",
    "mmcourse/quiet.py": "warnings",
    "mmcourse/retrieval/album/catalogue.py": "input checks",
    "mmcourse/retrieval/album/items.py": "records",
    "mmcourse/retrieval/album/kept.py": "bookkeeping",
    "mmcourse/retrieval/album/sources.py": "input list",
    "mmcourse/retrieval/album/stored.py": "record",
    "mmcourse/retrieval/album/table.py": "bookkeeping",
    "mmcourse/search/dtypes.py": "command line",
    "mmcourse/search/duplicates.py": "bookkeeping",
    "mmcourse/search/folder_index.py": "command line",
    "mmcourse/search/index.py": "command line",
    "mmcourse/search/options.py": "command line",
    "mmcourse/search/output.py": "printing",
    "mmcourse/search/run.py": "command line",
    "mmcourse/search/strangers.py": "sampling",
    "mmcourse/small/tables.py": "stored tables",
    "mmcourse/terminal.py": "printing",
    "mmcourse/train/run.py": "loop checks",
    "mmcourse/vqa/reader.py": "layers",
    "mmcourse/vqa/typed.py": "input checks",
    "mmcourse/world/looks/lettering.py": "letter shapes",
    "mmcourse/world/looks/outlines.py": "geometry",
    "mmcourse/world/looks/tones.py": "colour arithmetic",
    "mmcourse/world/sounds_and_films/beds.py": "single sounds",
    "mmcourse/world/sounds_and_films/synth.py": "sound arithmetic",
    "mmcourse/world/sounds_and_films/voices.py": "lookup table",
    "mmcourse/world/sounds_and_films/voices_alive.py": "single sounds",
    "mmcourse/world/sounds_and_films/voices_things.py": "single sounds",
    "mmcourse/world/words/facts.py": "record",
    "mmcourse/world/words/nouns.py": "word list",
    "mmcourse/world/words/pair_wording.py": "grammar parts",
    "mmcourse/world/words/phrases.py": "grammar parts",
    "mmcourse/world/words/places.py": "word list",
}
"""Files that hold no idea a learner would ask for, and what they are instead."""


@pytest.fixture(scope="module")
def ideas():
    """Return the rows of the glossary."""
    return draw_ideas.ideas()


def files_of_ideas():
    """Return the files of mmcourse that a term has to lead to, or PLUMBING to name."""
    paths = {path.relative_to(ROOT).as_posix() for path in (ROOT / "mmcourse").rglob("*.py")}
    return {
        path
        for path in paths - STAND_INS
        if not path.startswith(PICTURED) and not path.endswith(("/__init__.py", "/__main__.py"))
    }


def test_the_page_is_one_table_of_four_columns():
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    table = lines[lines.index(HEADING) :]
    assert table[1] == "|---|---|---|---|"
    assert [line for line in table if line.count("|") != 5] == []
    assert [line for line in table[2:] if not line.endswith("` |")] == []


def test_terms_are_in_alphabetical_order(ideas):
    terms = [idea.term for idea in ideas]
    assert terms == sorted(terms, key=str.casefold)


def test_no_term_occurs_twice(ideas):
    terms = [idea.term.casefold() for idea in ideas]
    assert sorted(terms) == sorted(set(terms))


def test_every_term_leads_to_a_file_of_the_two_packages(ideas):
    packages = ("mmcourse/", "classroom/")
    lost = [idea for idea in ideas if not (ROOT / idea.where).is_file()]
    assert [idea for idea in ideas if not idea.where.startswith(packages)] == lost == []


def test_every_lesson_that_is_named_exists(ideas):
    assert {idea.lesson for idea in ideas} - {"–"} <= LESSONS


def test_every_sentence_is_short_and_ends_with_a_full_stop(ideas):
    assert [idea for idea in ideas if len(idea.sentence.split()) > MOST_WORDS] == []
    assert [idea for idea in ideas if not idea.sentence.endswith(".")] == []


def test_no_sentence_gives_its_file_away(ideas):
    assert [idea for idea in ideas if "/" in idea.sentence or ".py" in idea.sentence] == []


def test_every_file_of_an_idea_is_the_answer_to_a_term_or_plumbing(ideas):
    answers = {idea.where for idea in ideas}
    assert sorted(files_of_ideas() - answers - PLUMBING.keys()) == []


def test_plumbing_names_only_files_that_exist_and_answer_no_term(ideas):
    assert sorted(PLUMBING.keys() - files_of_ideas()) == []
    assert sorted(PLUMBING.keys() & {idea.where for idea in ideas}) == []


def test_plumbing_gives_each_file_a_reason_of_one_or_two_words():
    assert {why for why in PLUMBING.values() if len(why.split()) not in (1, 2)} == set()
