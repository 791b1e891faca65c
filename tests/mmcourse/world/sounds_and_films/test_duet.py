"""What happens in a duet: chance, splits, and what no single part of it may tell."""

from itertools import pairwise

import numpy as np
import pytest
from only_random import OnlyRandom

from mmcourse.world import HELD_OUT, KINDS, SCENES, Dancer, Duet, Thing, sample_duet
from mmcourse.world.sounds_and_films.duet import CAST, CAST_COLOURS, FRAMES, STAGES


@pytest.fixture(scope="module")
def duets():
    rng = np.random.default_rng(3)
    return [sample_duet(rng) for _ in range(600)]


def share(flags):
    return float(np.mean(list(flags)))


def test_every_kind_colour_stage_and_number_of_hops_occurs(duets):
    dancers = [dancer for duet in duets for dancer in duet.dancers]
    assert {each.thing.kind for each in dancers} == set(CAST)
    assert {each.thing.colour for each in dancers} == set(CAST_COLOURS)
    assert {duet.setting for duet in duets} == set(STAGES)
    assert {len(each.hops) for each in dancers} == {1, 2, 3}
    assert {hop for each in dancers for hop in each.hops} == set(range(FRAMES))


def test_the_cast_is_at_home_on_every_stage():
    assert set(STAGES) <= set(SCENES)
    assert not {stage for kind in CAST for stage in STAGES if stage in KINDS[kind].avoids}


# Four standard errors of a fair coin thrown 600 times: 0.082.


def test_what_is_asked_for_is_even_and_independent_of_what_one_frame_shows(duets):
    left = [duet.dancers[0] for duet in duets]
    assert abs(share(one.heading == "left" for one in left) - 0.5) < 0.082
    assert abs(share(one.heading == one.thing.facing for one in left) - 0.5) < 0.082
    assert abs(share(duet.first for duet in duets) - 0.5) < 0.082
    assert abs(share(duet.heard for duet in duets) - 0.5) < 0.082
    assert abs(share(duet.heard == duet.first for duet in duets) - 0.5) < 0.082
    kinds = [{each.thing.kind for each in duet.dancers} for duet in duets]
    seen = [duet.voice in both for duet, both in zip(duets, kinds, strict=True)]
    assert abs(share(seen) - 0.5) < 0.082


def test_a_voice_that_is_seen_is_as_often_that_of_the_other(duets):
    speaking = [
        duet.dancers[duet.heard].thing.kind == duet.voice
        for duet in duets
        if duet.voice in {each.thing.kind for each in duet.dancers}
    ]
    assert abs(share(speaking) - 0.5) < 4 * 0.5 / np.sqrt(len(speaking))


def test_both_hop_as_often_never_together_and_nobody_twice_running(duets):
    for duet in duets:
        left, right = (one.hops for one in duet.dancers)
        assert len(left) == len(right)
        assert not set(left) & set(right)
        gaps = [b - a for hops in (left, right) for a, b in pairwise(hops)]
        assert min(gaps, default=2) >= 2


@pytest.mark.parametrize("split", ["train", "validation", "test", "held-out"])
def test_a_duet_belongs_to_the_split_of_its_still(split, rng):
    duet = sample_duet(rng, split=split)
    assert duet.still.split == split
    pairs = {(one.thing.kind, one.thing.colour) for one in duet.dancers}
    assert bool(pairs & HELD_OUT) == (split == "held-out")


def test_it_draws_through_random_alone():
    assert sample_duet(OnlyRandom(7)) == sample_duet(np.random.default_rng(7))


def test_who_hops_first_is_read_off_the_hops():
    cat = Thing(kind="cat", colour="red", size=0.2, position=(0.3, 0.7), pose="sitting")
    bus = Thing(kind="bus", colour="blue", size=0.2, position=(0.7, 0.7))
    duet = Duet((Dancer(cat, "left", (4, 9)), Dancer(bus, "left", (3, 6))), 0, "dog")
    assert duet.first == 1
    assert duet.still.objects == (cat, bus)
