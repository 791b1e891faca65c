import pytest
import torch
from torch.nn import functional as F
from torch.testing import assert_close

from mmcourse.vqa import CrossAttentionVQA, PooledVQA, QuestionOnly, question_tokens
from mmcourse.vqa.cross_attention import CrossAttention

ASKED = ["what colour is the cat?", "is there a bus?", "how many red dogs are there?"]


@pytest.fixture(scope="module")
def questions():
    return question_tokens()(ASKED)


@pytest.fixture(scope="module")
def answerer():
    torch.manual_seed(0)
    return CrossAttentionVQA(dim=5, places=4, width=64, layers=2).double().eval()


def grids(seed=1):
    return torch.randn(3, 4, 5, generator=torch.Generator().manual_seed(seed)).double()


def test_cross_attention_is_torchs_own():
    torch.manual_seed(0)
    ours = CrossAttention(64, 2).double()
    words, places = torch.randn(3, 7, 64).double(), torch.randn(3, 5, 64).double()
    query, key, value = (
        part.unflatten(-1, (2, 32)).transpose(1, 2)
        for part in (ours.q_proj(words), ours.k_proj(places), ours.v_proj(places))
    )
    mixed = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
    found, attention = ours(words, places)
    assert_close(found, ours.out_proj(mixed))
    assert_close(attention.sum(-1), torch.ones(3, 2, 7).double())
    assert attention.shape == (3, 2, 7, 5)


def test_attention_is_shared_among_the_places_and_nowhere(answerer, questions):
    logits, looked = answerer(grids(), questions)
    assert logits.shape == (3, 44)
    assert looked.shape == (3, 4)
    assert bool(((looked > 0).all(1) & (looked.sum(1) < 1)).all())


def test_what_stands_after_a_question_does_not_matter(answerer, questions):
    short = question_tokens()(ASKED[1])
    assert short.shape[1] < questions.shape[1]
    logits, looked = answerer(grids()[1:2], short)
    together = answerer(grids(), questions)
    assert_close(logits, together[0][1:2])
    assert_close(looked, together[1][1:2])


def test_pictures_and_questions_stay_together(answerer, questions):
    order = torch.tensor([2, 0, 1])
    logits, looked = answerer(grids(), questions)
    turned = answerer(grids()[order], questions[order])
    assert_close(turned[0], logits[order])
    assert_close(turned[1], looked[order])


def test_places_are_told_apart(answerer, questions):
    order = torch.tensor([3, 1, 2, 0])
    logits, _ = answerer(grids(), questions)
    turned, _ = answerer(grids()[:, order], questions)
    assert (logits - turned).abs().max() > 1e-6


def test_the_order_of_words_matters(answerer):
    tokens = question_tokens()(["is the cat left of the dog?", "is the dog left of the cat?"])
    logits, _ = answerer(grids()[:1].expand(2, -1, -1), tokens)
    assert (logits[0] - logits[1]).abs().max() > 1e-6


@pytest.mark.parametrize("places", [0, 1, 2, 3])
def test_the_answer_depends_on_every_place(answerer, questions, places):
    grid = grids()
    before, _ = answerer(grid, questions)
    grid[:, places] += torch.tensor([1.0, 0, -2, 0, 3])
    after, _ = answerer(grid, questions)
    assert bool(((before - after).abs().amax(1) > 1e-9).all())


def test_the_question_alone_sees_no_picture(questions):
    torch.manual_seed(0)
    blind, pooled = QuestionOnly(width=32, layers=1), PooledVQA(dim=5, width=32, layers=1)
    assert blind(questions).shape == pooled(torch.ones(3, 5), questions).shape == (3, 44)
    changed = pooled(torch.ones(3, 5), questions) - pooled(torch.eye(3, 5), questions)
    assert changed.abs().max() > 1e-6


@pytest.mark.usefixtures("unchecked")
def test_a_question_longer_than_any_is_refused():
    with pytest.raises(ValueError, match="a question has at most 24 tokens; got 25"):
        QuestionOnly(width=32, layers=1)(torch.ones(1, 25, dtype=torch.long))
