"""Exercise 07: right answers in other words pass, and the references are the course's own."""

import inspect

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from classroom.checks import find
from classroom.checks.ex07_using_clip import label_probabilities as of_labels
from classroom.checks.ex07_using_clip import to_device as of_device
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import clip, zeroshot


def by_the_model_itself(model, images, tokens):
    with torch.no_grad():
        logits_per_image, _ = model(images, tokens)
    return logits_per_image.softmax(dim=-1).numpy()


def by_zeroshot(model, images, tokens):
    texts = F.normalize(model.encode_text(tokens), dim=-1)
    scale = model.logit_scale.exp().item()
    return zeroshot.probabilities(model.encode_image(images), texts.T, scale)


def by_loop(model, images, tokens):
    rows = []
    for image in images:
        x = model.encode_image(image[None])[0].double()
        y = [model.encode_text(one[None])[0].double() for one in tokens]
        cosines = torch.stack([x @ one / (x.norm() * one.norm()) for one in y])
        odds = (model.logit_scale.exp() * (cosines - cosines.max())).exp()
        rows.append(odds / odds.sum())
    return torch.stack(rows)


def by_einsum(model, images, tokens):
    with torch.no_grad():
        x = model.encode_image(images).numpy().astype(float)
        y = model.encode_text(tokens).numpy().astype(float)
        scale = np.exp(model.logit_scale.item())
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    y /= np.linalg.norm(y, axis=1, keepdims=True)
    odds = np.exp(scale * np.einsum("nd,md->nm", x, y))
    return odds / odds.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("answer", [by_the_model_itself, by_zeroshot, by_loop, by_einsum])
def test_label_probabilities_may_be_written_otherwise(answer):
    checking.assert_passes(find("07.1"), answer)


def test_the_reference_of_07_1_says_what_a_model_says():
    model, _ = clip.load("tiny", device="cpu")
    images = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    tokens = clip.tokenize(["a cat", "a dog", "a bird"])
    with torch.no_grad():
        expected = model(images, tokens)[0].softmax(dim=-1)
        got = of_labels.label_probabilities(model, images, tokens)
    torch.testing.assert_close(got, expected)


def test_towers_that_run_too_often_cost_no_points_and_are_counted():
    verdict = judge(find("07.1"), by_loop)
    assert verdict.points == find("07.1").points
    assert "calls a tower 9 times; 2 would do" in feedback(verdict)
    assert of_labels.remark(by_the_model_itself) is None


def test_a_row_that_depends_on_others_breaks_the_law_of_being_alone():
    def halved(model, images, tokens):
        shares = by_the_model_itself(model, images, tokens)
        return (shares + shares.mean(axis=0)) / 2

    said = feedback(judge(find("07.1"), halved))
    assert "must not depend on other pictures" in said


def by_parameters(batch, model):
    device = next(model.parameters()).device
    return {
        "images": batch["images"].to(device=device).type(model.dtype),
        "tokens": batch["tokens"].to(device),
    }


def by_visual(batch, model):
    weight = model.visual.weight
    return {
        name: x.to(weight) if x.is_floating_point() else x.to(weight.device)
        for name, x in batch.items()
    }


def in_place(batch, model):
    batch["images"] = batch["images"].to(model.dtype).to(model.logit_scale.device)
    batch["tokens"] = batch["tokens"].to(model.logit_scale.device)
    return batch


@pytest.mark.parametrize("answer", [by_parameters, by_visual, in_place])
def test_to_device_may_be_written_otherwise(answer):
    checking.assert_passes(find("07.2"), answer)


def test_a_real_model_has_what_07_2_asks_for():
    model, _ = clip.load("tiny", device="cpu")
    batch = {"images": torch.zeros(1, 3, 64, 64), "tokens": clip.tokenize(["a cat"])}
    clip.convert_weights(model)
    moved = of_device.to_device(batch, model)
    assert moved["images"].dtype == model.dtype == torch.float16
    assert moved["tokens"].dtype == torch.int32
    assert model.logit_scale.dtype == torch.float32


def test_the_harnesses_of_07_need_nothing_from_outside():
    images, tokens = torch.ones(2, 3, 2, 2), torch.tensor([[1, 2], [3, 4], [5, 6]])
    space = {}
    exec(inspect.getsource(of_labels.harness), space)
    out = space["harness"](by_the_model_itself, images, tokens, 20.0, 5, 1)
    assert out.shape == (2, 3)
    exec(inspect.getsource(of_device.harness), space)
    out = space["harness"](by_parameters, images, tokens, "meta", "float16")
    assert out[:2] == ["images: float16 on meta, [2, 3, 2, 2]", "tokens: int64 on meta, [3, 2]"]


def by_odds(cosines, scale, offered):
    odds = np.exp(scale * cosines.numpy())
    odds = np.column_stack([odds[:, :offered], odds[:, offered:].sum(axis=1)])
    return odds / odds.sum(axis=1, keepdims=True)


def by_difference(cosines, scale, offered):
    shares = (scale * cosines.float()).softmax(dim=1)[:, :offered]
    return torch.cat([shares, 1 - shares.sum(dim=1, keepdim=True)], dim=1)


def by_logsumexp(cosines, scale, offered):
    logits = scale * cosines
    none = logits[:, offered:].logsumexp(dim=1, keepdim=True)
    return torch.cat([logits[:, :offered], none], dim=1).softmax(dim=1)


@pytest.mark.parametrize("answer", [by_odds, by_difference, by_logsumexp])
def test_with_none_of_these_may_be_written_otherwise(answer):
    checking.assert_passes(find("07.3"), answer)


def test_a_way_out_that_favours_a_name_breaks_the_law_of_odds():
    def favoured(cosines, scale, offered):
        shares = by_difference(cosines, scale, offered)
        moved = shares[:, 0] / 2
        shares[:, 0] -= moved
        shares[:, -1] += moved
        return shares

    said = feedback(judge(find("07.3"), favoured))
    assert "their odds among each other must stay" in " ".join(said.split())
