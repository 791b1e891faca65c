"""The playground's texts against mmcourse: tokens, vectors, and what is made of them."""

# ruff: noqa: RUF001 - texts in every script

import unicodedata

import ftfy
import numpy as np
import pytest
import torch
from playing import ask, stored

from mmcourse import clip, similarity
from mmcourse.checkpoints import known_tokens
from mmcourse.losses import clip_loss
from mmcourse.retrieval import Index
from mmcourse.tokenizer import clip_vocabulary
from mmcourse.unknown_words import unknown_words
from mmcourse.zeroshot import build_classifier, probabilities

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUERIES = [
    *("a red cat", "two boats", "at night", "underwater", "a cute red cat", "", ".", "CAT!!"),
    *("xylophone zebra", "a house in the snow", "naïve café ☕️ cat", "a sign that says stop"),
]
STRANGE = [
    "“red” cat’s ʼtis ‛a cat‟",
    "ﬁsh ﬆop ﬅop ŉ ǆ Ĳ",
    "ＣＡＴ　ｃａｔ ﾊ",
    "cafe\u0301 café",
    "cat\x85dog\u2028a\u2029b\r\nc\rd\x0be\x1cf",
    "\x1b[31mred\x1b[0m cat \x1b[١m",
    "a\ufeffb\u206ac\ufffcd\x07e",
    "\x93cat\x94 \x80",
    "\u3000cat\u180e\u200bdog\u2009a",
    "&amp;lt; &eacute &notit; &semi; &semi &ampx &bogus; &am",
    "&EACUTE; &eACUTE; &AMP; &LT",
    "&#x41; &#0; &#x80; &#xD800; &#x110000; &#xFFFE;",
    "&#11; &#x1f; &#59; &#x3B; &#xfdd0;",
    "<b>&EACUTE;</b>",
    "&EACUTE;\n<b>&EACUTE;\n&EACUTE;",
    "cat\u0345red '\u0345",
    "İ ΣΑΣ ß ẞ ΐ",
    "'\u017f <|\u017ftartoftext|>",
    "<|startoftext|> cat<|endoftext|>dog it's IT'S we'll",
    "straße STRASSE ıx ix ſx sx ΣΑΣ σας",
    "cab Cab CAB cab’s 4x4",
]
EMOJI = "☕🐈👩🏽‍🚀🏳️‍🌈❤️🚌"


@pytest.fixture(scope="module")
def page(kept):
    return kept


@pytest.fixture(scope="module")
def features(folder):
    return stored(folder)


@pytest.fixture(scope="module")
def captions(page):
    settings = ask(page, "() => PAGE.settings")
    return [*settings["captions"], *settings["usual"]]


@pytest.fixture(scope="module")
def texts(captions):
    """Return 10,000 texts: captions, words of the vocabulary, random strings."""
    rng = np.random.default_rng(7)
    words = [token.removesuffix("</w>") for token in clip_vocabulary().tokens]
    chosen = [words[i] for i in rng.permutation(len(words))[:6000]]
    ascii_texts = [random_text(rng, [chr(i) for i in range(128)]) for _ in range(1700)]
    old = unicodedata.ucd_3_2_0  # every browser and Python agrees on what these are
    assigned = [
        chr(i) for i in range(0x30000) if old.category(chr(i)) not in ("Cn", "Cs", "Co")
    ]
    scripts = [c for c in assigned if not 0x3400 <= ord(c) <= 0xD7A3] + [*EMOJI] * 20
    odd = [random_text(rng, scripts) for _ in range(1700 - len(STRANGE))]
    return [*captions, *chosen, *ascii_texts, *STRANGE, *odd]


def random_text(rng, characters):
    """Return some characters, among them words, spaces, quotes and entities."""
    pieces = [
        "cat",
        " red ",
        "'s",
        "&amp;",
        "&eacute;",
        "&NTILDE;",
        "&#233;",
        "&lt",
        "\n",
        "<b>",
    ]
    many = int(rng.integers(1, 12))
    return "".join(
        str(rng.choice(pieces))
        if rng.random() < 0.3
        else characters[rng.integers(len(characters))]
        for _ in range(many)
    )


def decoded_wrongly(text):
    """Return whether ftfy guesses that letters were decoded wrongly; the page does not."""
    return ftfy.fix_text(text) != ftfy.fix_text(text, fix_encoding=False)


def test_tokens_of_ten_thousand_texts_are_pythons(page, texts):
    assert len(texts) == 10_000
    found = ask(page, "(texts) => texts.map((text) => PAGE.tokenizer.encode(text))", texts)
    vocabulary = clip_vocabulary()
    differ = [
        text for text, ids in zip(texts, found, strict=True) if ids != vocabulary.encode(text)
    ]
    assert [text for text in differ if text.isascii() or not decoded_wrongly(text)] == []
    assert len(differ) < 100


def test_letters_that_were_decoded_wrongly_stay_as_they_are(page):
    broken = "a cafÃ© cat"
    assert decoded_wrongly(broken)
    assert ask(page, "(text) => cleaned(text)", broken) == "a cafã© cat"


def test_unknown_words_are_pythons(page, texts, model):
    some = [*texts[::4], *STRANGE]
    known, vocabulary = known_tokens(model).tolist(), clip_vocabulary()
    found = ask(page, "(texts) => texts.map((text) => PAGE.unknownWords(text))", some)
    wrong = [
        text
        for text, words in zip(some, found, strict=True)
        if words != unknown_words(text, vocabulary, known) and not decoded_wrongly(text)
    ]
    assert wrong == []
    assert sum(map(bool, found)) > 1000


def directions(model, texts):
    """Return one unit vector a text."""
    with torch.inference_mode():
        return similarity.l2_normalize(model.encode_text(clip.tokenize(texts))).numpy()


def test_text_vectors_are_pythons(page, model, captions):
    some = [*QUERIES, *captions[::9]]
    found = ask(
        page, "(texts) => texts.map((text) => [...unit(PAGE.textFeatures(text))])", some
    )
    np.testing.assert_allclose(found, directions(model, some), atol=1e-5)


def test_the_first_five_of_fifty_queries_are_pythons(page, model, features, captions):
    queries = [*QUERIES, *captions[-38:]]
    assert len(queries) == 50
    _, expected = Index.from_features(features).search_many(directions(model, queries), k=5)
    search = "ranking(PAGE.cosines(unit(PAGE.textFeatures(text)))).slice(0, 5)"
    found = ask(page, f"(texts) => texts.map((text) => {search})", queries)
    assert found == expected.tolist()


@pytest.mark.parametrize("normalised", [True, False])
def test_probabilities_are_pythons(page, model, features, normalised):
    labels = ["cat", "dog", "zebra", "red house"]
    prompts = [f"a photo of a {label}" for label in labels]
    options = {"temperature": 0.05, "normalised": normalised}
    found = ask(
        page,
        "([prompts, options]) => [3, 77].map((picture) => "
        "[...probabilities(PAGE, PAGE.features[picture], prompts, options)])",
        [prompts, options],
    )
    images = torch.from_numpy(features[[3, 77]])
    with torch.inference_mode():
        if normalised:
            columns = build_classifier(model, labels, "a photo of a {}")
            expected = probabilities(images, columns, scale=20.0)
        else:
            raw = model.encode_text(clip.tokenize(prompts))
            expected = (20.0 * images @ raw.T).softmax(dim=-1)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_sums_find_the_five_that_python_finds(page, model, features):
    asked = [(3, "a blue cat", "a red cat"), (50, "at night", ""), (299, "", "on the beach")]
    index = Index.from_features(features, model=model)
    expected = []
    for picture, *words in asked:
        plus, minus = ([text] if text else [] for text in words)
        query = index.compose(like=picture, plus=plus, minus=minus)
        expected.append(index.search_many(query[None], k=5)[1][0].tolist())
    find = """(asked) => asked.map(([picture, plus, minus]) => {
      const direction = summed(PAGE, { direction: PAGE.directions[picture] }, plus, minus);
      return ranking(PAGE.cosines(direction)).slice(0, 5);
    })"""
    assert ask(page, find, asked) == expected


def test_loss_and_softmaxes_of_eight_pairs_are_pythons(page, model, features, captions):
    pictures, said = list(range(40, 48)), captions[41:49]  # each caption is its neighbour's
    find = """([pictures, said]) => {
      const cosines = cosineMatrix(PAGE, pictures, said);
      const logits = cosines.map((row) => row.map((cosine) => 10 * cosine));
      const both = [false, true].map((columns) => shares(logits, { columns }));
      return [contrastiveLoss(logits).loss, ...both];
    }"""
    loss, rows, columns = ask(page, find, [pictures, said])
    images, texts = (
        torch.from_numpy(features[pictures]),
        torch.from_numpy(directions(model, said)),
    )
    logits = 10 * similarity.cosine_matrix(images, texts)
    assert loss == pytest.approx(clip_loss(images, texts, 10.0).item(), abs=1e-5)
    np.testing.assert_allclose(rows, logits.softmax(dim=1), atol=1e-5)
    np.testing.assert_allclose(columns, logits.softmax(dim=0), atol=1e-5)
