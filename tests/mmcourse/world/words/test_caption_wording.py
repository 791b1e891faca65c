"""Captions say what a person would: nouns, places, relations, and how often each."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from by_hand import scene_of, thing
from enumeration import every_text
from only_random import OnlyRandom
from reading import NOUNS, holds, read

from mmcourse.world.scenes.vocabulary import COLOURS, KINDS, SCENES
from mmcourse.world.words.caption import caption, caption_grammar, caption_logprob
from mmcourse.world.words.facts import facts
from mmcourse.world.words.nouns import plural
from mmcourse.world.words.places import PLACES

FISH = scene_of(thing("fish", "grey", 0.2))
SIGN = thing("sign", "green", size=0.4, word="zoo")
PAIR = scene_of(thing("bird", "grey", 0.3), thing("bus", "red", 0.7), setting="night")
GOLDEN = [
    scene_of(thing(), setting="meadow"),
    scene_of(thing("fish", "orange", 0.2, size=0.2), setting="sea"),
    scene_of(thing("crane_bird", "white"), setting="sunset"),
    scene_of(thing("crane_machine", "yellow"), setting="street"),
    scene_of(thing("person", "blue", 0.3), thing("umbrella", "orange", 0.7), setting="beach"),
    scene_of(*[thing("butterfly", "grey", x) for x in (0.2, 0.5, 0.8)], setting="forest"),
    scene_of(SIGN, setting="building", style="sketch"),
    scene_of(thing("tree", "green", pose="pine"), setting="desert", style="washed-out"),
    scene_of(thing("bird", "black", 0.5, pose="flying"), setting="snow"),
    scene_of(thing("cat", "grey", 0.3, pose="sleeping"), thing("dog", "brown", 0.7)),
]
SAID = [
    "a red cat sitting in the centre in a meadow",
    "a little orange fish at sea",
    "a flat drawing of a white wading crane in the centre in front of a beautiful sunset",
    "a yellow crane in the centre",
    "a person in blue standing to the left of an orange umbrella by the seaside",
    "three butterflies in the woods",
    "a pencil sketch of a big green sign that says zoo in the centre outside a modern building",
    "an image of a green tree in the centre in the desert",
    "a black bird flying in the middle in winter",
    "a photo of a gray cat sleeping to the left of a puppy",
]


def test_a_pair_may_be_told_from_either_side() -> None:
    for said in (
        "a grey bird to the left of a red bus",
        "a red bus to the right of a gray bird",
        "a red bus left of a grey bird",
    ):
        true = "bus left" not in said
        assert (caption_logprob(PAIR, said) > -math.inf) == true, said


def test_things_above_one_another_are_not_next_to_each_other() -> None:
    stacked = scene_of(
        thing(position=(0.5, 0.8)), thing("balloon", "blue", position=(0.5, 0.2))
    )
    assert caption_logprob(stacked, "a blue balloon over a red cat") > -math.inf
    assert caption_logprob(stacked, "a blue balloon with a red cat") > -math.inf
    assert caption_logprob(stacked, "a blue balloon next to a red cat") == -math.inf


def test_things_far_apart_are_not_next_to_each_other() -> None:
    # sizes 0.1 and 0.2: near up to a gap of 0.6
    for gap, finite in [(0.59, True), (0.61, False)]:
        cat, dog = thing("cat", x=0.5, size=0.1), thing("dog", "blue", x=0.5 + gap, size=0.2)
        wide = scene_of(cat, dog, aspect=2.0)
        said = "a red cat next to a blue dog"
        assert (caption_logprob(wide, said) > -math.inf) == finite, gap
        assert holds(read(said), wide) == finite, gap
        assert caption_logprob(wide, "a red cat to the left of a blue dog") > -math.inf


def test_what_flies_is_not_said_to_stand() -> None:
    flying = thing("bird", "blue", pose="flying")
    perched = replace(flying, pose="perched")
    for setting, place, above in [
        ("beach", "on the beach", "over the beach"),
        ("street", "on a city street", "over a busy city street"),
    ]:
        low, high = f"a blue bird {place}", f"a blue bird {above}"
        assert caption_logprob(scene_of(perched, setting=setting), low) > -math.inf
        assert caption_logprob(scene_of(perched, setting=setting), high) == -math.inf
        assert caption_logprob(scene_of(flying, setting=setting), high) > -math.inf
        assert caption_logprob(scene_of(flying, setting=setting), low) == -math.inf


@pytest.mark.parametrize("setting", SCENES)
def test_every_place_is_true_of_what_stands_swims_or_flies(setting: str) -> None:
    perched = thing("bird", "blue")
    for shown in (perched, replace(perched, pose="flying"), thing("fish", "blue")):
        scene = scene_of(shown, setting=setting)
        for phrase in PLACES[setting].phrases(facts(scene).level):
            claims = read(f"a blue {shown.kind} {phrase}")
            assert claims.setting == setting
            assert holds(claims, scene), f"{phrase} / {shown}"


@pytest.mark.parametrize(
    ("setting", "view"),
    [
        ("sunset", "a beautiful sunset"),
        ("street", "a busy city street"),
        ("forest", "a peaceful forest"),
        ("building", "a modern building"),
    ],
)
def test_well_known_prompts_are_captions(setting: str, view: str) -> None:
    for said in (view, f"a photo of {view}"):
        for shown in SCENES:
            finite = caption_logprob(scene_of(thing(), setting=shown), said) > -math.inf
            assert finite == (shown == setting)


def test_both_cranes_are_mostly_just_a_crane() -> None:
    for kind, precise in [("crane_bird", "wading crane"), ("crane_machine", "tower crane")]:
        scene = scene_of(thing(kind, x=0.4))
        # 0.65 leaves the noun bare, 0.35 is shared by three precise ones
        bare, exact = (
            math.exp(caption_logprob(scene, f"a red {noun}")) for noun in ("crane", precise)
        )
        assert exact / bare == pytest.approx(0.35 / 3 / 0.65, rel=1e-9)
        assert caption_logprob(scene, "a red crane", full=True) == -math.inf
        wrong = "tower crane" if kind == "crane_bird" else "wading crane"
        assert caption_logprob(scene, f"a red {wrong}") == -math.inf


def test_no_caption_is_a_single_word() -> None:
    for scene in (FISH, scene_of(thing("butterfly"), setting="underwater")):
        assert min(len(text.split()) for text in every_text(caption_grammar(facts(scene)))) == 2


def test_attributes_are_named_with_the_documented_chances() -> None:
    rng, n = np.random.default_rng(4), 2_500
    scene = scene_of(thing("cat", "red", 0.2, size=0.2), setting="night")
    read_back = [read(caption(scene, rng)) for _ in range(n)]
    about = [claims for claims in read_back if claims.things]
    assert 1 - len(about) / n == pytest.approx(0.065, abs=0.02)  # four standard deviations
    for wanted, named in [
        (0.7, [claims.things[0].colour for claims in about]),
        (0.4, [claims.things[0].size for claims in about]),
        (0.35, [claims.things[0].pose for claims in about]),
        (0.45, [claims.side for claims in about]),
        (0.5, [claims.setting for claims in about]),
    ]:
        # four standard deviations of a share of some 2,340 captions
        assert np.mean([bool(word) for word in named]) == pytest.approx(wanted, abs=0.041)


def test_places_name_no_kind_and_no_colour() -> None:
    taken = set(COLOURS) | {"gray"}
    for forms in NOUNS.values():
        taken |= set(re.split("[ /_]", forms)) - {"building"}  # of a "building crane"
    for place in PLACES.values():
        for phrase in (*place.anywhere, *place.ground, *place.air, *place.views):
            assert not taken & set(phrase.split()), phrase


def test_every_setting_has_a_place_and_every_kind_a_caption(rng: np.random.Generator) -> None:
    assert set(PLACES) == set(SCENES)
    for kind in KINDS:
        for pose in KINDS[kind].poses:
            pair = scene_of(thing(kind, pose=pose), setting="snow")
            assert kind in read(caption(pair, rng, full=True)).things[0].kinds


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("fish", "fish"),
        ("bus", "buses"),
        ("butterfly", "butterflies"),
        ("person", "people"),
        ("puppy", "puppies"),
        ("bunny", "bunnies"),
        ("daisy", "daisies"),
        ("pine tree", "pine trees"),
        ("long-legged crane", "long-legged cranes"),
    ],
)
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many


def test_things_alike_share_only_what_all_of_them_have() -> None:
    sitting, asleep = thing(x=0.3), thing(x=0.7, pose="sleeping")
    assert caption_logprob(scene_of(sitting, sitting), "two red cats sitting") > -math.inf
    assert caption_logprob(scene_of(sitting, asleep), "two red cats") > -math.inf
    assert caption_logprob(scene_of(sitting, asleep), "two red cats sitting") == -math.inf
    signs = scene_of(SIGN, replace(SIGN, word="stop"))
    assert caption_logprob(scene_of(SIGN, SIGN), "two green signs that say zoo") > -math.inf
    assert caption_logprob(signs, "two green signs that say zoo") == -math.inf


def test_same_start_same_captions_everywhere() -> None:
    rng = np.random.default_rng(2024)
    assert [
        caption(scene, rng, full=index % 2 == 0) for index, scene in enumerate(GOLDEN)
    ] == SAID


def test_draws_only_through_random() -> None:
    rng, twin = OnlyRandom(8), np.random.default_rng(8)
    for scene in GOLDEN:
        assert caption(scene, rng) == caption(scene, twin)
