"""Minimal pairs: one caption true, one false, one difference, and no hint in the words."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from only_random import OnlyRandom
from reading import COLOURS, Claims, holds, read

from mmcourse.world.scenes.scene import Thing, relation
from mmcourse.world.scenes.vocabulary import HELD_OUT, SIGN_WORDS, SPLITS
from mmcourse.world.words.caption import caption_logprob
from mmcourse.world.words.facts import facts
from mmcourse.world.words.minimal_pairs import MinimalPair, minimal_pairs, swap_attributes
from mmcourse.world.words.twins import TWINS

KINDS_OF_PAIR = (
    "colour", "kind", "count", "binding", "left-right", "above-below", "negation",
    "written word",
)  # fmt: skip
N = 200
GOLDEN_PAIRS = [
    (
        "a drawing of a yellow flower in an underwater world",
        "a drawing of a green flower in an underwater world",
    ),
    ("an image of a grey tree", "an image of a grey crane"),
    ("four purple flowers", "three purple flowers"),
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
    ("an image of a tree and no crane", "an image of a crane and no tree"),
    (
        "a picture of a sign with the word fish in the woods",
        "a picture of a sign with the word zoo in the woods",
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
        ("written word", set(SIGN_WORDS)),
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


def test_negation_has_the_same_words_in_both_captions(
    pairs: dict[str, list[MinimalPair]],
) -> None:
    for pair in pairs["negation"]:
        true, false = (
            Counter("a" if word == "an" else word for word in text.split())
            for text in (pair.true, pair.false)
        )
        assert true == false
        assert read(pair.true).absent == read(pair.false).things[0].kinds
        assert read(pair.false).absent == read(pair.true).things[0].kinds


def test_numbers_are_one_apart(pairs: dict[str, list[MinimalPair]]) -> None:
    numbers = [(len(pair.scene.objects), len(pair.twin.objects)) for pair in pairs["count"]]
    assert set(numbers) == {(2, 3), (3, 2), (3, 4), (4, 3)}


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
def test_scene_and_twin_are_exactly_one_fact_apart(
    pairs: dict[str, list[MinimalPair]], kind: str
) -> None:
    for pair in pairs[kind]:
        one, other = pair.scene, pair.twin
        assert replace(one, objects=()) == replace(other, objects=())
        assert facts_apart(list(one.objects), list(other.objects)) == ONE_FACT[kind], pair


ONE_FACT = {
    "colour": "colour",
    "kind": "kind",
    "count": "one more",
    "binding": "colours exchanged",
    "left-right": "sides exchanged",
    "above-below": "places exchanged",
    "negation": "kind",
    "written word": "word",
}


def facts_apart(one: list[Thing], other: list[Thing]) -> str:
    """Return the fact in which two lists of things differ, every other field being equal."""
    if len(one) != len(other):
        fewer, more = sorted((one, other), key=len)
        added = [thing for thing in more if thing not in fewer]
        return "one more" if len(added) == 1 == len(more) - len(fewer) else f"{len(added)} new"
    changed = [changed_fields(*both) for both in zip(one, other, strict=True)]
    if len(one) == 1:
        consequences = {"pose", "word"} if "kind" in changed[0] else set()
        return " ".join(sorted(changed[0] - consequences))
    (first, second), (third, fourth) = one, other
    if changed == [{"colour"}] * 2 and both_ways(first, second, third, fourth, "colour"):
        return "colours exchanged"
    if changed == [{"position"}] * 2:
        if both_ways(first, second, third, fourth, "position"):
            return "places exchanged"
        heights = [(a.position[1], b.position[1]) for a, b in zip(one, other, strict=True)]
        mirrored = [a.position[0] + b.position[0] for a, b in zip(one, other, strict=True)]
        turned = {relation(first, second), relation(third, fourth)} == {"left of", "right of"}
        if turned and all(a == b for a, b in heights) and np.ptp(mirrored) < 1e-9:
            return "sides exchanged"
    return f"{changed}"


def changed_fields(one: Thing, other: Thing) -> set[str]:
    return {
        field.name
        for field in fields(Thing)
        if getattr(one, field.name) != getattr(other, field.name)
    }


def both_ways(first: Thing, second: Thing, third: Thing, fourth: Thing, name: str) -> bool:
    a, b, c, d = (getattr(thing, name) for thing in (first, second, third, fourth))
    return (a, b) == (d, c)


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
def test_all_that_words_know_of_scene_and_twin_is_equal_but_for_the_fact(
    pairs: dict[str, list[MinimalPair]], kind: str
) -> None:
    allowed = {
        "colour": {"things"},
        "kind": {"things", "level"},  # on plain paper a fish makes room for a cat
        "count": {"number"},
        "binding": {"things"},
        "left-right": {"relation"},
        "above-below": {"relation"},
        "negation": {"things", "level"},
        "written word": {"things"},
    }
    for pair in pairs[kind]:
        one, other = facts(pair.scene)._asdict(), facts(pair.twin)._asdict()
        differ = {name for name in one if one[name] != other[name]}
        assert differ, pair
        assert differ <= allowed[kind], pair


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
@pytest.mark.parametrize("split", ["held-out", "hard", "test"])
def test_a_twin_is_held_out_or_hard_where_its_scene_is(kind: str, split: str) -> None:
    ordinary = {"train", "validation", "test"}
    for pair in minimal_pairs(np.random.default_rng(6), 9, kind, split=split):
        assert pair.twin.split in (ordinary if split == "test" else {split})


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
def test_either_caption_is_true_of_its_own_picture_alone(
    pairs: dict[str, list[MinimalPair]], kind: str
) -> None:
    for pair in pairs[kind]:
        held = [
            [holds(read(text), scene) for text in (pair.true, pair.false)]
            for scene in (pair.scene, pair.twin)
        ]
        assert held == [[True, False], [False, True]], pair
        if kind != "negation":  # which the world's grammar never says
            said = [
                [caption_logprob(scene, text) > -math.inf for text in (pair.true, pair.false)]
                for scene in (pair.scene, pair.twin)
            ]
            assert said == held, pair


@pytest.mark.parametrize("kind", KINDS_OF_PAIR)
@pytest.mark.parametrize("blind", [len, hash, lambda text: text.count("a")])
def test_whoever_sees_no_picture_is_right_half_of_the_time(
    pairs: dict[str, list[MinimalPair]], kind: str, blind: Callable[[str], float]
) -> None:
    asked = [(pair.true, pair.false) for pair in pairs[kind]]
    asked += [(pair.false, pair.true) for pair in pairs[kind]]  # of the twin
    right = sum(
        0.5 if blind(true) == blind(false) else blind(true) > blind(false)
        for true, false in asked
    )
    assert right == N


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
