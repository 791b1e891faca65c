"""Exercise 08: right answers in other words pass, and the references are the course's own."""

import inspect

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from classroom.checks import find
from classroom.checks.ex08_zero_shot_and_prompts import (
    build_classifier as of_classifier,
)
from classroom.checks.ex08_zero_shot_and_prompts import (
    build_image_classifier as of_pictures,
)
from classroom.checks.ex08_zero_shot_and_prompts.reliability import reliability
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import clip, metrics, zeroshot


def by_loop(model, names, templates):
    """Encode name by name, as OpenAI's notebook does."""
    columns = []
    for name in names:
        tokens = clip.tokenize([template.format(name) for template in templates])
        vectors = model.encode_text(tokens)
        vectors = vectors / vectors.norm(dim=-1, keepdim=True)
        column = vectors.mean(dim=0)
        columns.append(column / column.norm())
    return torch.stack(columns, dim=1)


def by_templates(model, names, templates):
    """Sum the classifiers of single templates: the length goes at the end."""
    total = sum(by_loop(model, names, [template]) for template in templates)
    return total / total.norm(dim=0)


def by_numpy(model, names, templates):
    texts = [template.replace("{}", name) for template in templates for name in names]
    with torch.no_grad():
        vectors = model.encode_text(clip.tokenize(texts)).numpy().astype(float)
    vectors = vectors.reshape(len(templates), len(names), -1)
    vectors /= np.sqrt(np.einsum("tcd,tcd->tc", vectors, vectors))[..., None]
    means = vectors.sum(axis=0)
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).T


def of_the_course(model, names, templates):
    return zeroshot.build_classifier(model, names, templates)


@pytest.mark.parametrize("answer", [by_loop, by_templates, by_numpy])
def test_build_classifier_may_be_written_otherwise(answer):
    checking.assert_passes(find("08.1"), answer)


@pytest.mark.usefixtures("unchecked")
def test_build_classifier_may_be_the_courses_own():
    checking.assert_passes(find("08.1"), of_the_course)


def test_a_column_that_is_too_long_breaks_the_law_of_length():
    said = feedback(judge(find("08.1"), lambda *given: 2 * by_loop(*given)))
    assert "Every column must have length 1" in said


def classify_by_formula(names, model, preprocess):
    texts = [f"a photo of a {name}." for name in names]

    def classify(picture):
        with torch.no_grad():
            x = model.encode_image(preprocess(picture).unsqueeze(0))[0].double()
            w = model.encode_text(clip.tokenize(texts)).double()
        cosines = torch.einsum("d,cd->c", x, w) / (x.norm() * w.norm(dim=1))
        odds = (model.logit_scale.exp() * (cosines - cosines.max())).exp()
        return (odds / odds.sum()).detach().numpy()

    return classify


def classify_with_a_classifier(names, model, preprocess):
    classifier = by_loop(model, names, ["a photo of a {}."])
    scale = model.logit_scale.exp().item()

    class Classify:
        def __call__(self, picture):
            vector = F.normalize(model.encode_image(preprocess(picture)[None]), dim=-1)
            return (scale * vector @ classifier).softmax(dim=-1).squeeze(0).tolist()

    return Classify()


@pytest.mark.parametrize("answer", [classify_by_formula, classify_with_a_classifier])
def test_build_image_classifier_may_be_written_otherwise(answer):
    checking.assert_passes(find("08.2"), answer)


@pytest.mark.usefixtures("unchecked")
def test_build_image_classifier_may_be_the_courses_own():
    def of_the_course(names, model, preprocess):
        model.eval()  # the stand-in is made in training mode, as torch makes every module
        return zeroshot.build_image_classifier(names, model, preprocess)

    checking.assert_passes(find("08.2"), of_the_course)


def test_texts_that_are_read_again_cost_no_points_and_are_counted():
    verdict = judge(find("08.2"), classify_by_formula)
    assert verdict.points == find("08.2").points
    assert "2 names the text tower read 10 texts; 2 would do" in feedback(verdict)
    assert of_pictures.remark(find("08.2").reference) is None


def test_the_harnesses_of_08_need_nothing_from_outside():
    pictures = [np.zeros((2, 3, 3), np.uint8)]
    for module, answer, arguments, shape in (
        (of_classifier, by_loop, (["cat", "dog"], ["{}"], 5, 1), (5, 2)),
        (of_pictures, classify_by_formula, (["cat", "dog"], pictures, 20.0, 3, 1), (1, 2)),
    ):
        space = {}
        exec(inspect.getsource(module.harness), space)
        assert np.shape(space["harness"](answer, *arguments)) == shape


def reliability_by_loop(confidence, correct, bins):
    total = 0.0
    for b in range(bins):
        inside = (confidence > b / bins) & (confidence <= (b + 1) / bins)
        if inside.any():
            gap = abs(confidence[inside].mean() - correct[inside].mean())
            total += inside.sum() / len(confidence) * gap
    return total


def reliability_by_histogram(confidence, correct, bins):
    edges = np.linspace(0, 1, bins + 1)
    sure, _ = np.histogram(confidence, edges, weights=confidence)
    right, _ = np.histogram(confidence, edges, weights=correct.astype(float))
    return np.abs(sure - right).sum() / len(confidence)


def reliability_by_ece(confidence, correct, bins):
    """Make two classes of each answer, whose likelier one has this confidence."""
    low = confidence < 0.5  # three classes: no answer is then below a third
    if low.any():
        return reliability_by_loop(confidence, correct, bins)
    rows = np.stack([confidence, 1 - confidence], axis=1)
    return metrics.ece(rows, (~correct).astype(int), bins)


@pytest.mark.parametrize(
    "answer", [reliability_by_loop, reliability_by_histogram, reliability_by_ece]
)
def test_reliability_may_be_written_otherwise(answer):
    checking.assert_passes(find("08.3"), answer)


def test_reliability_is_the_courses_ece(rng):
    confidence = rng.uniform(0.5, 1, 200)
    correct = rng.random(200) < confidence
    rows = np.stack([confidence, 1 - confidence], axis=1)
    ours = reliability(confidence, correct, 15)
    assert ours == pytest.approx(metrics.ece(rows, (~correct).astype(int), 15))


@pytest.mark.parametrize("seed", range(10))
def test_no_confidence_of_08_3_lies_on_an_inner_edge(seed):
    for _, case in find("08.3").draw(seed):
        confidence, _, bins = case.arguments
        where = confidence[confidence < 1] * bins
        assert np.abs(where - where.round()).min() > 1e-5, case.label


def choose_by_sorting(validation, test, count):
    def share(right):
        return sum(right) / len(right)

    ranked = sorted(range(len(validation)), key=lambda row: share(validation[row]))[::-1]
    return [
        ranked[:count],
        [share(test[row]) - share(test[0]) for row in ranked[:count]],
    ]


def choose_by_counts(validation, test, count):
    chosen = torch.from_numpy(validation).sum(dim=1).topk(count).indices
    gain = torch.from_numpy(test).float().mean(dim=1)
    return chosen, gain[chosen] - gain[0]


@pytest.mark.parametrize("answer", [choose_by_sorting, choose_by_counts])
def test_choose_templates_may_be_written_otherwise(answer):
    checking.assert_passes(find("08.4"), answer)


@pytest.mark.parametrize("seed", range(10))
def test_no_two_templates_of_08_4_tie(seed):
    for _, case in find("08.4").draw(seed):
        for right in case.arguments[:2]:
            if case.visible:
                continue
            assert len(set(right.sum(axis=1).tolist())) == len(right), case.label
