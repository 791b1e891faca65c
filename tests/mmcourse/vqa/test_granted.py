"""What a question takes for granted, with an answerer that says what it is told to."""

import numpy as np
import pytest
import torch

from mmcourse import clip
from mmcourse.checkpoints import restore
from mmcourse.clip.preprocess import normalize
from mmcourse.data import sample_scenes
from mmcourse.vqa import ANSWERS, CrossAttentionVQA, question_tokens, reply_to
from mmcourse.vqa.granted import granted, granted_several
from mmcourse.world import render
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.nouns import plural

GRID = torch.zeros(1, 16, 256)


@pytest.fixture
def saying(monkeypatch):
    """Return what makes an answerer that gives each question the probabilities of a table."""

    def answerer(table):
        def forward(self, grid, questions):
            asked = [question_tokens().decode(row.tolist()) for row in questions]
            chances = torch.full((len(asked), len(ANSWERS)), 1e-9)
            for row, text in zip(chances, asked, strict=True):
                for answer, chance in table[text].items():
                    row[ANSWERS.index(answer)] = chance
            return chances.log(), None

        monkeypatch.setattr(CrossAttentionVQA, "forward", forward)
        return CrossAttentionVQA(width=32, layers=1)

    return answerer


def table(question, *, cat=0.9, two=0.9, **own):
    return {
        question: own,
        "is there a cat": {"yes": cat, "no": 1 - cat},
        "how many cats are there": {"two": two, "one": 1 - two},
    }


@pytest.mark.parametrize(
    ("question", "things", "several"),
    [
        ("is the cat to the left of the cars?", ("cat", "car"), ("car",)),
        ("are the people wearing red?", ("person",), ("person",)),
        ("what colour are the fish?", ("fish",), ("fish",)),
        ("is the fish red?", ("fish",), ()),
        ("how many cats are there?", ("cat",), ()),
        ("are there two cats?", (), ()),
        ("can you see a dog?", (), ()),
        ("what is the picture of?", (), ()),
    ],
)
def test_what_is_taken_for_granted_by_hand(question, things, several):
    assert granted(question) == things
    assert granted_several(question) == several


@pytest.mark.parametrize(
    ("beside", "yes"),
    [({}, 0.7), ({"two": 0.2}, 0.2), ({"cat": 0.1}, 0.1)],
    ids=["all agree", "it counts one", "no cat"],
)
def test_a_count_is_as_likely_as_the_least_likely_of_three(saying, beside, yes):
    model = saying(table("are there two cats", yes=0.7, no=0.3, **beside))
    reply = reply_to(model, GRID, "are there two cats?")
    assert dict(reply.answers) == pytest.approx({"yes": yes, "no": 1 - yes}, abs=1e-5)
    assert reply.answer == ("yes" if yes > 0.5 else "no")
    assert (reply.absent, reply.lone) == ((), ())


@pytest.mark.parametrize(
    ("beside", "absent", "lone", "answer"),
    [
        ({}, (), (), "red"),
        ({"two": 0.2}, (), ("cat",), None),
        ({"two": 0.2, "cat": 0.2}, ("cat",), (), "red"),
    ],
)
def test_several_are_counted_where_one_is_seen(saying, beside, absent, lone, answer):
    model = saying(table("what colour are the cats", red=0.8, blue=0.2, **beside))
    reply = reply_to(model, GRID, "What color are the cats?")
    assert (reply.absent, reply.lone, reply.answer) == (absent, lone, answer)
    assert reply.answers[0] == ("red", pytest.approx(0.8, abs=1e-5))


def test_the_shipped_answerer_counts_before_it_says_yes():
    """Of lone things it often says yes to "are there two?" itself, and of groups it may."""
    tower, model = clip.load("tiny", device="cpu")[0], restore(CrossAttentionVQA(), "vqa")
    scenes = [each for each in sample_scenes(150, np.random.default_rng(3)) if two(each)[1]]
    with torch.no_grad():
        grids = tower.image_grid(normalize(np.stack([render(each, 64) for each in scenes])))
    asked, counts = zip(*map(two, scenes), strict=True)
    logits = model(grids, question_tokens()(list(asked)))[0]
    replies = [reply_to(model, grid[None], one) for grid, one in zip(grids, asked, strict=True)]
    for count, least, most in ((1, 0, 0.05), (2, 0.7, 1)):
        own, yes = (
            np.mean(
                [said == "yes" for said, n in zip(all_said, counts, strict=True) if n == count]
            )
            for all_said in (
                [ANSWERS[best] for best in logits.argmax(1)],
                [reply.answer for reply in replies],
            )
        )
        assert own > 0.3
        assert least <= yes <= most


def two(scene):
    """Return whether two of a scene's things are asked for, and how many there are, or 0."""
    name = noun(scene.objects[0].kind)
    lone = scene.layout == "single"
    group = scene.layout == "group" and len(scene.objects) == 2
    return f"are there two {plural(name)}?", 1 if lone else 2 if group else 0
