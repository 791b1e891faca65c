"""The query box: what stands below it after each query, errors included."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mmcourse import plots

RED = np.full((5, 7, 3), [200, 0, 0], dtype=np.uint8)
BLUE = np.full((5, 7, 3), [0, 0, 200], dtype=np.uint8)


@pytest.fixture
def asked():
    return []


@pytest.fixture
def box(asked):
    def search(query):
        asked.append(query)
        match query:
            case "break":
                raise KeyError("<no such row>")
            case "nothing":
                return []
            case "odd":
                return [(RED[0], "a row")]
            case "<b>":
                return [(RED, "a <b>old caption")]
        return [(RED, "a red one"), (BLUE, "a blue one")]

    return plots.query_box(search, "red")


def ask(box, query):
    box.children[0].value = query
    return box.children[1].value


def test_what_is_found_first_stands_there_at_once(box, asked):
    assert asked == ["red"]
    assert box.children[0].value == "red"
    alt = re.search(r'alt="([^"]*)"', box.children[1].value).group(1)
    assert alt == "Found for \u201cred\u201d, the best first: a red one; a blue one."


def test_pictures_stand_in_their_order(box):
    file = re.search(r"base64,([^\"]*)", box.children[1].value).group(1)
    pixels = np.asarray(Image.open(BytesIO(b64decode(file))).convert("RGB"))
    columns = [np.nonzero((pixels == colour).all(-1))[1] for colour in (RED[0, 0], BLUE[0, 0])]
    assert columns[0].size > 0
    assert columns[0].max() < columns[1].min()


def test_a_saved_notebook_keeps_what_was_found_first(box):
    ask(box, "blue")
    data, known = box._repr_mimebundle_()
    assert known["image/png"]["alt"].startswith("Found for \u201cred\u201d, the best first: ")
    assert data["image/png"].startswith(b"\x89PNG")


def test_a_saved_notebook_keeps_the_word_that_nothing_was_found():
    data, known = plots.query_box(lambda query: [], "red")._repr_mimebundle_()
    assert (data["text/plain"], known) == ("Nothing was found for red.", {})
    assert "image/png" not in data


def test_enter_searches_again_with_the_space_around_it_gone(box, asked):
    before = box.children[1].value
    assert ask(box, "  blue ") != before
    assert asked == ["red", "blue"]
    assert not box.children[0].continuous_update


def test_errors_are_shown_and_the_box_lives_on(box):
    assert "KeyError: &#x27;&lt;no such row&gt;&#x27;" in ask(box, "break")
    assert "query_box: each must be (height, width, 3)" in ask(box, "odd")
    assert "<img" in ask(box, "blue")


def test_no_query_and_no_result_are_said_in_words(box, asked):
    assert "Type what you look for" in ask(box, "   ")
    assert asked == ["red"]
    assert "Nothing was found for nothing." in ask(box, "nothing")


def test_a_box_may_ask_for_something_else():
    box = plots.query_box(
        lambda typed: [(RED, typed)], "owl", label="Prompt", heading=lambda typed: f"{typed}!"
    )
    assert box.children[0].description == "Prompt"
    assert 'alt="owl! owl."' in box.children[1].value
    assert 'alt="cat! cat."' in ask(box, "cat")


def test_notes_stand_above_the_pictures_and_in_the_saved_words():
    seen = []

    def notes(typed, pictures):
        seen.append((typed, pictures))
        return ["The <b> is unread."]

    box = plots.query_box(lambda typed: [(RED, "a red one")], "a <b>", notes=notes)
    assert seen == [("a <b>", [RED])]
    note, figure = (box.children[1].value.index(what) for what in ("The &lt;b&gt; is", "<img"))
    assert note < figure
    assert box._repr_mimebundle_()[1]["image/png"]["alt"].startswith("The <b> is unread. Found")


def test_notes_are_said_where_nothing_was_found_too():
    box = plots.query_box(lambda typed: [], "owl", notes=lambda *_: ["No owl was learnt."])
    assert "Nothing was found for owl. No owl was learnt." in box.children[1].value


def test_an_error_of_the_heading_is_shown_too():
    box = plots.query_box(lambda typed: [(RED, typed)], "owl", heading=lambda typed: typed[9])
    assert "IndexError" in box.children[1].value


def test_words_of_the_reader_and_of_captions_are_safe_in_a_page(box):
    answer = ask(box, "<b>")
    assert "<b>" not in answer
    assert "a &lt;b&gt;old caption" in answer


def test_long_captions_are_cut_into_lines():
    caption = "an orange owl beside three blue umbrellas in a snowy field at night"
    box = plots.query_box(lambda query: [(RED, caption)] * 3, "owl")
    assert caption in box.children[1].value
    assert "\n" not in re.search(r'alt="([^"]*)"', box.children[1].value).group(1)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("first", ["", "  "])
def test_an_empty_first_query_is_refused(first):
    with pytest.raises(ValueError, match=r"query_box: first must say what to look for"):
        plots.query_box(lambda query: [], first)
    with pytest.raises(TypeError, match=r"query_box: first must be a string; got None"):
        plots.query_box(lambda query: [], None)
