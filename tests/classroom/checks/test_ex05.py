"""Exercise 05: right answers in other words pass, and the references are the course's own."""

import inspect
from math import log

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from classroom.checks import find
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import losses


def by_the_course(model, optimizer, images, tokens):
    """The lesson's lines, with the course's own loss."""
    model.train()
    scale = model.logit_scale.exp()
    loss = losses.clip_loss(model.encode_image(images), model.encode_text(tokens), scale)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        model.logit_scale.clamp_(max=log(100))
    return loss.item()


def forgetting_twice(model, optimizer, images, tokens):
    """Gradients may be forgotten at both ends, the scale held from both sides."""
    model.train()
    model.zero_grad()
    pictures = F.normalize(model.encode_image(images), dim=-1)
    texts = F.normalize(model.encode_text(tokens), dim=-1)
    logits = torch.einsum("nd,md->nm", pictures, texts) * model.logit_scale.exp()
    loss = -(logits.log_softmax(0).diag() + logits.log_softmax(1).diag()).mean() / 2
    loss.backward()
    optimizer.step()
    model.zero_grad(set_to_none=False)
    model.logit_scale.data = torch.clamp(model.logit_scale.data, 0, log(100))
    return loss


def back_to_test_mode(model, optimizer, images, tokens):
    loss = by_the_course(model, optimizer, images, tokens)
    model.eval()
    return torch.tensor(loss)


@pytest.mark.parametrize("answer", [by_the_course, forgetting_twice, back_to_test_mode])
def test_a_training_step_may_be_written_otherwise(answer):
    checking.assert_passes(find("05.1"), answer)


@pytest.mark.parametrize("seed", range(10))
def test_the_scale_of_05_1_always_passes_100_if_it_is_let(seed):
    def let_go(model, optimizer, images, tokens):
        model.train()
        loss = losses.clip_loss(
            model.encode_image(images), model.encode_text(tokens), model.logit_scale.exp()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert model.logit_scale.exp() > 105
        return loss.item()

    question = find("05.1")
    high = [case for each, case in question.draw(seed) if "100" in each.name]
    question.harness(let_go, *high[0].arguments)


def test_a_difference_says_which_part_of_the_model_it_is_in():
    said = feedback(judge(find("05.1"), lambda *_: 0.5))
    assert "difference  item losses" in said


def by_counting(captions):
    counts = [captions.count(text) for text in captions]
    table = np.zeros((len(captions), len(captions)))
    for row, text in enumerate(captions):
        for column, other in enumerate(captions):
            table[row, column] = (text == other) / counts[row]
    return table


def by_numbers(captions):
    places = torch.tensor([captions.index(text) for text in captions])
    return F.normalize((places[:, None] == places).double(), p=1, dim=0)


def by_columns(captions):
    """The table is its own mirror, so columns may be divided as well."""
    return by_numbers(captions).T


@pytest.mark.parametrize(
    "answer",
    [losses.multi_positive_targets, by_counting, by_numbers, by_columns],
)
def test_shared_targets_may_be_written_otherwise(answer):
    checking.assert_passes(find("05.2"), answer)


def by_two_halves(images, texts, scale, bias):
    """Pairs and others by themselves: log σ(−x) = log σ(x) − x."""
    logits = scale * F.normalize(images) @ F.normalize(texts).T + bias
    pairs = F.softplus(-logits.diag()).sum()
    others = F.softplus(logits).sum() - F.softplus(logits.diag()).sum()
    return (pairs + others) / len(images)


def by_cross_entropy(images, texts, scale, bias):
    """Labels of 0 and 1 are right where the function knows them as such."""
    logits = scale * F.normalize(images.double()) @ F.normalize(texts.double()).T + bias
    yes = torch.eye(len(images), dtype=logits.dtype)
    loss = F.binary_cross_entropy_with_logits(logits, yes, reduction="none")
    return loss.sum(dim=1).mean()


def in_float32(images, texts, scale, bias):
    return losses.siglip_loss(images.float(), texts.float(), scale, bias)


def by_loop(images, texts, scale, bias):
    total = 0.0
    for i, image in enumerate(images):
        for j, text in enumerate(texts):
            logit = scale * F.cosine_similarity(image, text, dim=0) + bias
            total = total - F.logsigmoid(logit if i == j else -logit)
    return total / len(images)


@pytest.mark.parametrize(
    "answer", [losses.siglip_loss, by_two_halves, by_cross_entropy, in_float32, by_loop]
)
def test_siglip_may_be_written_otherwise(answer):
    checking.assert_passes(find("05.3"), answer)


def by_the_course_cached(encode, chunks, loss_fn):
    """The course's own takes an encoder for each side, so each encodes both here."""
    return losses.cached_backward(
        lambda chunk: encode(chunk)[0],
        lambda chunk: encode(chunk)[1],
        [(chunk, chunk) for chunk in chunks],
        loss_fn,
    )


def by_detaching(encode, chunks, loss_fn):
    """Activations that are thrown away at once take no more room than none."""
    images, texts = [], []
    for chunk in chunks:
        image, text = encode(chunk)
        images.append(image.detach())
        texts.append(text.detach())
    images, texts = (torch.cat(side).requires_grad_() for side in (images, texts))
    loss = loss_fn(images, texts)
    loss.backward()
    start = 0
    for chunk in chunks:
        image, text = encode(chunk)
        end = start + len(image)
        (
            (image * images.grad[start:end]).sum() + (text * texts.grad[start:end]).sum()
        ).backward()
        start = end
    return loss


def by_leaves(encode, chunks, loss_fn):
    """Each chunk's features may be leaves, so that nothing need be cut apart."""
    with torch.no_grad():
        leaves = [[side.requires_grad_() for side in encode(chunk)] for chunk in chunks]
    loss = loss_fn(*(torch.cat(side) for side in zip(*leaves, strict=True)))
    loss.backward()
    for chunk, sides in zip(chunks, leaves, strict=True):
        image, text = encode(chunk)
        image.backward(sides[0].grad)
        text.backward(sides[1].grad)
    return loss.item()


@pytest.mark.parametrize("answer", [by_the_course_cached, by_detaching, by_leaves])
def test_a_cached_gradient_may_be_written_otherwise(answer):
    checking.assert_passes(find("05.4"), answer)


@pytest.mark.parametrize("seed", range(3))
def test_the_reference_of_05_4_equals_the_whole_batch_at_once(seed):
    def at_once(encode, chunks, loss_fn):
        whole = [torch.cat(side) for side in zip(*chunks, strict=True)]
        loss = loss_fn(*encode(whole))
        loss.backward()
        return loss

    checking.assert_passes(find("05.4"), at_once, range(seed, seed + 1))


@pytest.mark.parametrize("number", ["05.1", "05.4"])
def test_a_harness_needs_nothing_from_outside(number):
    question = find(number)
    space = {}
    exec(inspect.getsource(question.harness), space)
    case = next(case for _, case in question.draw(0))
    assert len(space["harness"](question.reference, *case.arguments)) in (4, 5)
