import pytest
import torch
from torch.testing import assert_close

from mmcourse.checkpoints import restore
from mmcourse.flamingo import Flamingo, GameLanguageModel, Sight, load_flamingo, tokens_of

DOCUMENTS = ["<image> is dax <eoc> <image> is wug <eoc> <image> is", "<image> red cat <eoc>"]


def pictures(n=3, seed=1):
    return torch.randn(2, n, 4, 5, generator=torch.Generator().manual_seed(seed)).double()


@pytest.fixture
def model():
    torch.manual_seed(0)
    sight = Sight(5, 4, width=32, layers=2, latents=3)
    return Flamingo(GameLanguageModel(width=32, layers=2), sight).double().eval()


def opened(model):
    for gated in model.sight.resblocks:
        gated.look_gate.data.fill_(0.5)
        gated.think_gate.data.fill_(0.5)
    return model


def test_new_gates_give_the_language_models_logits_exactly(model):
    tokens = tokens_of(DOCUMENTS)
    assert torch.equal(model(tokens, pictures()), model.language(tokens))


def test_shutting_trained_gates_gives_the_shipped_language_models_logits_exactly():
    model, tokens = load_flamingo(), tokens_of(DOCUMENTS)
    shown = torch.randn(2, 3, 16, 256, generator=torch.Generator().manual_seed(0))
    alone = restore(GameLanguageModel(), "word-game")(tokens)
    assert (model(tokens, shown) - alone).abs().max() > 0.1
    for gated in model.sight.resblocks:
        gated.look_gate.data.zero_()
        gated.think_gate.data.zero_()
    assert torch.equal(model(tokens, shown), alone)


def test_only_sight_learns(model):
    opened(model)(tokens_of(DOCUMENTS), pictures()).sum().backward()
    assert all(each.grad is None for each in model.language.parameters())
    assert all(each.grad is not None for each in model.sight.parameters())


def test_a_picture_changes_what_stands_in_its_chunk_and_after(model):
    tokens, shown = tokens_of(DOCUMENTS[:1]), pictures()[:1]
    other = shown.clone()
    other[:, 1] += torch.randn(4, 5, generator=torch.Generator().manual_seed(2))
    moved = (opened(model)(tokens, other) - model(tokens, shown)).abs().amax(-1)[0] > 1e-9
    assert moved.tolist() == [False] * 4 + [True] * 6


def test_pictures_beyond_the_marks_are_not_seen(model):
    tokens = tokens_of(DOCUMENTS)
    more = torch.cat([pictures(), pictures(2, seed=3)], 1)
    assert_close(opened(model)(tokens, more), model(tokens, pictures()))


def test_documents_do_not_mix(model):
    tokens = tokens_of(DOCUMENTS)
    alone = opened(model)(tokens[1:], pictures()[1:])
    assert_close(model(tokens, pictures())[1:], alone)


def test_layers_must_match():
    with pytest.raises(ValueError, match="sight must have the 1 layers of the language model"):
        Flamingo(GameLanguageModel(width=32, layers=1), Sight(5, 4, width=32, layers=2))
