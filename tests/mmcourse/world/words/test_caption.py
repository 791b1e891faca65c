"""Captions are true, and weighed exactly.

The oracles are `reading.py`, a reader that knows nothing of the grammar, and counting.
"""

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from by_hand import scene_of, thing
from enumeration import every_text
from reading import holds, read

from mmcourse.world.scenes.sampling import sample_scene
from mmcourse.world.scenes.scene import Scene
from mmcourse.world.scenes.vocabulary import KINDS, SPLITS, STYLES
from mmcourse.world.words.caption import caption, caption_grammar, caption_logprob
from mmcourse.world.words.facts import Facts, facts
from mmcourse.world.words.phrases import FULL, USUAL


def many_scenes(n: int) -> list[Scene]:
    """Return scenes of every split, style and width, so also hard ones."""
    rng = np.random.default_rng(9)
    ways = list(product(SPLITS, STYLES, (1.0, 1.7)))
    return [
        sample_scene(rng, split=split, style=style, aspect=aspect)
        for split, style, aspect in (ways[index % len(ways)] for index in range(n))
    ]


SCENES_SEEN = many_scenes(240)
FISH = scene_of(thing("fish", "grey", 0.2))
PAIR = scene_of(thing("bird", "grey", 0.3), thing("bus", "red", 0.7), setting="night")


@pytest.mark.parametrize("full", [False, True])
def test_everything_said_is_true(rng: np.random.Generator, full: bool) -> None:
    for scene in SCENES_SEEN:
        said = caption(scene, rng, full=full)
        assert holds(read(said), scene), f"{said} / {scene}"


@pytest.mark.parametrize("full", [False, True])
def test_every_caption_has_a_finite_weight(rng: np.random.Generator, full: bool) -> None:
    for scene in SCENES_SEEN:
        said = caption(scene, rng, full=full)
        assert -math.inf < caption_logprob(scene, said, full=full) < 0, said


def test_a_caption_that_claims_something_false_has_no_weight(rng: np.random.Generator) -> None:
    false = 0
    for scene, other in pairwise(SCENES_SEEN):
        said = caption(other, rng)
        if not holds(read(said), scene):
            false += 1
            assert caption_logprob(scene, said) == -math.inf, f"{said} / {scene}"
    assert false > 220  # of 239: the test has seen false captions


def test_one_false_word_takes_all_weight() -> None:
    scene = scene_of(thing("cat", "red", 0.2, size=0.2), setting="night", style="sketch")
    true = "a sketch of a small red cat sitting on the left at night"
    assert caption_logprob(scene, true) > -math.inf
    for word, wrong in [
        ("small", "big"),
        ("red", "orange"),
        ("cat", "dog"),
        ("cat", "cats"),
        ("sitting", "sleeping"),
        ("left", "right"),
        ("at night", "at sunset"),
        ("a sketch", "a flat drawing"),
        ("a small", "two small"),
    ]:
        assert caption_logprob(scene, true.replace(word, wrong)) == -math.inf, wrong


@pytest.mark.parametrize(
    ("scene", "full"),
    [
        (FISH, False),
        (FISH, True),
        (scene_of(thing("cat", pose="sleeping"), setting="sunset"), True),
        (scene_of(thing("bus", "red", 0.3), thing("fish", "grey", 0.7)), False),
        (scene_of(thing("crane_bird", x=0.3), thing("crane_machine", x=0.7)), True),
    ],
)
def test_weights_sum_to_one_and_agree_with_an_enumeration(scene: Scene, full: bool) -> None:
    texts = every_text(caption_grammar(facts(scene), FULL if full else USUAL))
    assert sum(texts.values()) == pytest.approx(1, rel=1e-9)
    for text, probability in texts.items():
        weight = math.exp(caption_logprob(scene, text, full=full))
        assert weight == pytest.approx(probability, rel=1e-9)


@pytest.mark.parametrize("scene", [FISH, PAIR])
def test_captions_come_as_often_as_they_are_weighed(scene: Scene) -> None:
    rng, n = np.random.default_rng(12), 4_000
    said = Counter(caption(scene, rng) for _ in range(n))
    for text, times in said.most_common(25):
        probability = math.exp(caption_logprob(scene, text))
        sigma = math.sqrt(n * probability * (1 - probability))
        assert abs(times - n * probability) < 4 * sigma, text


def test_weight_of_a_caption_by_hand() -> None:
    # 0.94 not "flat", 0.24 "a photo of", 0.7 colour, 0.6 "grey" not "gray", 0.55 no side,
    # 0.9 no place; a fish has no other name
    weight = math.exp(caption_logprob(FISH, "a photo of a grey fish"))
    assert weight == pytest.approx(0.94 * 0.24 * 0.7 * 0.6 * 0.55 * 0.9, rel=1e-9)


def test_full_captions_name_every_attribute_that_has_a_word(rng: np.random.Generator) -> None:
    for scene in SCENES_SEEN:
        claims = read(caption(scene, rng, full=True))
        assert claims.setting == ("" if scene.setting == "plain" else scene.setting)
        assert claims.style == scene.style or scene.style == "flat"
        for named in claims.things:
            shown = next(thing for thing in scene.objects if thing.kind == named.kinds[0])
            assert named.kinds == (shown.kind,)
            assert (named.colour, named.word) == (shown.colour, shown.word)
            assert named.pose == (shown.pose if len(KINDS[shown.kind].poses) > 1 else "")
        if scene.layout == "single":
            assert claims.side == (scene.side(scene.objects[0]) or "")
            assert claims.things[0].size == (scene.objects[0].size_word or "")
        if scene.layout == "pair":
            assert claims.relation in ("left of", "right of", "above", "below")


def unlike(known: Facts, other: Facts) -> bool:
    """Return whether two scenes differ in more than place, style or how near a pair is."""
    return any(
        getattr(known, fact) != getattr(other, fact)
        for fact in ("things", "number", "size", "side", "relation")
    )


def test_different_facts_give_different_full_captions(rng: np.random.Generator) -> None:
    for scene in SCENES_SEEN[:25]:
        said = caption(scene, rng, full=True)
        for other in SCENES_SEEN:
            if unlike(facts(scene), facts(other)):
                assert caption_logprob(other, said, full=True) == -math.inf, f"{said} / {other}"


def test_one_changed_fact_changes_every_full_caption(rng: np.random.Generator) -> None:
    scene = scene_of(
        thing("crane_bird", "grey", 0.2, size=0.2), setting="night", style="sketch"
    )
    said = caption(scene, rng, full=True)
    changed = [replace(scene, setting="snow"), replace(scene, style="washed-out")]
    for change in (
        {"kind": "crane_machine", "pose": ""},
        {"colour": "black"},
        {"size": 0.3},
        {"size": 0.4},
        {"position": (0.5, 0.6)},
        {"position": (0.4, 0.6)},
        {"position": (0.8, 0.6)},
    ):
        changed.append(replace(scene, objects=(replace(scene.objects[0], **change),)))
    changed.append(replace(scene, objects=scene.objects * 2))
    assert caption_logprob(scene, said, full=True) > -math.inf
    for other in changed:
        assert caption_logprob(other, said, full=True) == -math.inf, other


def test_order_of_objects_and_small_differences_play_no_part() -> None:
    first, second = PAIR.objects
    same = replace(
        PAIR, objects=(replace(second, look=5), replace(first, facing="left")), look=3
    )
    for start in range(30):
        said = caption(PAIR, np.random.default_rng(start))
        assert caption(same, np.random.default_rng(start)) == said
        assert caption_logprob(same, said) == caption_logprob(PAIR, said)


@pytest.mark.parametrize(
    ("scene", "got"),
    [
        (scene_of(), "none; add one"),
        (scene_of(*[thing()] * 5), "5; leave some out"),
        (
            scene_of(thing(x=0.2), thing("dog"), thing("bus", x=0.8)),
            "3 that differ; leave some out",
        ),
    ],
)
def test_scenes_that_have_no_caption_are_refused(
    scene: Scene, got: str, rng: np.random.Generator
) -> None:
    message = rf"^caption(_logprob)?: a scene must hold one thing, .*; got {got}\.$"
    for describe in (lambda: caption(scene, rng), lambda: caption_logprob(scene, "a cat")):
        with pytest.raises(ValueError, match=message):
            describe()


@pytest.mark.usefixtures("unchecked")
def test_bad_arguments_say_what_to_pass(rng: np.random.Generator) -> None:
    with pytest.raises(TypeError, match="rng must be a numpy Generator; got 3"):
        caption(FISH, 3)
    with pytest.raises(TypeError, match="scene must be a Scene; got 'a cat'"):
        caption("a cat", rng)
    with pytest.raises(TypeError, match=r"^caption_logprob: text must be a string; got"):
        caption_logprob(FISH, None)


def test_reader_finds_what_is_false() -> None:
    """The oracle itself: one wrong claim of each sort must not pass."""
    assert holds(read("a flat drawing of a grey bird left of a red bus at night"), PAIR)
    for said in (
        "a red bird left of a grey bus",
        "a grey bird right of a red bus",
        "two grey birds",
        "a grey bird",
        "a flying bird left of a red bus",
        "a sketch of a grey bird and a red bus",
        "a grey bird and a red bus at sunset",
        "a beautiful sunset",
    ):
        assert not holds(read(said), PAIR), said
    for said in (
        "an red bus",
        "a red red bus",
        "two bus",
        "a bus somewhere",
        "there is two cats",
    ):
        with pytest.raises(ValueError, match=r"article|two words|no kind|verb"):
            read(said)
    assert read("two gray puppies") == read("two grey dogs")
