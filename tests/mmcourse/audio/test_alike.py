"""What a listener could find: scenes that sound alike, counted by hand."""

import numpy as np
import pytest
import torch

from mmcourse.audio import grain, heard_facts, log_mel, retrieval_ceiling
from mmcourse.world import Scene, Thing, sample_scene


def thing(kind, x=0.5, colour="red"):
    pose = {"cat": "sitting", "dog": "sitting"}.get(kind, "")
    return Thing(kind=kind, colour=colour, size=0.2, position=(x, 0.7), pose=pose)


def scene(*things, setting="street"):
    return Scene(setting=setting, objects=things)


def test_colour_is_not_heard_but_setting_and_order_are():
    one = scene(thing("car", 0.2), thing("bus", 0.8))
    painted = scene(thing("car", 0.2, "blue"), thing("bus", 0.8, "green"))
    turned = scene(thing("car", 0.8), thing("bus", 0.2))
    elsewhere = scene(thing("car", 0.2), thing("bus", 0.8), setting="snow")
    assert heard_facts(one) == heard_facts(painted)
    assert len({heard_facts(each) for each in (one, turned, elsewhere)}) == 3


def test_several_alike_are_named_once():
    assert heard_facts(scene(thing("car", 0.2), thing("car", 0.8))) == ("street", "car")


def test_ceiling_is_what_guessing_among_those_alike_gives():
    rng = np.random.default_rng(0)
    scenes = [sample_scene(rng) for _ in range(200)]
    facts = [heard_facts(each) for each in scenes]
    by_hand = np.mean([1 / facts.count(each) for each in facts])
    assert retrieval_ceiling(scenes) == pytest.approx(by_hand)


def test_no_scene_is_refused():
    with pytest.raises(ValueError, match="retrieval_ceiling: scenes must hold at least one"):
        retrieval_ceiling([])


def test_grain_does_not_tell_how_loud():
    wave = np.random.default_rng(1).uniform(-0.5, 0.5, 16_000)
    quiet, loud = log_mel(0.1 * wave)[None], log_mel(wave)[None]
    torch.testing.assert_close(grain(quiet), grain(loud), atol=1e-4, rtol=1e-4)


def test_grain_of_what_never_changes_has_no_spread():
    bands = torch.arange(48.0)[None, :, None].expand(1, 48, 20)
    assert grain(bands)[0, 48:].abs().max() < 1e-5


def test_grain_needs_two_frames(unchecked):
    with pytest.raises(ValueError, match="grain: mels must have at least two frames; got 1"):
        grain(torch.zeros(1, 48, 1))
