import pytest
import torch
from torch.testing import assert_close

from mmcourse.flamingo import GameLanguageModel, game_words, tokens_of

DOCUMENT = "red cat is dax <eoc> blue car is wug <eoc> red car is"


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return GameLanguageModel(width=64, layers=3).double().eval()


def test_no_word_sees_a_later_one(model):
    tokens = tokens_of([DOCUMENT])
    changed = tokens.clone()
    changed[:, 9:] = game_words().ids["fish"]
    assert_close(model(changed)[:, :9], model(tokens)[:, :9])
    assert (model(changed)[:, 9:] - model(tokens)[:, 9:]).abs().max() > 1e-6


def test_look_is_called_once_a_layer_with_the_tokens_on_their_way(model):
    seen = []

    def look(number, x):
        seen.append((number, x.shape))
        return x

    assert_close(model(tokens_of([DOCUMENT]), look), model(tokens_of([DOCUMENT])))
    assert seen == [(number, (1, 13, 64)) for number in range(3)]


def test_what_look_adds_is_read(model):
    tokens = tokens_of([DOCUMENT])
    changed = model(tokens, lambda number, x: x + (number == 2))
    assert (changed - model(tokens)).abs().max() > 1e-6


def test_one_tap_mixes_no_tokens():
    model = GameLanguageModel(width=32, layers=1, taps=1)
    assert [each.taps.shape for each in model.convolutions] == [(1, 32)]


def test_too_long_a_document_is_refused(model):
    with pytest.raises(ValueError, match="at most 48 tokens; got 49"):
        model(torch.full((1, 49), 3))
