"""Minimal pairs: one caption true, one false, one difference, and no hint in the words."""

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from only_random import OnlyRandom
from reading import COLOURS, Claims, holds, read

from mmcourse.world.scenes.vocabulary import HELD_OUT, SPLITS
from mmcourse.world.words.minimal_pairs import MinimalPair, minimal_pairs, swap_attributes
from mmcourse.world.words.twins import TWINS

KINDS_OF_PAIR = ("colour", "kind", "count", "binding", "left-right", "above-below")
N = 200
GOLDEN_PAIRS = [
    (
        "a drawing of a yellow flower in an underwater world",
        "a drawing of a green flower in an underwater world",
    ),
    (
        "a picture of a green flower deep underwater",
        "a picture of a green mushroom deep underwater",
    ),
    (
        "an image of four purple flowers in the desert",
        "an image of three purple flowers in the desert",
    ),
    (
        "a drawing of a brown boat with an orange dog at night",
        "a drawing of an orange boat with a brown dog at night",
    ),
    (
        "a drawing of a brown boat right of an orange dog at night",
        "a drawing of a brown boat left of an orange dog at night",
    ),
    (
        "a photo of a grey balloon above a red crane",
        "a photo of a grey balloon below a red crane",
    ),
]


@pytest.fixture(scope="module")
def pairs() -> dict[str, list[MinimalPair]]:
    rng = np.random.default_rng(14)  # training scenes are found soonest, and they are biased
    return {kind: minimal_pairs(rng, N, kind, split="train") for kind in KINDS_OF_PAIR}


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("a red cat and a blue dog", "a blue cat and a red dog"),
        ("an orange cat and a blue dog", "a blue cat and an orange dog"),
        ("a person in grey next to an orange bus", "a person in orange next to a grey bus"),
        ("two gray cats with an orange", "two orange cats with a gray"),
        (
            "a photo of an owl, a red-hot blue fish and an orange umbrella at night",
            "a photo of an owl, a red-hot orange fish and a blue umbrella at night",
        ),
        ("a sign that says redo, black, not white", "a sign that says redo, white, not black"),
    ],
)
def test_colours_change_places_and_nothing_else_does(text: str, swapped: str) -> None:
    assert swap_attributes(text) == swapped
    assert swap_attributes(swapped) == text


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("a cat and a dog", "none"),
        ("a red cat and a dog", "red"),
        ("a red cat and a red dog", "red, red"),
        ("a grey cat and a gray dog", "grey, gray"),
        ("a red cat, a blue dog and a green bus", "red, blue, green"),
        ("a red cat, a blue dog and a red bus", "red, blue, red"),
        ("", "none"),
    ],
)
def test_texts_without_two_different_colours_are_refused(text: str, got: str) -> None:
    with pytest.raises(ValueError, match=rf"two colours that differ, .*; got {got} in"):
        swap_attributes(text)


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
def test_true_holds_and_false_does_not(pairs: dict[str, list[MinimalPair]], kind: str) -> None:
    assert len(pairs[kind]) == N
    for pair in pairs[kind]:
        assert holds(read(pair.true), pair.scene), pair
        assert not holds(read(pair.false), pair.scene), pair


def colourless(claims: Claims) -> Claims:
    return replace(claims, things=tuple(replace(named, colour="") for named in claims.things))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("colour", COLOURS | {"a", "an"}),
        ("count", {"two", "three", "four"}),
        ("binding", COLOURS | {"a", "an"}),
        ("left-right", {"left", "right"}),
        ("above-below", {"above", "below", "over", "under"}),
    ],
)
def test_captions_differ_in_one_sort_of_word(
    pairs: dict[str, list[MinimalPair]], kind: str, words: set[str]
) -> None:
    for pair in pairs[kind]:
        both = zip(pair.true.split(), pair.false.split(), strict=True)
        differ = {word for one, other in both if one != other for word in (one, other)}
        assert differ
        assert differ <= words, pair


def test_what_stands_is_never_shown_above(pairs: dict[str, list[MinimalPair]]) -> None:
    assert {pair.scene.setting for pair in pairs["above-below"]} == {"plain"}


def test_kind_pairs_differ_in_kind_alone(pairs: dict[str, list[MinimalPair]]) -> None:
    for pair in pairs["kind"]:
        true, false = read(pair.true), read(pair.false)
        assert not set(true.things[0].kinds) & set(false.things[0].kinds)
        nameless = [
            replace(claims, things=(replace(claims.things[0], kinds=()),))
            for claims in (true, false)
        ]
        assert nameless[0] == nameless[1], pair


def test_binding_pairs_swap_two_colours_that_differ(
    pairs: dict[str, list[MinimalPair]],
) -> None:
    for pair in pairs["binding"]:
        assert pair.false == swap_attributes(pair.true)
        assert colourless(read(pair.true)) == colourless(read(pair.false))


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
def test_words_alone_tell_nothing(pairs: dict[str, list[MinimalPair]], kind: str) -> None:
    """A model that sees no picture, trained on half of the pairs, guesses the other half."""
    seen, unseen = pairs[kind][: N // 2], pairs[kind][N // 2 :]
    true, false = (Counter[str](), Counter[str]())
    for pair in seen:
        true.update(hints(pair.true))
        false.update(hints(pair.false))

    def score(text: str) -> float:
        return sum(math.log((true[hint] + 1) / (false[hint] + 1)) for hint in hints(text))

    right = sum(
        0.5 if score(pair.true) == score(pair.false) else score(pair.true) > score(pair.false)
        for pair in unseen
    )
    assert abs(right - len(unseen) / 2) < 4 * math.sqrt(len(unseen) / 4)


def hints(text: str) -> set[str]:
    """Return a text's words, pairs of neighbouring words, and the text itself."""
    words = text.split()
    return {*words, *map(" ".join, pairwise(words)), text}


def test_a_bias_of_the_world_is_no_hint() -> None:
    """Most buses of the training split are yellow; the caption is still false half the time."""
    rng = np.random.default_rng(3)
    found = [
        pair
        for pair in minimal_pairs(rng, 1_500, "colour", split="train")
        if "yellow bus" in pair.true + pair.false
    ]
    assert len(found) > 30
    true = sum("yellow bus" in pair.true for pair in found)
    assert abs(true - len(found) / 2) < 4 * math.sqrt(len(found) / 4)


def test_more_is_not_truer(pairs: dict[str, list[MinimalPair]]) -> None:
    more = sum(
        read(pair.true).things[0].number > read(pair.false).things[0].number
        for pair in pairs["count"]
    )
    assert abs(more - N / 2) < 4 * math.sqrt(N / 4)


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
@pytest.mark.parametrize("split", SPLITS)
def test_scenes_come_from_the_split_asked_for(kind: str, split: str) -> None:
    for pair in minimal_pairs(np.random.default_rng(1), 9, kind, split=split):
        assert pair.scene.split == split
        assert holds(read(pair.true), pair.scene)
        for named in read(pair.false).things:
            held_out = {(kind, named.colour) in HELD_OUT for kind in named.kinds}
            assert split == "held-out" or False in held_out


def test_every_wording_and_many_kinds_occur(pairs: dict[str, list[MinimalPair]]) -> None:
    texts = [pair.true for kind in KINDS_OF_PAIR for pair in pairs[kind]]
    starts = Counter(" ".join(text.split()[:3]) for text in texts)
    for opening in ("a photo of", "a picture of", "an image of", "a drawing of"):
        assert starts[opening] > N / 2  # a fifth of 1,200 each
    assert len({read(pair.true).things[0].kinds for pair in pairs["colour"]}) > 15


def test_same_start_same_pairs_everywhere() -> None:
    found = [minimal_pairs(np.random.default_rng(77), 1, kind)[0] for kind in KINDS_OF_PAIR]
    assert [(pair.true, pair.false) for pair in found] == GOLDEN_PAIRS


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
def test_draws_only_through_random(kind: str) -> None:
    drawn = minimal_pairs(OnlyRandom(2), 3, kind)
    assert drawn == minimal_pairs(np.random.default_rng(2), 3, kind)


def test_scenes_are_test_scenes_unless_asked_otherwise(rng: np.random.Generator) -> None:
    assert {pair.scene.split for pair in minimal_pairs(rng, 5, "colour")} == {"test"}


def test_none_asked_for_gives_none(rng: np.random.Generator) -> None:
    assert minimal_pairs(rng, 0, "colour") == []


def test_every_kind_of_pair_is_tested() -> None:
    assert tuple(TWINS) == KINDS_OF_PAIR


def test_bad_values_are_named(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match=r"n must be 0 or more; got -1"):
        minimal_pairs(rng, -1, "colour")
    with pytest.raises(ValueError, match=r"kind must be one of colour, .*; got 'size'"):
        minimal_pairs(rng, 1, "size")
    for n in (0, 1):
        with pytest.raises(ValueError, match=r"^minimal_pairs: split must be .*; got 'tset';"):
            minimal_pairs(rng, n, "colour", split="tset")


@pytest.mark.parametrize("whole", [np.int64, np.uint8])
def test_numbers_of_numpy_are_numbers(whole: type[np.integer]) -> None:
    found = minimal_pairs(np.random.default_rng(4), whole(3), "colour")
    assert found == minimal_pairs(np.random.default_rng(4), 3, "colour")


@pytest.mark.usefixtures("unchecked")
def test_bad_arguments_say_what_to_pass(rng: np.random.Generator) -> None:
    with pytest.raises(
        TypeError, match=r"minimal_pairs: rng must be a numpy Generator; got int"
    ):
        minimal_pairs(0, 1, "colour")
    with pytest.raises(ValueError, match=r"kind must be one of .*; got \['colour'\]; pass one"):
        minimal_pairs(rng, 1, ["colour"])
    with pytest.raises(ValueError, match=r"split must be one of .*; got \['test'\]; pass one"):
        minimal_pairs(rng, 1, "colour", split=["test"])
    for n in (1.0, True, "3", np.bool_(1), np.array([1, 2])):
        with pytest.raises(TypeError, match=rf"n must be an integer; got {type(n).__name__}"):
            minimal_pairs(rng, n, "colour")
    with pytest.raises(TypeError, match=r"swap_attributes: text must be a string; got list"):
        swap_attributes(["a red cat and a blue dog"])
