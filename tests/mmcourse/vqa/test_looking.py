import numpy as np
import pytest
import torch
from torch.testing import assert_close

from mmcourse.data import sample_scenes
from mmcourse.vqa import asked_about, touches, touching_chance
from mmcourse.world import Question, Scene, Thing, masks, questions
from mmcourse.world.scenes.vocabulary import noun

CAT = Thing(kind="cat", colour="red", size=0.2, position=(0.2, 0.2), pose="sitting")
CAR = Thing(kind="car", colour="blue", size=0.2, position=(0.8, 0.8))


def test_what_is_asked_about_fits_the_answer():
    rng = np.random.default_rng(2)
    for scene in sample_scenes(500, rng):
        for each in questions(scene, rng):
            things = [scene.objects[place] for place in asked_about(scene, each)]
            assert bool(things) == (each.type != "yes/no")
            if each.type == "kind":
                assert {noun(thing.kind) for thing in things} == {each.answer}
            if each.type == "colour":
                assert {thing.colour for thing in things} == {each.answer}
            if scene.layout == "pair" and things:
                assert len(things) == 1


def test_the_colour_tells_apart_what_one_name_fits():
    wader = Thing(
        kind="crane_bird", colour="pink", size=0.2, position=(0.2, 0.2), pose="wading"
    )
    bird = Thing(kind="bird", colour="blue", size=0.2, position=(0.8, 0.2), pose="perched")
    scene = Scene(setting="beach", objects=(wader, bird))
    asked = Question("relation", "where is the blue bird relative to the crane?", "right of")
    assert asked_about(scene, asked) == (1,)


def test_of_a_group_all_are_asked_about():
    scene = Scene(setting="beach", objects=(CAT, CAT, CAT))
    asked = Question("count", "how many cats are there?", "three")
    assert asked_about(scene, asked) == (0, 1, 2)


def test_the_strongest_place_touches_what_is_drawn_there():
    scene = Scene(setting="plain", objects=(CAT, CAR))
    drawn = torch.from_numpy(masks(scene, 64))
    attention = torch.full((2, 16), 0.01)
    attention[:, 0] = 0.9  # upper left
    assert touches(attention, drawn).tolist() == [True, False]


def test_a_random_place_touches_as_often_as_chance_says():
    drawn = masks(Scene(setting="plain", objects=(CAR,)), 64)
    everywhere = torch.eye(16)
    hits = touches(everywhere, np.repeat(drawn, 16, 0)).double().mean()
    assert_close(hits.float(), touching_chance(drawn, 16)[0])


@pytest.mark.usefixtures("unchecked")
def test_places_that_are_no_square_are_refused():
    with pytest.raises(ValueError, match="got 15 places and masks of 64 by 64"):
        touching_chance(np.ones((1, 64, 64), dtype=bool), 15)
