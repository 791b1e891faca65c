"""Exercise 08: the references are the course's own, and harnesses stand by themselves.

Answers as learners write them are in `tests/helpers/answers/ex08.txt`.
"""

import inspect

import checking
import numpy as np
import pytest
from PIL import Image

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
from classroom.checks.tiny import tiny
from mmcourse import metrics, zeroshot


def of_the_course(model, names, templates):
    return zeroshot.build_classifier(model, names, templates)


@pytest.mark.usefixtures("unchecked")
def test_build_classifier_may_be_the_courses_own():
    checking.assert_passes(find("08.1"), of_the_course)


def test_a_column_that_is_too_long_breaks_the_law_of_length():
    said = feedback(judge(find("08.1"), lambda *given: 3 * find("08.1").reference(*given)))
    assert "Every column must have length 1" in said


def classify_of_the_course(names, model, preprocess):
    return zeroshot.build_image_classifier(names, model, preprocess, "a photo of a {}.")


def test_the_reference_of_08_2_says_what_the_course_says():
    model, preprocess = tiny()
    picture = Image.new("RGB", (70, 90), "orange")
    names = ["cat", "balloon", "house"]
    got, expected = (
        build(names, model, preprocess)(picture)
        for build in (find("08.2").reference, classify_of_the_course)
    )
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_the_harnesses_of_08_need_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_classifier.harness), space)
    out = space["harness"](find("08.1").reference, ["cat", "dog"], ["a {}"], 3, 1)
    assert out.shape == (3, 2)
    exec(inspect.getsource(of_pictures.harness), space)
    pictures = [np.zeros((2, 3, 3), np.uint8)] * 2
    out, read = space["harness"](find("08.2").reference, ["cat"], pictures, 20.0, 3, 1)
    assert (out, read) == ([[1.0], [1.0]], 1)


@pytest.mark.usefixtures("unchecked")
def test_build_image_classifier_may_be_the_courses_own():
    def in_evaluation_mode(names, model, preprocess):
        model.eval()  # the stand-in is made in training mode, as torch makes every module
        return classify_of_the_course(names, model, preprocess)

    checking.assert_passes(find("08.2"), in_evaluation_mode)


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


@pytest.mark.parametrize("seed", range(10))
def test_no_two_templates_of_08_4_tie(seed):
    for _, case in find("08.4").draw(seed):
        for right in case.arguments[:2]:
            if case.visible:
                continue
            assert len(set(right.sum(axis=1).tolist())) == len(right), case.label


def test_the_reference_of_08_5_is_the_courses_bootstrap_on_given_draws():
    for _, case in find("08.5").draw(3):
        first, second, names, pictures, truth, rows = case.arguments
        right = [
            (pictures @ zeroshot.build_classifier(tiny()[0], names, template)).argmax(1).numpy()
            == truth
            for template in (first, second)
        ]
        drawn = FixedDraws(rows)
        expected = metrics.paired_bootstrap(*right[::-1], drawn, draws=len(rows))
        got = find("08.5").reference(*case.arguments)
        np.testing.assert_allclose(got, expected, atol=1e-9)


class FixedDraws(np.random.Generator):
    """A generator whose numbers in [0, 1) stand for rows that are known."""

    def __init__(self, rows):
        super().__init__(np.random.PCG64(0))
        self.rows = rows

    def random(self, size):
        assert size == self.rows.shape
        return (self.rows + 0.5) / size[1]


def test_both_ends_of_08_5_are_draws():
    for _, case in find("08.5").draw(0):
        draws = len(case.arguments[-1])
        assert (0.025 * (draws - 1)) == pytest.approx(round(0.025 * (draws - 1)))
