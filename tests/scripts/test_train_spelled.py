"""What the models of lesson 16 begin as, and what they are fed."""

import numpy as np
import torch
from averaged import Averaged
from good_calls import folder, word_net
from painted_scenes import Diet, Painted, scenes
from torch import nn
from torch.testing import assert_close
from train_picture_words import BATCH, PICTURE_FIRST, batch, said
from train_tokenizer import begun

from mmcourse.captioning import target_caption


def diet(n):
    shown = scenes(Diet(name="few", single=1, pair=0, seed=5), 0, n)
    return Painted([np.zeros((n, 64, 64, 3), dtype=np.uint8)], shown)


def test_a_tokenizer_begins_as_the_autoencoder_but_for_the_layers_beside_the_rounding():
    old, new = folder().state_dict(), begun(folder()).state_dict()
    other = {name for name, value in new.items() if not torch.equal(value, old[name])}
    assert other == {"encoder.7.weight", "encoder.7.bias", "decoder.0.weight"}


def test_the_picture_comes_first_in_a_quarter_of_the_rows_with_the_one_caption():
    data, tokens = diet(30), word_net().tokens
    rows, words, words_first = batch(word_net(), data, step=3)
    assert len(rows) == len(words) == len(words_first) == BATCH
    assert (~words_first).sum() == PICTURE_FIRST * BATCH
    for row, text, first in zip(rows, words, words_first, strict=True):
        if not first:
            assert tokens.decode(text) == target_caption(data.scenes[row])


def test_a_step_draws_the_same_batch_again_and_the_next_another():
    data = diet(30)
    one, again, other = (batch(word_net(), data, step) for step in (3, 3, 4))
    assert one[0] == again[0] != other[0]
    assert torch.equal(one[1], again[1])


def test_captions_to_paint_from_vary_and_fit():
    [scene] = diet(1).scenes
    texts = {said(scene, np.random.default_rng(seed)) for seed in range(40)}
    assert len(texts) > 10
    assert max(len(text.split()) for text in texts) <= 15


def test_the_mean_of_weights_follows_fast_at_first_and_learns_nothing_itself():
    model = Averaged(nn.Linear(1, 1, bias=False))
    before = model.mean.weight.item()
    nn.init.constant_(model.net.weight, before + 21.0)
    model.after_step(1)  # keeps 1 / 21
    assert_close(model.mean.weight.item(), before + 20.0)
    model.after_step(10**6)  # keeps 999 / 1000 of the rest
    assert_close(model.mean.weight.item(), before + 20.001)
    assert [name for name, each in model.named_parameters() if each.requires_grad] == [
        "net.weight"
    ]
