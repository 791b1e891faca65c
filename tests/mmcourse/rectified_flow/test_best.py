"""Of several tries the one that CLIP likes best."""

import good_calls
import numpy as np
import pytest
import torch
from good_calls import seeded, tiny
from PIL import Image
from torch.testing import assert_close

from mmcourse import clip
from mmcourse.rectified_flow import Painter, agreement, paint_best
from mmcourse.world import Scene, Thing, render

TEXTS = ["a red cat in a meadow", "a blue bus in a meadow"]


def shown(kind, colour, **more):
    thing = Thing(kind=kind, colour=colour, size=0.3, position=(0.5, 0.6), **more)
    return render(Scene(setting="meadow", objects=(thing,)), 64)


CAT, BUS = shown("cat", "red", pose="sitting"), shown("bus", "blue")
EMPTY = render(Scene(setting="meadow", objects=()), 64)


def pixels(*pictures):
    return torch.from_numpy(np.stack(pictures))


@torch.no_grad()
def test_agreement_is_the_cosine_of_picture_and_text():
    model, preprocess = tiny()
    images = model.encode_image(
        torch.stack([preprocess(Image.fromarray(each)) for each in (CAT, BUS)])
    )
    expected = torch.cosine_similarity(images, model.encode_text(clip.tokenize(TEXTS)))
    assert_close(agreement(model, pixels(CAT, BUS), TEXTS), expected, rtol=0, atol=1e-5)


def test_a_picture_agrees_more_with_its_own_text():
    right = agreement(tiny()[0], pixels(CAT, BUS), TEXTS)
    crossed = agreement(tiny()[0], pixels(BUS, CAT), TEXTS)
    assert (right > crossed + 0.1).all()


@pytest.fixture
def fixed(monkeypatch):
    """Return a painter that paints what is laid before it, and a list of what it was asked."""
    asked = []

    def paint(self, prompts, **more):
        asked.append((list(prompts), more))
        return pixels(EMPTY, CAT, BUS, BUS, EMPTY, CAT)

    monkeypatch.setattr(Painter, "paint", paint)
    return good_calls.painter(), asked


def test_the_best_of_each_prompts_own_tries_is_kept(fixed):
    of, asked = fixed
    best = paint_best(of, TEXTS, 3, generator=seeded())
    assert torch.equal(best, pixels(CAT, BUS))
    assert asked[0][0] == [TEXTS[0]] * 3 + [TEXTS[1]] * 3


def test_the_painter_is_asked_as_one_says(fixed):
    of, asked = fixed
    generator = seeded()
    paint_best(of, TEXTS, 3, generator=generator, guidance=2.5, steps=7)
    assert asked[0][1] == {"generator": generator, "guidance": 2.5, "steps": 7}


def test_the_best_of_one_is_that_one():
    of = good_calls.painter()
    one = paint_best(of, TEXTS, 1, generator=seeded(), steps=1)
    assert torch.equal(one, of.paint(TEXTS, generator=seeded(), steps=1))


def test_every_picture_needs_its_text():
    with pytest.raises(ValueError, match=r"^agreement: .* one text a picture; got 1 for 2"):
        agreement(tiny()[0], pixels(CAT, BUS), TEXTS[:1])
