import math

import torch
from torch.testing import assert_close

from mmcourse.few_shot import tip_adapter


def task(seed=0):
    generator = torch.Generator().manual_seed(seed)
    features, keys, logits = (
        torch.randn(*shape, generator=generator, dtype=torch.float64)
        for shape in ((7, 5), (9, 5), (7, 3))
    )
    return features, keys, torch.eye(3, dtype=torch.float64)[torch.arange(9) % 3], logits


def test_equals_a_loop_over_pictures_and_keys():
    features, keys, one_hot, logits = task()
    found = tip_adapter(features, keys, one_hot, logits, 1.7, 5.5)
    for row, picture in enumerate(features):
        expected = logits[row].tolist()
        for key, values in zip(keys, one_hot, strict=True):
            cosine = float(picture @ key) / (float(picture.norm()) * float(key.norm()))
            expected[int(values.argmax())] += 1.7 * math.exp(-5.5 * (1 - cosine))
        assert_close(found[row].tolist(), expected)


def test_lengths_do_not_count():
    features, keys, one_hot, logits = task()
    expected = tip_adapter(features, keys, one_hot, logits, 1.7, 5.5)
    assert_close(tip_adapter(3 * features, 0.2 * keys, one_hot, logits, 1.7, 5.5), expected)


def test_alpha_zero_leaves_the_texts_alone():
    features, keys, one_hot, logits = task()
    assert torch.equal(tip_adapter(features, keys, one_hot, logits, 0, 5.5), logits)


def test_with_beta_zero_every_key_counts_alike():
    features, keys, one_hot, logits = task()
    found = tip_adapter(features, keys, one_hot, torch.zeros_like(logits), 2.0, 0)
    assert_close(found, torch.full_like(logits, 2.0 * 3))


def test_without_a_key_only_the_texts_speak():
    features, keys, one_hot, logits = task()
    assert torch.equal(tip_adapter(features, keys[:0], one_hot[:0], logits, 1.7, 5.5), logits)
