"""What is learnt: chance, weights of the two orders, and the chain rule of two codes."""

from math import log

import pytest
import torch
from good_calls import rows, spelled, word_net
from torch.testing import assert_close

from mmcourse.picture_words import PictureWords, both_ways_loss, surprise
from mmcourse.tokenizer.words import PADDING

BOTH = torch.tensor([True, False])


def fresh():
    return PictureWords(width=36, layers=1, heads=3)


def test_at_first_the_surprise_is_the_logarithm_of_how_many_there_are():
    model = fresh()
    found = surprise(model, rows(), spelled(), BOTH)
    assert_close(found.cells, torch.full((2, 64), 2 * log(1000)))
    said = rows() != PADDING
    assert_close(found.words[said], torch.full((int(said.sum()),), log(len(model.tokens))))
    assert (found.words[~said] == 0).all()


def test_a_cell_is_as_surprising_as_its_two_codes_after_each_other():
    model = word_net()
    with torch.no_grad():
        _, before = model(rows(), spelled(), BOTH)
        first, second = spelled().unbind(2)
        likely = model.say_first(before).softmax(-1).gather(2, first[..., None])[..., 0]
        then = model.say_second(before, first).softmax(-1).gather(2, second[..., None])[..., 0]
    assert_close(surprise(model, rows(), spelled(), BOTH).cells, -(likely * then).log())


def test_words_before_the_picture_count_an_eighth():
    # By hand: four words and five, each with its end; weights 1/8 and 1.
    model = word_net()
    found = surprise(model, rows(), spelled(), BOTH)
    lengths = (rows() != PADDING).sum(1)
    assert lengths.tolist() == [4, 6]
    words = (found.words[0].sum() / 8 + found.words[1].sum()) / (4 / 8 + 6)
    expected = found.cells.mean() + words
    assert_close(both_ways_loss(model, rows(), spelled(), BOTH), expected)


@pytest.mark.parametrize("first", [True, False])
def test_either_order_alone_is_a_loss(first):
    model, order = word_net(), torch.full((2,), first)
    found = surprise(model, rows(), spelled(), order)
    expected = found.cells.mean() + found.words.sum() / (rows() != PADDING).sum()
    assert_close(both_ways_loss(model, rows(), spelled(), order), expected)


def test_everything_learns():
    torch.manual_seed(0)
    model = fresh()
    for head in (model.word_head, model.first_head, model.second.head):
        torch.nn.init.normal_(head.weight, std=0.1)
    both_ways_loss(model, rows(), spelled(), BOTH).backward()
    assert all(each.grad is not None and each.grad.any() for each in model.parameters())


def test_a_few_steps_learn_a_picture_by_heart():
    torch.manual_seed(0)
    model = fresh()
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(30):
        adam.zero_grad()
        loss = both_ways_loss(model, rows(), spelled(), BOTH)
        loss.backward()
        adam.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
