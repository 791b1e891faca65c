"""A duet on the screen: who is where in which frame, and what sounds in it."""

from dataclasses import replace

import numpy as np
import pytest

from mmcourse.world import Dancer, Duet, Thing, duet_film, sample_duet
from mmcourse.world.sounds_and_films.duet import FRAMES
from mmcourse.world.sounds_and_films.duet_film import DRIFT, LEAP


@pytest.fixture
def duet():
    cat = Thing(kind="cat", colour="red", size=0.19, position=(0.25, 0.73), pose="sitting")
    bus = Thing(kind="bus", colour="blue", size=0.19, position=(0.75, 0.73))
    return Duet((Dancer(cat, "left", (2, 7)), Dancer(bus, "right", (4, 9))), 1, "bird")


def test_both_drift_their_way_and_are_up_in_their_frames_alone(duet):
    places = np.array(
        [[one.position for one in scene.objects] for scene in duet_film(duet).scenes]
    )  # (frames, dancers, 2)
    assert places.shape == (FRAMES, 2, 2)
    np.testing.assert_allclose(places[[0, -1], 0, 0], [0.25 + DRIFT / 2, 0.25 - DRIFT / 2])
    np.testing.assert_allclose(places[[0, -1], 1, 0], [0.75 - DRIFT / 2, 0.75 + DRIFT / 2])
    steps = np.diff(places[:, :, 0], axis=0)
    np.testing.assert_allclose(steps, [[-DRIFT / 9, DRIFT / 9]] * 9)
    up = places[:, :, 1] < 0.72
    assert [np.flatnonzero(each).tolist() for each in up.T] == [[2, 7], [4, 9]]
    np.testing.assert_allclose(places[up][:, 1], 0.73 - LEAP)


def test_a_film_and_the_other_way_are_the_same_heap_of_frames(duet):
    turned = replace(
        duet,
        dancers=tuple(
            Dancer(
                one.thing,
                "right" if one.heading == "left" else "left",
                tuple(sorted(9 - hop for hop in one.hops)),
            )
            for one in duet.dancers
        ),
    )
    there, back = (
        [[one.position for one in scene.objects] for scene in duet_film(each).scenes]
        for each in (duet, turned)
    )
    np.testing.assert_allclose(there, back[::-1])


def test_the_call_sounds_in_the_frames_of_who_is_heard_and_in_no_other(duet):
    loud = duet_film(duet).sound.astype(float).reshape(FRAMES, -1).std(axis=1)
    assert np.argsort(loud)[-2:].tolist() in ([4, 9], [9, 4])
    assert np.sort(loud)[-2] > 3 * np.sort(loud)[-3]


def test_who_is_heard_changes_when_it_sounds_and_nothing_else(duet):
    pieces = duet_film(duet).sound.reshape(FRAMES, -1)
    other = duet_film(replace(duet, heard=0))
    assert other.scenes == duet_film(duet).scenes
    changed = (other.sound.reshape(FRAMES, -1) != pieces).mean(axis=1)
    assert np.flatnonzero(changed > 0.05).tolist() == [2, 4, 7, 9]


def test_whose_voice_it_is_does_not_change_a_picture(duet):
    dubbed = duet_film(replace(duet, voice="house"))
    assert (dubbed.pictures(16) == duet_film(duet).pictures(16)).all()
    assert (dubbed.sound != duet_film(duet).sound).any()


def test_the_first_to_move_is_the_first_to_hop(duet):
    assert duet_film(duet).first.kind == "cat"


def test_the_duet_alone_decides(rng):
    duet = sample_duet(rng)
    np.testing.assert_array_equal(duet_film(duet).sound, duet_film(duet).sound)


def test_things_stay_inside_the_picture(rng):
    for _ in range(20):
        for scene in duet_film(sample_duet(rng)).scenes:
            for one in scene.objects:
                assert one.size <= one.position[1] <= 1 - one.size / 3


def test_the_sampling_rate_is_the_listeners_choice(duet):
    assert duet_film(duet, sr=8_000).sound.shape == (16_000,)
