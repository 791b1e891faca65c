import pytest
import torch
from torch.nn import functional as F
from torch.testing import assert_close

from mmcourse import clip
from mmcourse.few_shot import LearnedContext, learn_context
from mmcourse.zeroshot import build_classifier

NAMES = ["cat", "crane bird", "bus"]


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")[0]


@pytest.fixture
def context(tiny):
    return LearnedContext(tiny, NAMES, 4, generator=torch.Generator().manual_seed(0))


def test_vectors_of_words_give_the_classifier_of_these_words(tiny, context):
    words = clip.tokenize("a photo of a")[0, 1:5]
    with torch.no_grad():
        context.context.copy_(tiny.token_embedding(words))
        found = context()
    expected = build_classifier(tiny, NAMES, "a photo of a {}.")
    assert_close(found, expected, rtol=0, atol=1e-6)


def test_only_the_context_learns(tiny, context):
    before = {name: value.clone() for name, value in context.state_dict().items()}
    features = torch.randn(7, 128, generator=torch.Generator().manual_seed(1))
    learn_context(context, features, torch.tensor([0, 1, 2, 2, 1, 0, 0]), steps=2)
    after = context.state_dict()
    moved = [name for name, value in before.items() if not torch.equal(value, after[name])]
    assert moved == ["context"]
    assert all(each.requires_grad and each.grad is None for each in tiny.parameters())


def test_the_loss_is_the_cross_entropy_of_the_scaled_cosines(tiny, context):
    features = torch.randn(7, 128, generator=torch.Generator().manual_seed(1))
    labels = torch.tensor([0, 1, 2, 2, 1, 0, 0])
    cosines = torch.cosine_similarity(features[:, None], context().T[None], dim=-1)
    expected = F.cross_entropy(tiny.logit_scale.exp() * cosines, labels).item()
    history = learn_context(context, features, labels, steps=20)
    assert history.losses[0] == pytest.approx(expected, rel=1e-5)
    assert history.losses[-1] < 0.7 * expected


@pytest.mark.usefixtures("unchecked")
def test_a_name_too_long_for_what_the_context_leaves_is_refused(tiny):
    with pytest.raises(ValueError, match=r"^LearnedContext: "):
        LearnedContext(tiny, ["cat " * 80], 4, generator=torch.Generator())
