"""Claims: silent where they hold, an error in the course's own runs, a word anywhere else."""

import json
import math

import pytest

from mmcourse.choice import VARIABLE
from mmcourse.lesson import Claims, claims
from mmcourse.lesson.claims import LOG, MODE, measured, say


@pytest.fixture(autouse=True)
def _ordinary(monkeypatch, tmp_path):
    """Take the shipped model, a learner's run, and numbers of the course that are known."""
    for name in (VARIABLE, MODE, LOG):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "07.json"
    file.write_text('{"share": [0.512, 0.25, null], "same order": true}', encoding="utf-8")
    monkeypatch.setattr(claims, "measured", lambda lesson: measured(lesson, tmp_path))


@pytest.fixture
def shown(monkeypatch):
    """Return a list that takes what is displayed."""
    found = []
    monkeypatch.setattr(claims, "publish_display_data", found.append)
    return found


@pytest.mark.parametrize("value", [0.5, 0.25, 0.75])
@pytest.mark.parametrize("mode", ["", "strict"])
def test_a_number_in_its_range_is_passed_over_in_silence(value, mode, capsys, monkeypatch):
    monkeypatch.setenv(MODE, mode)
    claim = Claims("07")
    claim("share", value, 0.25, 0.75)
    claim("above", value, 0.25)
    claim("below", value, high=0.75)
    claim("positive", value > 0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (0.249, 0.25, 0.75, "0.249; the course measured 0.512, and claims 0.25 to 0.75"),
        (math.nan, 0.25, 0.75, "nan; the course measured 0.512, and claims 0.25 to 0.75"),
        (math.nan, 0.25, None, "nan; the course measured 0.512, and claims at least 0.25"),
        (math.nan, None, 0.75, "nan; the course measured 0.512, and claims at most 0.75"),
        (math.inf, None, 0.75, "inf; the course measured 0.512, and claims at most 0.75"),
        (-3, 0.25, None, "-3; the course measured 0.512, and claims at least 0.25"),
    ],
)
def test_outside_it_a_learner_is_told_what_the_course_measured(value, low, high, said, capsys):
    Claims("07")("share", value, low, high)
    assert capsys.readouterr().out == f"share: {said}\n"


def test_what_is_claimed_to_be_so_may_be_otherwise(capsys):
    Claims("07")("same order", 1 > 2)
    said = "same order: no; the course measured yes, and claims yes\n"
    assert capsys.readouterr().out == said


def test_a_number_that_the_course_has_not_measured_is_told_with_its_range(capsys):
    Claims("07")("new", 2, 0, 1)
    Claims("no lesson")("share", 2, 0, 1)
    said = "new: 2; the course claims 0 to 1\nshare: 2; the course claims 0 to 1\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("value", [0.249, 0.751, math.nan, -math.inf])
def test_outside_it_the_courses_own_run_ends(value, monkeypatch):
    monkeypatch.setenv(MODE, "strict")
    with pytest.raises(
        AssertionError, match=rf"claim: share must be 0.25 to 0.75; got {value}"
    ):
        Claims("07")("share", value, 0.25, 0.75)


@pytest.mark.parametrize("value", [0.5, 7.0, math.nan])
@pytest.mark.parametrize("mode", ["", "strict"])
def test_of_another_model_everything_is_shown_and_nothing_claimed(
    value, mode, capsys, monkeypatch
):
    monkeypatch.setenv(MODE, mode)
    monkeypatch.setenv(VARIABLE, "RN50")
    Claims("07")("share", value, 0.25, 0.75)
    said = f"share: {say(value)}; the course measured 0.512, and claims 0.25 to 0.75\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("model", ["tiny", "RN50"])
def test_an_empty_range_is_refused_whatever_the_model(model, monkeypatch):
    monkeypatch.setenv(VARIABLE, model)
    with pytest.raises(ValueError, match=r"claim: low must be at most high; got 1 and 0 for x"):
        Claims("07")("x", 0.5, 1, 0)


def test_every_number_is_logged_whether_it_holds_or_not(tmp_path, monkeypatch):
    log = tmp_path / "claims.jsonl"
    monkeypatch.setenv(LOG, str(log))
    claim = Claims("07")
    claim("share", 0.512, 0.25, 0.75)
    claim("same order", value=False)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert lines == [
        {"lesson": "07", "what": "share", "row": [0.512, 0.25, 0.75]},
        {"lesson": "07", "what": "same order", "row": False},
    ]


def test_what_is_claimed_is_kept_beside_what_was_measured(tmp_path):
    assert claims.claimed("07", tmp_path) == {
        "share": (0.512, claims.Range(0.25, None)),
        "same order": (True, claims.Range(None, None)),
    }
    assert measured("07", tmp_path) == {"share": 0.512, "same order": True}
    assert claims.claimed("08", tmp_path) == {}


def test_a_table_shows_the_numbers_that_are_named_in_their_order(shown):
    claim = Claims("07")
    claim("share", 0.512, 0.25, 0.75)
    claim("count", 2000, 0)
    claim("same order", value=True)
    claim.table("count", "share")
    assert shown == [
        {
            "text/markdown": "| measured | here |\n| --- | --- |\n| count | 2000 |\n"
            "| share | 0.512 |",
            "text/plain": "count: 2000\nshare: 0.512",
        }
    ]


def test_a_table_shows_the_courses_numbers_where_they_differ(shown):
    claim = Claims("07")
    claim("share", 0.6, 0.25, 0.75)
    claim("new", 1, 0)
    claim.table()
    assert shown[0]["text/markdown"].splitlines() == [
        "| measured | here | by the course |",
        "| --- | --- | --- |",
        "| share | 0.6 | 0.512 |",
        "| new | 1 |  |",
    ]


def test_a_number_beyond_the_digits_that_are_kept_does_not_differ(shown, tmp_path):
    (tmp_path / "06.json").write_text('{"weights": 151300000.0}', encoding="utf-8")
    claim = Claims("06")
    claim("weights", 151_277_313, 0)
    claim.table()
    assert shown[0]["text/markdown"].splitlines()[-1] == "| weights | 151277313 |"


def test_what_a_rerun_cell_claims_again_counts_once(shown):
    claim = Claims("07")
    for value in (0.3, 0.512):
        claim("share", value, 0.25, 0.75)
    claim.table()
    assert shown[0]["text/plain"] == "share: 0.512"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0004567, "0.000457"), (12.345, "12.3"), (999.7, "1e+03"), (2000.4, "2000"), (0, "0")],
)
def test_numbers_are_said_with_three_digits(value, said):
    assert say(value) == said
