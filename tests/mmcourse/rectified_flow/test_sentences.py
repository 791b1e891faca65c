"""From vectors of the joint space to what a painter reads: least squares, and a ridge."""

import pytest
import torch
from torch.nn import functional as F
from torch.testing import assert_close

from mmcourse import clip
from mmcourse.clip import tokenize
from mmcourse.rectified_flow import read_prompts, sentence_map

TEXTS = [
    f"a {colour} {kind} {place}"
    for colour in ("red", "blue", "green", "pink", "black")
    for kind in ("cat", "dog", "car", "house", "tree", "boat")
    for place in ("at night", "in the snow", "in a meadow", "at the beach")
]


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", "cpu")[0]


def lying(model, texts):
    with torch.no_grad():
        return F.normalize(model.encode_text(tokenize(texts)), dim=-1)


def test_texts_get_their_own_sentences_back_up_to_the_ridge(tiny):
    read = read_prompts(tiny, TEXTS)[:, 0]
    found = sentence_map(tiny, TEXTS, ridge=1e-4)(lying(tiny, TEXTS))
    away = (found[:, 0] - read).norm() / (read - read.mean(0)).norm()
    assert away < 0.2


def test_words_stay_empty_and_length_does_not_matter(tiny):
    mapped, vectors = sentence_map(tiny, TEXTS), lying(tiny, TEXTS[:3])
    condition = mapped(vectors)
    assert condition.shape == read_prompts(tiny, TEXTS[:3]).shape
    assert not condition[:, 1:].any()
    assert_close(mapped(7 * vectors), condition)


def test_the_map_solves_the_normal_equations(tiny):
    mapped, ridge = sentence_map(tiny, TEXTS, ridge=0.3), 0.3
    x = (lying(tiny, TEXTS) - mapped.texts).double()
    y = (read_prompts(tiny, TEXTS)[:, 0] - mapped.sentences).double()
    weight = mapped.matrix.double()
    shrunk = ridge * x.square().sum() / x.shape[1] * weight
    assert_close(x.T @ (y - x @ weight), shrunk, rtol=1e-2, atol=1e-2)


def test_another_middle_moves_all_alike(tiny):
    mapped, vectors = sentence_map(tiny, TEXTS), lying(tiny, TEXTS[:5])
    gap = torch.full_like(mapped.texts, 0.01)
    steps = mapped(vectors, mapped.texts + gap) - mapped(vectors)
    assert_close(steps[:, 0], (-gap @ mapped.matrix).expand(5, -1), rtol=1e-3, atol=1e-3)


def test_a_ridge_shortens_the_map(tiny):
    sizes = [sentence_map(tiny, TEXTS, ridge=r).matrix.norm().item() for r in (0.01, 1, 100)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 3 * sizes[2]
