import pytest
import torch
from torch.nn import functional as F
from torch.testing import assert_close

from mmcourse.captioning import PrefixCaptioner, caption_loss
from mmcourse.captioning.cache import Cache, extend
from mmcourse.transformer import Transformer, causal_mask


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return PrefixCaptioner(dim=5, places=4, width=64, layers=2).double().eval()


@pytest.fixture(scope="module")
def features():
    return torch.randn(3, 4, 5, generator=torch.Generator().manual_seed(1)).double()


@pytest.fixture(scope="module")
def tokens(model):
    return model.tokens(["a red cat at night", "two cars", "a sitting dog above a blue bus"])


def test_no_word_sees_a_later_one(model, features, tokens):
    other = tokens.clone()
    other[:, 3:] = model.tokens.ids["umbrella"]
    assert_close(model(features, other)[:, :3], model(features, tokens)[:, :3])


def test_every_word_sees_every_place(model, features, tokens):
    for place in range(4):
        other = features.clone()
        other[:, place] += torch.tensor([1.0, 0, 0, -1, 3])
        changed = (model(features, tokens) - model(other, tokens)).abs().amax(-1)
        assert bool((changed > 1e-6).all())


def test_step_by_step_with_a_cache_gives_what_the_whole_text_gives(model, features, tokens):
    whole = model(features, tokens)[..., 2:]  # padding and start are never said
    logits, cache = model.read(features)
    assert_close(logits[:, 2:], whole[:, 0])
    for place in range(1, tokens.shape[1]):
        logits, cache = model.step(tokens[:, place], cache)
        assert_close(logits[:, 2:], whole[:, place])
        assert len(cache) == 4 + place + 1


def test_padding_and_the_start_are_never_said(model, features):
    assert bool((model.read(features)[0][:, :2] == float("-inf")).all())


def test_rows_of_a_cache_are_those_of_the_pictures(model, features, tokens):
    _, cache = model.read(features)
    order = torch.tensor([2, 0, 0])
    logits, _ = model.step(tokens[order, 1], cache.rows(order))
    expected, _ = model.step(tokens[:, 1], cache)
    assert_close(logits, expected[order])


def test_extending_an_empty_cache_is_the_transformer():
    torch.manual_seed(0)
    transformer = Transformer(64, 3, 2).double()
    x = torch.randn(2, 5, 64).double()
    found, _ = extend(transformer, x, Cache(), causal_mask(5))
    assert_close(found, transformer(x, causal_mask(5)))


def test_the_loss_is_the_mean_over_words_and_ends_of_the_word_after(model, features, tokens):
    logits = model(features, tokens)
    by_hand = [
        -F.log_softmax(logits[row, place], 0)[tokens[row, place + 1]]
        for row in range(3)
        for place in range(tokens.shape[1] - 1)
        if tokens[row, place + 1] != 0
    ]
    assert_close(caption_loss(logits, tokens), torch.stack(by_hand).mean(), check_dtype=False)


def test_what_stands_after_the_end_does_not_matter_to_the_loss(model, features, tokens):
    short = tokens[1:2, :4]  # start, two, cars, end
    assert_close(
        caption_loss(model(features[1:2], tokens[1:2]), tokens[1:2]),
        caption_loss(model(features[1:2], short), short),
    )


@pytest.mark.usefixtures("unchecked")
def test_a_text_longer_than_any_caption_is_refused(model, features):
    with pytest.raises(ValueError, match="a caption has at most 22 tokens; got 25"):
        model(features, torch.ones(3, 25, dtype=torch.long))
