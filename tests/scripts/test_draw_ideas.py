"""The script that draws ideas of the glossary: repeatable, ten at a time, no answer unasked."""

import pytest
from draw_ideas import Idea, draw, ideas, main

LISTED = [Idea(f"term {n}", "A thing.", "–", f"mmcourse/{n}.py") for n in range(13)]


def test_a_row_of_the_table_becomes_an_idea(tmp_path):
    page = tmp_path / "glossary.md"
    page.write_text(
        "# Glossary\n\nWhat it is.\n\n| Term | In one sentence | Lesson | Where |\n"
        "|---|---|---|---|\n| L2 – norm | A length – ½. | 02 | `mmcourse/similarity.py` |\n",
        encoding="utf-8",
    )
    assert ideas(page) == [Idea("L2 – norm", "A length – ½.", "02", "mmcourse/similarity.py")]


def test_the_same_seed_draws_the_same_ideas():
    assert draw(7, LISTED) == draw(7, list(LISTED))


def test_another_seed_draws_others():
    assert draw(7, LISTED) != draw(11, LISTED)


def test_ten_different_ideas_are_drawn():
    assert len(set(draw(3, LISTED))) == 10


def test_terms_and_sentences_are_printed_without_their_files(capsys):
    assert main(["5"]) == 0
    said = capsys.readouterr().out
    assert [f"{each.term}: {each.sentence}" in said for each in draw(5, ideas())] == [True] * 10
    assert len(said.splitlines()) == 10
    assert ".py" not in said


def test_answers_are_the_same_ideas_with_their_files(capsys):
    main(["5"])
    asked = capsys.readouterr().out.splitlines()
    assert main(["5", "--answers"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[::2] == asked
    assert [line.strip() for line in said[1::2]] == [one.where for one in draw(5, ideas())]


@pytest.mark.parametrize(
    "words",
    [[], [""], ["seven"], ["-7"], ["7.5"], ["7\n"], ["٣"], ["--answers"], ["7", "8"],
     ["--answers", "7"], ["7", "--answers", "--answers"], ["7", "--answer"], ["9" * 10]],
)  # fmt: skip
def test_wrong_usage_is_one_line_on_stderr_and_status_2(words, capsys):
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"draw_ideas: expected SEED [--answers]; got {words}.\n"
