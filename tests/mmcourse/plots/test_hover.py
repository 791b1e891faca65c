"""The picture to point at: what a page stores, and what it answers in a browser."""

import json
import re
from base64 import b64decode
from html import unescape
from io import BytesIO

import browsing
import numpy as np
import pytest
from PIL import Image

from mmcourse import plots

WHITE = np.full((6, 6, 3), 255, dtype=np.uint8)
ALT = "A white picture of four patches."
FIRST = np.array(
    [
        [0.2, 0.4, 0.2, 0.1, 0.1],  # the class token looks most at patch 0
        [0.0, 0.0, 0.0, 0.0, 1.0],  # patch 0 looks at patch 3
        [0.0, 0.0, 1.0, 0.0, 0.0],
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [1.0, 0.0, 0.0, 0.0, 0.0],  # patch 3 looks at no patch
    ]
)
SECOND = FIRST[[1, 0, 2, 3, 4]]
WORDS = {'a "cat" & <b>': [0, 63, 0, 0], "bus": [1, 1, 0, 2]}


@pytest.fixture
def stored(displayed):
    plots.hover(WHITE, [FIRST, SECOND], WORDS, alt=ALT)
    return displayed[0]


@pytest.fixture
def maps(stored):
    return json.loads(unescape(re.search(r'data-maps="([^"]*)"', stored[0]["text/html"])[1]))


def test_a_map_is_one_letter_a_patch_as_bright_as_its_brightest(maps):
    # shares 1, 0.5, 0.25, 0.25 of 63 levels: 63, 32 (31.5 to the even one), 16, 16
    assert maps["layers"][0][:4] == "/gQQ"
    assert maps["words"]["bus"] == "ggA/"
    assert maps["words"]['a "cat" & <b>'] == "A/AA"


def test_every_token_of_every_layer_has_its_map(maps):
    assert [len(layer) for layer in maps["layers"]] == [5 * 4, 5 * 4]
    assert maps["layers"][0][4:8] == "AAA/"
    assert maps["layers"][0][16:] == "AAAA"
    assert maps["side"] == 2


def test_a_still_picture_stands_in_the_page_too_and_beside_it(stored):
    data, known = stored
    sources = re.findall(r'<img alt="[^"]*"[^>]*base64,([^"]*)"', data["text/html"])
    assert [b64decode(source) for source in sources] == [data["image/png"]]
    assert known["image/png"]["alt"] == ALT
    assert data["text/plain"] == f"Figure: {ALT}"


def test_the_still_picture_is_lit_by_the_last_layer_and_two_words(stored):
    pixels = np.asarray(Image.open(BytesIO(stored[0]["image/png"])).convert("RGB")).astype(int)
    levels = {tuple(colour) for colour in pixels.reshape(-1, 3)}
    assert (51, 51, 51) in levels  # a white patch where a map is 0: a fifth of 255
    assert (153, 153, 153) in levels  # and where it is half: 0.2 + 0.8 / 2


def test_nothing_in_the_script_ends_it_early(stored):
    script = stored[0]["text/html"].partition("<script>")[2]
    assert script.count("</") == 1


def test_a_figure_of_a_tower_as_in_the_lesson_is_small(displayed):
    rng = np.random.default_rng(0)
    layers = rng.random((4, 65, 65))
    words = {str(number): rng.random(64) for number in range(8)}
    plain = np.kron(rng.integers(0, 255, (8, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    plots.hover(plain, list(layers), words, alt=ALT)
    assert len(displayed[0][0]["text/html"]) < 60_000


@pytest.mark.parametrize(
    ("layers", "words", "message"),
    [
        ([], WORDS, "layers must be at least one, with the same tokens; got shapes"),
        ([np.ones((5, 4))], WORDS, r"layer 1 must be \(tokens, tokens\).*got \(5, 4\)"),
        ([np.ones((4, 4))], WORDS, r"a class token and a square of patches; got \(4, 4\)"),
        ([np.ones((1, 1))], WORDS, r"a square of patches; got \(1, 1\)"),
        ([np.ones((5, 5)), np.ones((10, 10))], WORDS, "with the same tokens"),
        ([-np.ones((5, 5))], WORDS, "layer 1 must be finite and at least 0; got -1 to -1"),
        ([np.ones((5, 5))], {"cat": [1, 2, 3]}, r"'cat' must have shape \(4,\)"),
        ([np.ones((5, 5))], {"cat": [1, 2, 3, -4]}, "'cat' must be finite and at least 0"),
        ([np.ones((5, 5))], {}, "needs at least one series"),
    ],
)
def test_what_does_not_fit_is_refused(layers, words, message):
    with pytest.raises(ValueError, match=f"hover: .*{message}"):
        plots.hover(WHITE, layers, words, alt=ALT)


def test_a_picture_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match=r"hover: picture must be square.*got shape \(4, 6, 3"):
        plots.hover(WHITE[:4], [FIRST], WORDS, alt=ALT)


@pytest.fixture
def page(stored, tmp_path):
    file = tmp_path / "figure.html"
    file.write_text(f"<meta charset='utf-8'>{stored[0]['text/html']}", encoding="utf-8")
    with browsing.chromium() as shown:
        shown.goto(file.as_uri())
        yield shown


def light(page):
    """Return how much light each patch has, from 0.2 to 1."""
    shades = page.locator("svg rect[fill='#000']").all()
    return [round(1 - float(shade.get_attribute("fill-opacity")), 2) for shade in shades]


@pytest.mark.browser
def test_patches_layers_and_words_answer_when_pointed_at(page):
    said, patches = page.locator("[aria-live]"), page.locator("svg rect[fill='#000']")
    assert light(page) == [1, 1, 1, 1]
    assert not page.locator("img").is_visible()
    page.get_by_role("button", name="1", exact=True).hover()
    assert light(page) == [1, 0.61, 0.4, 0.4]
    assert said.inner_text() == "Layer 1: what the class token takes from each patch."
    assert [patches.nth(1).get_attribute(side) for side in ("x", "y")] == ["1", "0"]
    patches.nth(0).hover()
    assert light(page) == [0.2, 0.2, 0.2, 1]
    assert "the framed patch" in said.inner_text()
    page.get_by_role("button", name="cat").hover()
    assert light(page) == [0.2, 1, 0.2, 0.2]
    assert 'a "cat" & <b>' in said.inner_text()


@pytest.mark.browser
def test_keys_reach_words_and_the_picture_is_whole_again_without_the_mouse(page):
    button = page.get_by_role("button", name="bus")
    button.focus()
    assert light(page) == [0.61, 0.61, 0.2, 1]
    assert button.get_attribute("aria-pressed") == "true"
    page.locator("svg rect[fill='#000']").nth(3).hover()
    page.mouse.move(700, 500)
    assert light(page) == [1, 1, 1, 1]
