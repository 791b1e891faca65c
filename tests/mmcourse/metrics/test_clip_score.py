import torch
from torch.testing import assert_close

from mmcourse.metrics import clip_score


def vectors(seed):
    return torch.randn(7, 5, generator=torch.Generator().manual_seed(seed)).double()


def test_it_is_the_cosine_of_torch_two_and_a_half_times():
    images, texts = vectors(1), vectors(2)
    cosines = torch.nn.functional.cosine_similarity(images, texts)
    assert bool((cosines < 0).any())
    assert_close(clip_score(images, texts), 2.5 * cosines.clip(min=0))
    hundred = clip_score(images, texts, weight=100.0)  # as torchmetrics counts
    assert_close(hundred, 40 * clip_score(images, texts))


def test_lengths_do_not_matter():
    images, texts = vectors(1), vectors(2)
    assert_close(clip_score(9 * images, texts / 7), clip_score(images, texts))


def test_it_is_never_negative_and_at_most_its_weight():
    images = vectors(1)
    assert_close(clip_score(images, -images), torch.zeros(7).double())
    assert_close(clip_score(images, images, weight=3.0), torch.full((7,), 3.0).double())


def test_an_exchange_that_the_features_do_not_show_is_not_seen():
    images, texts = vectors(1), vectors(2)
    order = torch.tensor([1, 0, 2, 3, 4, 6, 5])
    assert_close(clip_score(images[order], texts[order]), clip_score(images, texts)[order])
