import pytest
import torch

from mmcourse.flamingo import document_loss, game_words, tokens_of


def certain(tokens, wrong=()):
    """Return logits that foresee every word, but those at these places."""
    logits = torch.zeros(*tokens.shape, len(game_words()))
    for place in range(tokens.shape[1] - 1):
        if place + 1 not in wrong:
            logits[0, place, tokens[0, place + 1]] = 100
    return logits


def test_what_is_foreseen_costs_nothing():
    tokens = tokens_of(["<image> is dax <eoc>"])
    assert document_loss(certain(tokens), tokens) == pytest.approx(0, abs=1e-6)


def test_names_count_one_and_others_as_said():
    tokens, surprise = tokens_of(["<image> is dax <eoc>"]), torch.tensor(56.0).log()
    name = document_loss(certain(tokens, wrong=[2]), tokens, others=0.25)
    other = document_loss(certain(tokens, wrong=[1]), tokens, others=0.25)
    assert name == pytest.approx(surprise / 1.5)
    assert other == pytest.approx(surprise * 0.25 / 1.5)


def test_padding_does_not_count():
    short, long = tokens_of(["<image> is dax"]), tokens_of(["<image> is dax", "is is is is is"])
    logits = torch.randn(1, 5, len(game_words()), generator=torch.Generator().manual_seed(0))
    assert document_loss(logits[:, :3], short) == pytest.approx(
        float(document_loss(logits, long[:1]))
    )
