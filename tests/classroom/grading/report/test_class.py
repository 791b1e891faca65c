"""The page of a class: it says what the tables say, to whoever reads, and runs nothing."""

import csv
import html
import json
import re
from collections import Counter, defaultdict

import browsing
import made_up
import pytest
from hostile.in_words import ASKING, card
from hostile.notebooks import hand_in, with_texts
from hostile.toy import HALF, IMPORTS, NUMPY, RIGHT
from sandboxed import SMALL, needs

from classroom.grading import Settings, grade
from classroom.grading.report import Run, write_class, write_master, write_table
from classroom.grading.report.files import file_name
from classroom.grading.report.table import harmless
from classroom.grading.report.whole_class import MOST_COPIES, MOST_SOURCE, page, says

EXERCISES = [made_up.EXERCISE]
RUN = Run(seed=1, sandbox="none", versions={}, began="", exercises={}, checks={})
COUNT = re.compile(r'class="count">(\d+)</span>')


def text_of(source):
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", source).split()))


def question_blocks(source):
    """Return each question's heading and groups: the students of each, by name."""
    told = {}
    for block in re.split(r'<div class="question">', source)[1:]:
        heading = text_of(re.search(r"<h3>(.*?)</h3>", block, re.DOTALL)[1])
        groups = {}
        for one in re.findall(r"<details.*?</details>", block, re.DOTALL):
            name = text_of(re.search(r'class="name">(.*?)</span>', one, re.DOTALL)[1])
            groups[name] = re.findall(r"<bdi>(.*?)</bdi>", one)
            groups[name] = [html.unescape(student) for student in groups[name]]
            assert int(COUNT.search(one)[1]) == len(groups[name])
        told[heading] = groups
    return told


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the page, the table and the record of sixty students."""
    folder = tmp_path_factory.mktemp("class")
    results = made_up.results_of(60)
    write_table(folder, results)
    write_master(folder, RUN, results)
    path = write_class(folder, EXERCISES, results, [])
    rows = list(csv.DictReader((folder / "grades.csv").read_text("utf-8").splitlines()))
    record = json.loads((folder / "report.json").read_text("utf-8"))["results"]
    return path.read_text("utf-8"), rows, record


def recounted(record):
    """Return right, asked, and the students of each mistake, from the master record alone."""
    right, asked, named = Counter(), Counter(), defaultdict(lambda: defaultdict(set))
    for result in record:
        for question in result["questions"]:
            props = question["properties"]
            asked[question["number"]] += 1
            right[question["number"]] += all(
                case["status"] == "passed" for one in props for case in one["cases"]
            )
            for one in props:
                if one["mistake"]:
                    named[question["number"]][one["mistake"]].add(result["student"])
    return right, asked, named


def test_shares_and_mistakes_are_those_of_the_master_record(written):
    source, _, record = written
    right, asked, named = recounted(record)
    told = question_blocks(source)
    for question in made_up.EXERCISE.questions:
        number = question.number
        heading = f"{number} {question.function} {right[number]} of {asked[number]} right, "
        (groups,) = (told[one] for one in told if one.startswith(heading))
        assert {name: set(groups[name]) for name in named[number]} == named[number]
        others = Counter(name for name in groups if name not in named[number])
        assert set(others) <= {
            *("no known mistake", "raised", "stopped", "not attempted", "missing")
        }
        assert f"right: {right[number]} of {asked[number]}" in source
        everybody = {student for students in groups.values() for student in students}
        assert len(everybody) == asked[number] - right[number]


def test_the_three_most_common_mistakes_come_first(written):
    source, _, record = written
    _, asked, named = recounted(record)
    counts = sorted(
        (len(students) for mistakes in named.values() for students in mistakes.values()),
        reverse=True,
    )
    first = source.index("</ol>")
    assert first < source.index('<div class="question">')
    told = re.findall(r"<li><div class=\"many\">(\d+)<small>of (\d+)", source[:first])
    assert [int(count) for count, _ in told] == counts[:3]
    for count, whole, name, number in re.findall(
        r'many">(\d+)<small>of (\d+).*?<strong>(.*?)</strong> <span class="aside">(\S+)',
        source[:first],
        re.DOTALL,
    ):
        assert len(named[number][html.unescape(name)]) == int(count)
        assert asked[number] == int(whole)
        assert f"This is {name}. Look again." in source, "what the check says of it"


def test_points_and_absences_are_those_of_the_table(written):
    source, rows, _ = written
    absent = [row["student"] for row in rows if row["status"] == "missing"]
    (groups,) = (
        groups
        for heading, groups in question_blocks(source).items()
        if heading.startswith("Without a result")
    )
    assert [harmless(student) for student in groups["not handed in"]] == absent
    assert f"{len(rows) - len(absent)} of {len(rows)} handed it in." in text_of(source)
    had = Counter(int(float(row["points"])) for row in rows if row["status"] != "missing")
    told = re.search(r"<desc>(.*?)</desc>", source)[1]
    assert {int(at): int(n) for at, n in re.findall(r"(\d+) points: (\d+)", told)} == had


def test_the_hidden_property_lost_most_is_that_of_the_record(written):
    source, _, record = written
    lost = Counter(
        (question["number"], one["name"])
        for result in record
        for question in result["questions"]
        for one in question["properties"]
        if one["maximum"]
        and {case["status"] for case in one["cases"]} & {"wrong", "raised", "stopped"}
    )
    ((number, name), count) = lost.most_common(1)[0]
    found = re.search(
        r"lost most often is (.*?) of (\S+) \S+: by (\d+) of the (\d+)", text_of(source)
    )
    assert found.groups()[:3] == (name, number, str(count))


def test_questions_that_nobody_solved_are_named():
    source = page(EXERCISES, made_up.results_of(7, endings=("wrong",)), [])
    assert "Nobody solved 90.1 unit_rows , 90.2 softmax ." in text_of(source)
    source = page(EXERCISES, made_up.results_of(7, endings=("passed",) * 40), [])
    assert "Nobody solved" not in source


def test_a_class_that_handed_in_nothing_is_named_and_nothing_divided_by():
    source = page(EXERCISES, made_up.results_of(3, absent=1), [])
    assert "3 students, 0 of whom handed in something." in text_of(source)
    assert "Nobody has handed in anything yet." in source
    assert source.count("<li>") == 3
    assert '<svg class="points"' not in source


def test_a_class_of_one_is_no_class_of_students():
    source = page(EXERCISES, made_up.results_of(1, absent=0), [])
    assert "1 student, 1 of whom handed in something." in text_of(source)


def test_names_and_sources_are_shown_as_they_were_typed_and_run_nothing():
    results = made_up.results_of(len(made_up.NAMES), absent=0)
    source = page(EXERCISES, results, made_up.copies_of(results, 3))
    assert not re.search(r"<(script|img|iframe|object|embed|form|link|b|i)\b", source)
    assert not re.search(r"<[^>]*\son\w+=|javascript:", source.replace("&#34;", ""))
    assert "default-src 'none'" in source
    assert "return &#39;&lt;b&gt;&#39; + a" in source
    assert f'href="feedback/{file_name(made_up.NAMES[7])}.html"' in source


def test_near_copies_are_bounded_however_many_there_are():
    results = made_up.results_of(4, absent=0)
    long = made_up.copies_of(results, 2, source="x" * (MOST_SOURCE + 1))
    source = page(EXERCISES, results, long * (MOST_COPIES + 5))
    assert source.count('class="group copies"') == MOST_COPIES
    assert "and 5 more, which are shorter." in source
    assert "x" * MOST_SOURCE in source
    assert "x" * (MOST_SOURCE + 1) not in source


def test_every_picture_says_what_it_shows(written):
    source, _, _ = written
    pictures = re.findall(r"<svg.*?</svg>", source, re.DOTALL)
    assert len(pictures) > 10
    for one in pictures:
        assert re.match(r'<svg class="\w+"[^>]* role="img" aria-label="[^"]+">', one)
        assert re.search(r"<title>[^<]+</title>", one)


@needs("namespaces")
def test_a_run_writes_the_page_with_near_copies_and_the_words(tmp_path):
    own = RIGHT[3].replace("return", "y = 1\n    return") + "    return [x for x in y] + [y]\n"
    for student in ("ada", "bob"):
        answer = card(f"Because, {student} & co.")
        hand_in(tmp_path / "in", student, ASKING.name, with_texts((IMPORTS, own), *answer))
    hand_in(tmp_path / "in", "cy", ASKING.name, with_texts(RIGHT))
    settings = Settings(seed=5, backend="namespaces", limits=SMALL)
    grade([ASKING], tmp_path / "in", tmp_path / "out", settings)
    source = (tmp_path / "out" / "class.html").read_text("utf-8")
    assert "90.2 softmax ada , bob 2 ada def softmax(x):" in text_of(source)
    assert "90.5 In words 2 2" in text_of(source)
    words = text_of((tmp_path / "out" / "written.html").read_text("utf-8"))
    assert "1 point a reason 2 of 3 answered it; 2 await marking." in words
    assert "bob awaits marking Because, bob & co." in words


@needs("namespaces")
def test_where_nothing_is_asked_in_words_there_is_no_page_for_them(tmp_path):
    hand_in(tmp_path / "in", "ada", NUMPY.name, with_texts(HALF))
    settings = Settings(seed=5, backend="namespaces", limits=SMALL)
    grade([NUMPY], tmp_path / "in", tmp_path / "out", settings)
    assert (tmp_path / "out" / "class.html").exists()
    assert not (tmp_path / "out" / "written.html").exists()


@pytest.fixture(scope="module")
def browser():
    with browsing.chromium() as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("count", [0, 1, 3, 60, 500])
def test_a_phone_shows_all_of_it_and_asks_for_nothing(tmp_path, browser, count, scheme):
    results = made_up.results_of(count or 5, absent=0.1 if count else 1)
    path = write_class(tmp_path, EXERCISES, results, made_up.copies_of(results))
    heard, asked = [], []
    browser.on("console", lambda message: heard.append(message.text))
    browser.on("pageerror", lambda error: heard.append(str(error)))
    browser.on("request", lambda request: asked.append(request.url))
    browser.emulate_media(color_scheme=scheme)
    browser.set_viewport_size({"width": 390, "height": 800})
    browser.goto(path.as_uri())
    browser.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.evaluate("document.documentElement.scrollWidth") <= 390
    assert heard == []
    assert asked == [path.as_uri()]
    assert browser.evaluate(HIDDEN) == []
    assert browser.evaluate(FAINT) == []


HIDDEN = """[...document.querySelectorAll("h1, h2, h3, p, li, .name, .count, svg, pre")]
    .filter(one => { const box = one.getBoundingClientRect();
                     return box.width < 1 || box.height < 1 || box.right > innerWidth + 1 })
    .map(one => one.outerHTML.slice(0, 99))"""
FAINT = """(() => {
    const light = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
        .map(x => x / 255).map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b };
    const behind = one => { const colour = getComputedStyle(one).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" && one.parentElement
            ? behind(one.parentElement) : colour };
    const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    return [...document.querySelectorAll("h1, h2, p, li a, .name, .count, pre, .aside, small")]
        .filter(one => contrast(light(getComputedStyle(one).color), light(behind(one))) < 4.5)
        .map(one => one.outerHTML.slice(0, 99));
})()"""
"""Where text has less contrast than WCAG 2.1 asks for (1.4.3, AA)."""


def test_two_mistakes_at_once_are_both_explained():
    question = made_up.EXERCISE.questions[0]
    first, second = question.mistakes[:2]
    said = says([made_up.EXERCISE])
    both = said(question.number, f"{first.name} + {second.name}")
    assert both == f"{first.message} {second.message}"
    assert said(question.number, "no-return").startswith("returns nothing")
