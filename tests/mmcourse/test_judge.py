"""The judge: which verdict is right about a scene, and how one is read off its logits."""

import good_calls
import numpy as np
import pytest
import torch
from torch import nn
from torch.testing import assert_close

from mmcourse.clip.preprocess import normalize
from mmcourse.judge import ANSWERS, NONE, NOUNS, Judge, Verdict, truth
from mmcourse.world import COLOURS, KINDS, SCENES, Scene, Thing, sample_scene

SIZES = [len(choices) for choices in ANSWERS]


def thing(kind, colour, x=0.5, y=0.6):
    return Thing(kind=kind, colour=colour, size=0.2, position=(x, y), pose=KINDS[kind].poses[0])


def verdict(*things, setting="snow"):
    return truth(Scene(setting=setting, objects=things))


def test_of_one_thing_the_second_is_none():
    assert verdict(thing("cat", "red")) == ("cat", "red", "none", next(iter(COLOURS)), "snow")


def test_where_nothing_is_both_are_none():
    assert verdict()[::2] == ("none", "none", "snow")


def test_the_left_one_is_named_first_in_whichever_order_they_are_listed():
    cat, bus = thing("cat", "red", x=0.2), thing("bus", "blue", x=0.8)
    expected = ("cat", "red", "bus", "blue", "snow")
    assert verdict(cat, bus) == verdict(bus, cat) == expected


def test_the_upper_one_is_named_first_where_height_differs_more():
    above, below = thing("bird", "red", x=0.6, y=0.2), thing("bus", "blue", x=0.5, y=0.8)
    expected = ("bird", "red", "bus", "blue", "snow")
    assert verdict(above, below) == verdict(below, above) == expected


def test_both_cranes_are_a_crane():
    named = [verdict(thing(kind, "red")).kind for kind in KINDS if "crane" in kind]
    assert named == ["crane", "crane"]


def test_what_it_says_of_any_scene_is_among_its_answers():
    rng = np.random.default_rng(0)
    for n in (1, 2) * 30:
        found = truth(sample_scene(rng, n_objects=n))
        assert all(part in choices for part, choices in zip(found, ANSWERS, strict=True))


def test_three_things_are_refused():
    with pytest.raises(ValueError, match=r"^truth: scene must hold at most two .* got 3"):
        verdict(*(thing("cat", "red", x=x) for x in (0.2, 0.5, 0.8)))


def test_every_kind_colour_and_setting_can_be_said_once_and_none_too():
    assert all(len(set(choices)) == len(choices) for choices in ANSWERS)
    assert len(NOUNS) == len(KINDS)  # two cranes are one, and "none" makes up for it
    assert NONE in NOUNS
    kinds, colours, second_kinds, second_colours, settings = ANSWERS
    assert kinds == second_kinds
    assert set(colours) == set(second_colours) == set(COLOURS)
    assert set(settings) == set(SCENES)
    assert len(Verdict._fields) == len(ANSWERS)


@torch.no_grad()
def test_the_five_choices_are_parts_of_one_row_of_logits():
    judge, images = good_calls.judging(), good_calls.floats(3, 3, 64, 64)
    parts = judge(images)
    assert [part.shape for part in parts] == [(3, size) for size in SIZES]
    assert_close(torch.cat(parts, dim=1), judge.visual(images))


class Told(nn.Module):
    """Stands in for the network: the red of a picture's first pixel says what it answers."""

    def __init__(self, rows):
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(()))
        self.register_buffer("rows", rows)

    def forward(self, images):
        reds = torch.arange(len(self.rows), dtype=torch.uint8)[:, None, None, None]
        known = normalize(reds.expand(-1, 1, 1, 3).numpy())[:, 0, 0, 0]
        return self.rows[(images[:, :1, 0, 0] - known).abs().argmin(1)]


def judge_of(rows):
    judge = Judge().eval()
    judge.visual = Told(rows)
    return judge


def with_red(*reds):
    return torch.tensor(reds, dtype=torch.uint8)[:, None, None, None].expand(-1, 64, 64, 3)


def test_the_highest_logit_of_each_part_is_its_answer():
    chosen = [[3, 5, 1, 2, 4], [len(NOUNS) - 1, 0, 0, 7, 9]]
    rows = torch.zeros(2, sum(SIZES))
    starts = np.cumsum([0, *SIZES[:-1]])
    for row, places in zip(rows, chosen, strict=True):
        row[torch.tensor(starts + places)] = 1
    expected = [
        Verdict._make(choices[at] for choices, at in zip(ANSWERS, places, strict=True))
        for places in chosen
    ]
    assert judge_of(rows).verdicts(with_red(1, 0)) == expected[::-1]
    assert expected[1].kind == "none"


def test_many_pictures_keep_their_order():
    rows, n = torch.zeros(200, sum(SIZES)), len(NOUNS)
    rows[torch.arange(200), torch.arange(200) % n] = 1
    reds = [(7 * i) % 200 for i in range(300)]
    found = [each.kind for each in judge_of(rows).verdicts(with_red(*reds))]
    assert found == [NOUNS[red % n] for red in reds]


def test_verdicts_are_those_of_pictures_normalised_as_for_clip():
    judge, pixels = good_calls.judging(), good_calls.paintings()
    with torch.no_grad():
        logits = judge(normalize(pixels.numpy()))
    expected = [
        tuple(
            choices[int(part[row].argmax())]
            for choices, part in zip(ANSWERS, logits, strict=True)
        )
        for row in range(2)
    ]
    assert judge.verdicts(pixels) == expected


def test_no_picture_has_no_verdict():
    assert good_calls.judging().verdicts(good_calls.paintings()[:0]) == []
