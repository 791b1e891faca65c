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
from classroom.checks.diagnosis import diagnose
from classroom.checks.ex06_inside_clip.causal_mask import causal_mask
from classroom.checks.ex06_inside_clip.tower_inputs import tower_inputs
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.comparison import differs, plain
from classroom.grading.worker.harness import rebuild
from mmcourse import clip, transformer
from mmcourse.clip import text
from mmcourse.clip.preprocess import MEAN, STD, centre_square, normalize, preprocess
from mmcourse.images import open_rgb
from mmcourse.tokenizer import tokenize


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
    said = feedback(judge(find("06.1"), lambda image, p: 3 * by_loop(image, p)))
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


@pytest.mark.parametrize(
    ("law", "answer"),
    [
        ("flat", lambda picture, n: 0.9 * preprocess(picture, n)),
        ("no cut", lambda picture, n: preprocess(picture, n).roll(1, 2)),
        ("cut", lambda picture, n: preprocess(ImageOps.fit(picture, (n, n)), n)),
    ],
)
def test_a_law_of_06_2_says_where_to_look(law, answer):
    assert diagnose(judge(find("06.2"), answer)).name == law


def by_gather(hidden, tokens):
    places = tokens.argmax(dim=1)[:, None, None].expand(-1, 1, hidden.shape[2])
    return hidden.gather(1, places)[:, 0]


def by_cumulative_sum(hidden, tokens):
    is_first = ((tokens == 49_407).cumsum(dim=1).cumsum(dim=1) == 1).to(hidden.dtype)
    return torch.einsum("nl,nld->nd", is_first, hidden)


def by_loop_over_texts(hidden, tokens):
    return torch.stack(
        [states[row.tolist().index(49_407)] for states, row in zip(hidden, tokens, strict=True)]
    )


def by_numpy(hidden, tokens):
    return hidden.numpy()[np.arange(len(hidden)), tokens.numpy().argmax(-1)].astype(np.float32)


@pytest.mark.parametrize(
    "answer", [text.text_feature, by_gather, by_cumulative_sum, by_loop_over_texts, by_numpy]
)
def test_text_feature_may_be_written_otherwise(answer):
    checking.assert_passes(find("06.3"), answer)


@pytest.mark.parametrize("seed", range(20))
def test_each_text_of_06_3_has_an_end_and_no_larger_id(seed):
    for _, case in find("06.3").draw(seed):
        tokens = case.arguments[1]
        assert ((tokens == 49_407).sum(dim=1) >= 1).all(), case.label
        assert tokens.max() == 49_407


def by_comparing(n, prefix=0):
    places = torch.arange(n)
    seen = (places[:, None] >= places) | (places < prefix)
    return torch.where(seen, 0.0, float("-inf"))


def by_logarithm(n, prefix=0):
    seen = torch.ones(n, n, dtype=torch.float64).tril()
    seen[:prefix, :prefix] = 1
    return seen.log()


def by_the_courses_own(n, prefix=0):
    mask = transformer.causal_mask(n).clone()
    mask[:prefix, :prefix] = 0
    return mask


def by_lists(n, prefix=0):
    return np.array(
        [[0 if j <= i or j < prefix else -np.inf for j in range(n)] for i in range(n)]
    )


@pytest.mark.parametrize("answer", [by_comparing, by_logarithm, by_the_courses_own, by_lists])
def test_causal_mask_may_be_written_otherwise(answer):
    checking.assert_passes(find("06.4"), answer)


def test_a_text_alone_has_the_courses_own_mask():
    assert torch.equal(causal_mask(7), transformer.causal_mask(7))


@pytest.mark.parametrize("seed", range(3))
def test_what_passes_06_5_gives_tiny_the_features_of_the_courses_own_way(seed, tmp_path):
    model, prepare = clip.load("tiny", device="cpu")
    for _, case in find("06.5").draw(seed):
        files, captions, _ = case.arguments
        paths = written(files, tmp_path)
        images, tokens = tower_inputs(paths, captions)
        by_hand = torch.stack([prepare(open_rgb(path)) for path in paths])
        assert images.shape == (len(files), 3, 64, 64)
        assert tokens.shape == (len(captions), 77)
        with torch.no_grad():
            assert torch.equal(model.encode_image(images), model.encode_image(by_hand))
            assert (model.encode_text(tokens).norm(dim=1) > 0).all()


def written(files, folder):
    paths = []
    for place, (ending, pixels, turn) in enumerate(files):
        exif = Image.Exif()
        exif[0x0112] = turn
        paths.append(str(folder / f"{place}.{ending}"))
        Image.fromarray(pixels).save(paths[-1], exif=exif)
    return paths


@pytest.mark.parametrize("seed", range(20))
def test_06_5_asks_for_long_captions_and_for_no_rounding(seed):
    for property_, case in find("06.5").draw(seed):
        files, captions, _ = case.arguments
        for _, pixels, _ in files:
            short, long = sorted(pixels.shape[:2])
            assert 64 * long % short == 0, case.label
            assert (64 * long // short - 64) % 2 == 0, case.label
        lengths = [(row > 0).sum() for row in tokenize(captions, 1000)]
        if "too long" in case.label:
            assert max(lengths) > 77
        if "many letters" in case.label:
            assert lengths[0] <= 77
            assert len(captions[0]) > 90
            assert lengths[1] > 77
            assert (tokenize([" ".join(captions[1].split()[:75])], 1000) > 0).sum() == 77
        assert property_.points or case.visible


@pytest.mark.parametrize("number", ["06.2", "06.5"])
def test_a_harness_needs_nothing_from_outside(number):
    question = find(number)
    case = next(case for _, case in question.draw(0))
    harness = rebuild("harness", inspect.getsource(question.harness))
    again = plain(harness(question.reference, *case.arguments))
    assert (
        differs(plain(question.harness(question.reference, *case.arguments)), again, 0, 0)
        is None
    )
