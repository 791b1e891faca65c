"""All answers in words on one page: every one of them, as it was typed."""

import re

import browsing
import made_up
import pytest
from hostile.in_words import WRITTEN

from classroom.grading.report.written import page, write_written
from classroom.grading.results import Result, WrittenResult

HARM = "<script>alert(1)</script>\n# head\n![x](http://x/y.png)\n{{ 7 * 7 }}"


def answered(student, text, points=None, comment=""):
    answer = WrittenResult(
        number="90.5", title="In words", maximum=4, text=text, points=points, comment=comment
    )
    return Result(
        student=student, exercise="90_words", maximum=12, status="graded", written=(answer,)
    )


def test_answers_stand_by_name_with_mark_and_comment():
    results = [
        answered("bob", "Two.", 2.5, "and?"),
        answered("ada", "One."),
        answered("cy", ""),
    ]
    source = page([WRITTEN], results)
    told = re.findall(r"<bdi>(.*?)</bdi><span>(.*?)</span></p>\s*<pre>(.*?)</pre>", source)
    assert told == [("ada", "awaits marking", "One."), ("bob", "2.5 of 4 points", "Two.")]
    assert '<p class="comment">and?</p>' in source
    assert "2 of 3 answered it; 1 await marking." in source
    assert "1 point a reason" in source, "the rubric"


def test_an_answer_runs_nothing_and_fetches_nothing():
    source = page([WRITTEN], [answered(HARM, HARM, 1, HARM)])
    assert not re.search(r"<(script|img|h1>head|a)\b", source)
    assert source.count("{{ 7 * 7 }}") == 3
    assert "default-src 'none'" in source


def test_no_page_where_nothing_is_asked_in_words(tmp_path):
    assert write_written(tmp_path, [], []) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_phone_shows_the_answers_within_its_width(tmp_path):
    results = [answered(name, HARM + "w" * 500) for name in made_up.NAMES]
    path = write_written(tmp_path, [made_up.EXERCISE], results)
    with browsing.chromium() as opened:
        heard, asked = [], []
        opened.on("console", lambda message: heard.append(message.text))
        opened.on("request", lambda request: asked.append(request.url))
        opened.set_viewport_size({"width": 390, "height": 800})
        opened.goto(path.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= 390
        assert opened.locator("article").count() == len(made_up.NAMES)
        assert (heard, asked) == ([], [path.as_uri()])
