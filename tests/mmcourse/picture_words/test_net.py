"""One sequence, two orders: who sees whom, and that a cache changes nothing."""

import pytest
import torch
from good_calls import rows, seeded, spelled, word_net
from torch.testing import assert_close

from mmcourse.picture_words import PictureWords, text_rows
from mmcourse.picture_words.second import SecondCode
from mmcourse.tokenizer.words import PADDING, START

BOTH = torch.tensor([True, False])


@pytest.fixture(scope="module")
def model():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return PictureWords(width=36, layers=2, heads=3).double().eval()


def known(model, words, codes, first):
    with torch.no_grad():
        return model(words, codes, torch.full((len(words),), first))


def changed(one, other):
    """Return which places differ, in the first row."""
    return ((one - other).abs().amax(-1)[0] > 1e-9).tolist()


@pytest.mark.parametrize("cell", [0, 17, 62])
def test_a_cell_is_seen_by_those_after_it_alone(model, cell):
    codes = spelled()
    codes[:, cell] += 1
    before, after = (known(model, rows(), each, True)[1] for each in (spelled(), codes))
    assert changed(before, after) == [at > cell for at in range(64)]


def test_words_that_come_first_do_not_see_the_picture_which_sees_them(model):
    other = text_rows(model.tokens, ["a red dog", "a blue dog at night"])
    words, cells = zip(
        *(known(model, each, spelled(), True) for each in (rows(), other)), strict=True
    )
    assert changed(*words) == [at > 2 for at in range(16)]
    assert changed(*cells) == [True] * 64
    assert (
        changed(*(known(model, rows(), each, True)[0] for each in (spelled(), spelled() + 1)))
        == [False] * 16
    )


def test_a_picture_that_comes_first_does_not_see_the_words_which_see_it(model):
    other = text_rows(model.tokens, ["a red dog", "a blue dog at night"])
    cells = [known(model, each, spelled(), False)[1] for each in (rows(), other)]
    assert changed(*cells) == [False] * 64
    words = [known(model, rows(), each, False)[0] for each in (spelled(), spelled() + 1)]
    assert changed(*words) == [True] * 16


def test_each_row_of_a_batch_has_its_own_order(model):
    mixed = model(rows(), spelled(), BOTH)
    for row, first in enumerate(BOTH.tolist()):
        for found, alone in zip(mixed, known(model, rows(), spelled(), first), strict=True):
            assert_close(found[row], alone[row])


def test_both_codes_of_a_cell_and_its_place_are_told_apart(model):
    codes = spelled()
    codes[:, 5, 1] += 1
    assert any(changed(*(known(model, rows(), each, True)[1] for each in (spelled(), codes))))
    still = torch.full((2, 64, 2), 7)
    swapped = still.clone()
    swapped[:, 3], still[:, 9] = 8, 8
    one, other = (known(model, rows(), each, True)[1][:, 20] for each in (still, swapped))
    assert not torch.allclose(one, other)


@torch.no_grad()
def test_cell_by_cell_with_a_cache_gives_what_the_whole_gives(model):
    for words, first in ((rows(), True), (None, False)):
        whole = known(model, rows(), spelled(), first)[1]
        state, cache = model.read(words=words, codes=spelled()[:, :5])
        assert_close(state, whole[:, 5])
        for cell in range(5, 9):
            state, cache = model.step_cell(spelled()[:, cell], cell, cache)
            assert_close(state, whole[:, cell + 1])


@torch.no_grad()
def test_word_by_word_with_a_cache_gives_what_the_whole_gives(model):
    whole = model.say_word(known(model, rows(), spelled(), False)[0])
    state, cache = model.read(codes=spelled())
    assert_close(model.say_word(state), whole[:, 0])
    for place in range(15):
        logits, cache = model.step_word(rows()[:, place], cache)
        assert_close(logits, whole[:, place + 1])


def test_padding_and_the_start_are_never_said(model):
    logits = model.say_word(torch.zeros(3, 36).double())
    assert (logits[:, [PADDING, START]] == float("-inf")).all()
    assert logits.isfinite().sum(1).tolist() == [len(model.tokens) - 2] * 3


def test_a_new_one_holds_all_for_equally_likely():
    fresh = PictureWords(width=36, layers=1, heads=3)
    before_words, before_cells = fresh(rows(), spelled(), BOTH)
    for logits in (fresh.say_first(before_cells), fresh.word_head(before_words)):
        assert (logits == 0).all()
    assert (fresh.say_second(before_cells, spelled()[..., 0]) == 0).all()


def test_the_second_code_depends_on_the_first():
    net, state = word_net(), torch.randn(2, 32, generator=seeded())
    one, other = (net.say_second(state, torch.tensor([first, 7])) for first in (7, 8))
    assert not torch.allclose(one[0], other[0])
    assert_close(one[1], other[1])


def test_every_part_of_the_second_head_learns():
    head = SecondCode(8, 11)
    torch.nn.init.normal_(head.head.weight)
    head(torch.randn(5, 8), torch.randn(5, 8)).square().mean().backward()
    assert all(each.grad is not None and each.grad.any() for each in head.parameters())


def test_no_more_than_64_cells_are_read():
    with pytest.raises(ValueError, match=r"^PictureWords: a picture has 64 cells; got 65"):
        word_net().read(codes=torch.zeros(1, 65, 2).long())


def test_words_are_stepped_after_a_whole_picture_alone():
    cache = word_net().read(codes=spelled(63))[1]
    with pytest.raises(
        ValueError, match=r"^PictureWords: .* the cache holds 64 tokens; read a"
    ):
        word_net().step_word(torch.tensor([5, 7]), cache)


def test_the_width_is_shared_among_the_heads():
    with pytest.raises(ValueError, match=r"multiple of heads; got 36 and 5"):
        PictureWords(36, 1, 5)


def test_every_row_and_column_of_the_picture_has_a_place_of_its_own(model):
    same = torch.zeros_like(spelled())  # no cell differs but by where it lies
    before = known(model, rows(), same, True)[1]
    for places in (model.row_embedding, model.column_embedding):
        kept = places.detach().clone()
        with torch.no_grad():
            places[:] = places.flatten(0, 1)[3]
        assert any(changed(before, known(model, rows(), same, True)[1]))
        with torch.no_grad():
            places[:] = kept
