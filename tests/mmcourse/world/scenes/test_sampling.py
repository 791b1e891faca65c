import random
from collections import Counter

import numpy as np
import pytest
from only_random import OnlyRandom

from mmcourse.world import (
    HELD_OUT,
    KINDS,
    PLANTED_BIAS,
    SCENES,
    SPLITS,
    relation,
    sample_scene,
)
from mmcourse.world.scenes.scene import HARD_SIZE


def scenes(count, seed=0, **arguments):
    rng = np.random.default_rng(seed)
    return [sample_scene(rng, **arguments) for _ in range(count)]


def test_same_seed_gives_the_same_scenes():
    assert scenes(30, seed=5) == scenes(30, seed=5)
    assert scenes(30, seed=5) != scenes(30, seed=6)


def test_known_seed_gives_the_known_scene_everywhere():
    assert str(scenes(1, seed=0)[0]) == (
        "street, flat:\n"
        "  white cat standing at (0.75, 0.58) size 0.24\n"
        "  grey dog running at (0.28, 0.71) size 0.20"
    )


def test_scenes_draw_through_random_alone():
    rng = OnlyRandom(3)
    drawn = [sample_scene(rng, split=split) for split in SPLITS for _ in range(20)]
    assert len(drawn) == 100


def test_global_random_state_is_left_alone(unchecked):  # beartype itself draws from `random`
    random.seed(1)
    before = random.getstate()
    scenes(5)
    assert random.getstate() == before


def test_rng_alone_gives_ordinary_flat_square_scenes():
    for scene in scenes(300):
        assert (scene.split, scene.style, scene.aspect) == ("train", "flat", 1.0)
        assert not any(thing.hard for thing in scene.objects)
        assert not any((thing.kind, thing.colour) in HELD_OUT for thing in scene.objects)


@pytest.mark.parametrize("split", SPLITS)
def test_asked_split_is_the_split_of_the_content(split):
    assert {scene.split for scene in scenes(40, split=split)} == {split}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_number_of_objects_is_the_one_asked_for(count):
    assert {len(scene.objects) for scene in scenes(40, n_objects=count)} == {count}


def test_sub_world_uses_only_its_words():
    arguments = {
        "kinds": ["dog", "boat"],
        "colours": ["grey", "pink"],
        "scenes": ["sea", "snow"],
    }
    for scene in scenes(60, **arguments):
        assert scene.setting in arguments["scenes"]
        for thing in scene.objects:
            assert thing.kind in arguments["kinds"]
            assert thing.colour in arguments["colours"]


def test_no_kind_appears_where_it_avoids_to_be():
    for scene in scenes(500):
        assert all(scene.setting not in KINDS[thing.kind].avoids for thing in scene.objects)


def test_every_kind_setting_and_count_occurs():
    drawn = scenes(1500)
    assert {thing.kind for scene in drawn for thing in scene.objects} == set(KINDS)
    assert {scene.setting for scene in drawn} == set(SCENES)
    assert {len(scene.objects) for scene in drawn} == {1, 2, 3, 4}


def test_two_in_five_ordinary_scenes_hold_a_pair_of_different_kinds():
    layouts = Counter(scene.layout for scene in scenes(2000))
    assert 0.40 <= layouts["pair"] / 2000 <= 0.45  # 0.42 expected, standard error 0.011


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("aspect", [1.0, 2.0, 3.0])
def test_objects_lie_inside_the_picture(aspect, split):
    for scene in scenes(60, aspect=aspect, split=split):
        for thing in scene.objects:
            x, y = thing.position
            assert thing.size - 0.02 <= x <= aspect - thing.size + 0.02
            assert thing.size <= y <= 1 - thing.size


def test_things_stand_on_the_ground_of_their_setting():
    for scene in scenes(500):
        ground = SCENES[scene.setting].ground
        for thing in scene.objects:
            if ground and not thing.airborne and not KINDS[thing.kind].swims:
                feet = thing.position[1] + thing.size
                lowest = max(ground[1], 2 * thing.size + 0.02)
                assert ground[0] - 0.002 <= feet <= lowest + 0.002


@pytest.mark.parametrize("split", SPLITS)
def test_pairs_are_plainly_beside_or_above_each_other(split):
    pairs = [scene for scene in scenes(150, split=split, n_objects=2) if scene.layout == "pair"]
    for scene in pairs:
        a, b = scene.objects
        dx, dy = abs(a.position[0] - b.position[0]), abs(a.position[1] - b.position[1])
        assert min(dx, dy) <= 0.65 * max(dx, dy)
    assert {relation(*scene.objects) for scene in pairs} == {
        "left of",
        "right of",
        "above",
        "below",
    }


def test_names_in_a_set_give_the_same_scenes_as_in_a_list():
    names = ["tree", "cat", "bus"]
    drawn = [scenes(20, kinds=kinds) for kinds in (names, names[::-1], set(names))]
    assert drawn[0] == drawn[1] == drawn[2]


def test_a_refused_call_does_not_spoil_the_next(unchecked):
    with pytest.raises(ValueError, match=r"n_objects must be 1, 2, 3, 4 or None; got 3\.0\."):
        scenes(1, n_objects=3.0)
    assert len(scenes(1, n_objects=3)[0].objects) == 3
    assert len(scenes(1, n_objects=np.int64(3))[0].objects) == 3


def test_birds_fly_over_the_sea():
    birds = [scene.objects[0] for scene in scenes(40, kinds=["bird"], scenes=["sea"])]
    assert {bird.pose for bird in birds} == {"flying"}


def test_pair_never_holds_both_cranes():
    for scene in scenes(200, kinds=["crane_bird", "crane_machine", "tree"], n_objects=2):
        if scene.layout == "pair":
            assert "tree" in {thing.kind for thing in scene.objects}


def test_planted_bias_is_in_training_alone():
    kind, colour, share = PLANTED_BIAS

    def biased(split):
        drawn = [scene.objects[0] for scene in scenes(300, kinds=[kind], split=split)]
        return np.mean([thing.colour == colour for thing in drawn])

    assert biased("train") > share - 0.1
    assert biased("test") < 0.2  # 1 of 9 colours, standard error 0.018


def test_faded_and_hidden_objects_occur_among_hard_scenes():
    things = [thing for scene in scenes(200, split="hard") for thing in scene.objects]
    assert any(thing.contrast < 1 for thing in things)
    assert any(thing.cover > 0 for thing in things)
    assert any(thing.size < HARD_SIZE for thing in things)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_objects": 5}, r"n_objects must be 1, 2, 3, 4 or None; got 5\."),
        ({"kinds": []}, r"kinds must be among cat, .*; got nothing; leave"),
        ({"kinds": ["cat", "dragon"]}, r"kinds must be among .*; got unknown 'dragon'; leave"),
        ({"colours": ["teal"]}, r"colours must be among .*; got unknown 'teal'; leave"),
        ({"scenes": ["moon"]}, r"scenes must be among .*; got unknown 'moon'; leave"),
        ({"split": "dev"}, r"split must be among train, .*; got unknown 'dev'; leave"),
        ({"style": "oil"}, r"style must be among flat, .*; got unknown 'oil'; leave"),
        ({"aspect": 0.5}, r"aspect must be a number from 1 to 3; got 0\.5\."),
        ({"aspect": "wide"}, r"aspect must be a number from 1 to 3; got 'wide'\."),
        ({"n_objects": True}, r"n_objects must be 1, 2, 3, 4 or None; got True\."),
        ({"kinds": None}, r"kinds must be a list of names; got None;"),
        ({"kinds": [["cat"]]}, r"kinds must be among .*; got unknown \['cat'\];"),
        ({"split": ["train"]}, r"split must be among .*; got unknown \['train'\];"),
        ({"kinds": ["cat"], "scenes": ["sea"]}, r"no 'train' scene can be made from kinds="),
        ({"kinds": ["cat"], "colours": ["red"], "split": "held-out"}, r"no 'held-out' scene"),
    ],
)
def test_impossible_wishes_are_refused(arguments, message, unchecked):
    with pytest.raises(ValueError, match=rf"^sample_scene: {message}"):
        sample_scene(np.random.default_rng(0), **arguments)


def test_names_given_as_one_string_are_refused(unchecked):
    with pytest.raises(ValueError, match=r"kinds must be a list .* write kinds=\['cat'\]\."):
        sample_scene(np.random.default_rng(0), kinds="cat")


def test_seed_in_place_of_a_generator_is_refused(unchecked):
    with pytest.raises(TypeError, match=r"rng must be a numpy Generator; got int; pass numpy"):
        sample_scene(0)
