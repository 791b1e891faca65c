"""The grammar says texts and weighs them; an enumeration of the tree is the oracle."""

import math
from collections import Counter

import numpy as np
import pytest
from enumeration import every_text
from only_random import OnlyRandom

from mmcourse.world.words.grammar import (
    NOTHING,
    Choice,
    Node,
    Sequence,
    Words,
    either,
    logprob,
    maybe,
    one_of,
    sample,
    weighted,
    with_articles,
)

PET = Sequence(
    (
        weighted({"": 0.5, "a photo of": 0.3, "an image of": 0.2}),
        Words("a"),
        maybe(0.25, one_of("small", "orange")),
        weighted({"cat": 0.8, "owl": 0.2}),
    )
)


def random_tree(rng: np.random.Generator, depth: int) -> Node:
    """Return a tree over so few words that many texts have several derivations."""
    kind = rng.integers(3) if depth else 0
    if kind == 0:
        return Words(["", "x", "y", "x y", "y y", "a x", "an egg"][rng.integers(7)])
    parts = tuple(random_tree(rng, depth - 1) for _ in range(rng.integers(1, 4)))
    if kind == 1:
        return Sequence(parts)
    return Choice(parts, tuple(rng.uniform(0.1, 2, len(parts))))


def test_probability_is_the_product_of_the_choices_made() -> None:
    # by hand: 0.3 (a photo of) * 0.25 / 2 (orange) * 0.8 (cat)
    assert math.exp(logprob(PET, "a photo of an orange cat")) == pytest.approx(0.03, rel=1e-12)
    assert math.exp(logprob(PET, "an owl")) == pytest.approx(0.5 * 0.75 * 0.2, rel=1e-12)


def test_two_derivations_of_one_text_add_up() -> None:
    twice = Sequence((maybe(0.5, Words("big")), weighted({"big cat": 0.1, "cat": 0.9})))
    # "big" + "cat" is 0.5 * 0.9, "" + "big cat" is 0.5 * 0.1
    assert math.exp(logprob(twice, "big cat")) == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("start", range(40))
def test_weighs_every_text_as_an_enumeration_does(start: int) -> None:
    tree = random_tree(np.random.default_rng(start), 3)
    texts = every_text(tree)
    assert sum(texts.values()) == pytest.approx(1, rel=1e-12)
    for text, probability in texts.items():
        assert math.exp(logprob(tree, text)) == pytest.approx(probability, rel=1e-9)
    for text in ("z", "x z", "a egg", "x  y", " x", "x "):
        assert logprob(tree, text) == -math.inf
    for text in {"", "x", "y", "x y", "y x", "x x y", "an egg"} - set(texts):
        assert logprob(tree, text) == -math.inf


def test_says_texts_as_often_as_it_weighs_them() -> None:
    rng, n = np.random.default_rng(7), 5_000
    said = Counter(sample(PET, rng) for _ in range(n))
    texts = every_text(PET)
    assert set(said) == set(texts)
    for text, probability in texts.items():
        sigma = math.sqrt(n * probability * (1 - probability))
        assert abs(said[text] - n * probability) < 4 * sigma, text


def test_article_follows_the_next_word_however_the_tree_spells_it() -> None:
    for article in ("a", "an"):
        noun = Sequence((Words(article), one_of("cat", "owl")))
        assert every_text(noun) == {"a cat": 0.5, "an owl": 0.5}
        said = {sample(noun, np.random.default_rng(start)) for start in range(20)}
        assert said == {"a cat", "an owl"}


@pytest.mark.parametrize("text", ["a owl", "an cat", "an photo of a cat", "a photo of a owl"])
def test_a_wrong_article_has_probability_zero(text: str) -> None:
    assert logprob(PET, with_articles(text)) > -math.inf
    assert logprob(PET, text) == -math.inf


def test_articles_change_only_where_they_stand_alone() -> None:
    text = "a orange in an hand, a banana, vitamin-a or b and an apple"
    put_right = "an orange in a hand, a banana, vitamin-a or b and an apple"
    assert with_articles(text) == put_right == with_articles(put_right)


def test_weights_need_not_sum_to_one() -> None:
    assert math.exp(logprob(weighted({"x": 3, "y": 1}), "x")) == pytest.approx(0.75, rel=1e-12)


def test_chances_of_zero_and_one_leave_no_choice() -> None:
    x, y = Words("x"), Words("y")
    assert either(1, x, y) is x
    assert either(0, x, y) is y
    assert maybe(0, x) is NOTHING


def test_optional_choice_takes_a_single_draw() -> None:
    rng, twin = OnlyRandom(3), np.random.default_rng(3)
    sample(maybe(0.5, weighted({"x": 0.9, "y": 0.1})), rng)
    twin.random()
    assert rng.random() == twin.random()


def test_draws_only_through_random() -> None:
    assert sample(PET, OnlyRandom(11)) == sample(PET, np.random.default_rng(11))


def test_vocabulary_is_every_word_it_says() -> None:
    said = {word for text in every_text(PET) for word in text.split()}
    assert PET.vocabulary == said - {"an"}  # the article counts once


@pytest.mark.parametrize("text", [" x", "x ", "x  y", "x\ty", " "])
def test_stray_spaces_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Words: text must hold words separated by single"):
        Words(text)


@pytest.mark.parametrize(
    "weights", [(), (1.0,), (1.0, 0.0), (1.0, -2.0), (1.0, math.inf), (math.nan, 1.0)]
)
def test_weights_that_are_no_weights_are_refused(weights: tuple[float, ...]) -> None:
    message = r"Choice: there must be one positive weight for each option; got 2 options"
    with pytest.raises(ValueError, match=message):
        Choice((Words("x"), Words("y")), weights)


def test_choice_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"got 0 options"):
        Choice((), ())


@pytest.mark.usefixtures("unchecked")
def test_bad_arguments_say_what_to_pass() -> None:
    with pytest.raises(
        TypeError, match=r"sample: rng must be a numpy Generator; got int; pass"
    ):
        sample(PET, 0)
    with pytest.raises(TypeError, match=r"logprob: text must be a string; got list; pass"):
        logprob(PET, ["a cat"])
