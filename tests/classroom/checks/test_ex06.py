"""Exercise 06: right answers in other words pass, and the references are the course's own."""

import inspect

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps

import classroom.checks.ex06_inside_clip.preprocess as of_preprocess
from classroom.checks import find
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import transformer
from mmcourse.clip import text
from mmcourse.clip.preprocess import MEAN, STD, centre_square, normalize, preprocess


def by_loop(image, p):
    _, height, width = image.shape
    return torch.stack(
        [
            image[:, y : y + p, x : x + p].flatten()
            for y in range(0, height, p)
            for x in range(0, width, p)
        ]
    )


def by_convolution(image, p):
    """A convolution whose filters pick one number each, as in the lesson."""
    filters = torch.eye(3 * p * p, dtype=image.dtype).reshape(-1, 3, p, p)
    return F.conv2d(image[None], filters, stride=p)[0].flatten(1).T


def by_unfold(image, p):
    return F.unfold(image[None].float(), p, stride=p)[0].T


def in_numpy(image, p):
    rows, columns = image.shape[1] // p, image.shape[2] // p
    squares = image.numpy().reshape(3, rows, p, columns, p)
    return np.einsum("cryax->racyx", squares).reshape(rows * columns, -1)


@pytest.mark.parametrize("answer", [by_loop, by_convolution, by_unfold, in_numpy])
def test_patchify_may_be_written_otherwise(answer):
    checking.assert_passes(find("06.1"), answer)


def test_a_lost_patch_breaks_the_law_of_the_cut():
    said = feedback(judge(find("06.1"), lambda image, p: 2 * by_loop(image, p)))
    assert "Each number of the picture must come out once" in said


def rgb_first(picture, n):
    return preprocess(picture.convert("RGB"), n)


def by_borders(picture, n):
    """Borders are cut off; numpy scales in float64; colours move at the end."""
    ratio = n / min(picture.size)
    resized = picture.resize(
        tuple(round(side * ratio) for side in picture.size), Image.Resampling.BICUBIC
    )
    square = ImageOps.crop(
        resized, ((resized.width - n) // 2, (resized.height - n) // 2) * 2
    ).convert("RGB")
    numbers = np.asarray(square, dtype=np.float64) / 255
    return np.moveaxis((numbers - np.array(MEAN)) / np.array(STD), -1, 0)


def with_larger_means(picture, n):
    """Mean and spread may be scaled up instead of the pixels down."""
    square = torch.from_numpy(centre_square(picture, n)).permute(2, 0, 1)
    mean, spread = (255 * torch.tensor(values).reshape(3, 1, 1) for values in (MEAN, STD))
    return (square - mean) / spread


@pytest.mark.parametrize("answer", [preprocess, rgb_first, by_borders, with_larger_means])
def test_preprocess_may_be_written_otherwise(answer):
    checking.assert_passes(find("06.2"), answer)


def test_no_size_of_06_2_asks_for_rounding():
    for seed in range(5):
        for _, case in find("06.2").draw(seed):
            pixels, _, n = case.arguments
            sides = sorted(pixels.shape[:2])
            assert n * sides[1] % sides[0] == 0, case.label
            assert (n * sides[1] // sides[0] - n) % 2 == 0, case.label


def test_06_2_knows_the_means_of_clip():
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    mine = (torch.from_numpy(pixels).permute(2, 0, 1) / 255 - of_preprocess.MEAN) / (
        of_preprocess.STD
    )
    assert torch.equal(mine, normalize(pixels))


def test_the_harness_of_06_2_needs_nothing_from_outside():
    source = inspect.getsource(of_preprocess.harness)
    space = {}
    exec(source, space)
    out = space["harness"](of_preprocess.preprocess, np.zeros((2, 3, 3), np.uint8), "L", 2)
    assert out.shape == (3, 2, 2)


def test_a_shifted_square_breaks_the_law_of_the_mirror():
    def shifted(picture, n):
        return preprocess(picture, n).roll(1, 2)

    said = feedback(judge(find("06.2"), shifted))
    assert "A picture in the mirror" in said


def by_gather(hidden, tokens):
    places = tokens.argmax(dim=1)[:, None, None].expand(-1, 1, hidden.shape[2])
    return hidden.gather(1, places)[:, 0]


def by_mask(hidden, tokens):
    is_end = (tokens == 49_407).to(hidden.dtype)
    return torch.einsum("nl,nld->nd", is_end, hidden)


def by_loop_over_texts(hidden, tokens):
    return torch.stack(
        [states[row.tolist().index(49_407)] for states, row in zip(hidden, tokens, strict=True)]
    )


def by_numpy(hidden, tokens):
    return hidden.numpy()[np.arange(len(hidden)), tokens.numpy().argmax(-1)].astype(np.float32)


@pytest.mark.parametrize(
    "answer", [text.text_feature, by_gather, by_mask, by_loop_over_texts, by_numpy]
)
def test_text_feature_may_be_written_otherwise(answer):
    checking.assert_passes(find("06.3"), answer)


@pytest.mark.parametrize("seed", range(20))
def test_each_text_of_06_3_has_one_end_and_no_larger_id(seed):
    for _, case in find("06.3").draw(seed):
        tokens = case.arguments[1]
        assert ((tokens == 49_407).sum(dim=1) == 1).all(), case.label
        assert tokens.max() == 49_407


def by_comparing(n):
    places = torch.arange(n)
    return torch.where(places[:, None] >= places, 0.0, float("-inf"))


def by_logarithm(n):
    return torch.ones(n, n, dtype=torch.float64).tril().log()


def by_masked_fill(n):
    return torch.zeros(n, n).masked_fill(torch.ones(n, n).triu(1).bool(), float("-inf"))


def by_lists(n):
    return np.array([[0 if j <= i else -np.inf for j in range(n)] for i in range(n)])


@pytest.mark.parametrize(
    "answer",
    [transformer.causal_mask, by_comparing, by_logarithm, by_masked_fill, by_lists],
)
def test_causal_mask_may_be_written_otherwise(answer):
    checking.assert_passes(find("06.4"), answer)
