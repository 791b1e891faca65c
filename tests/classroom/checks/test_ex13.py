"""Exercise 13: the references are the course's own, and what is drawn shows what it should.

Answers as learners write them are in `tests/helpers/answers/ex13.txt`.
"""

import inspect

import checking
import numpy as np
import pytest
import torch

from classroom.checks import find
from classroom.checks.ex13_text_to_image import drop_condition as of_dropping
from classroom.checks.ex13_text_to_image import euler_sample as of_steps
from classroom.checks.ex13_text_to_image import flow_loss as of_loss
from classroom.checks.ex13_text_to_image import flow_seen
from mmcourse import rectified_flow

pytestmark = pytest.mark.usefixtures("unchecked")
NUMBERS = ("13.1", "13.2", "13.3", "13.4")


def loss_of_the_course(net, clean, condition, generator):
    return rectified_flow.flow_loss(
        lambda points, times: net(points, times, condition), clean, generator=generator
    )


def dropped_by_the_course(condition, nothing, share, generator):
    return rectified_flow.drop_condition(condition, nothing, share, generator=generator)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("13.1", loss_of_the_course),
        ("13.2", rectified_flow.guided_velocity),
        ("13.3", rectified_flow.euler),
        ("13.4", dropped_by_the_course),
    ],
    ids=NUMBERS,
)
def test_an_answer_may_be_the_courses_own(number, answer):
    checking.assert_passes(find(number), answer)


def test_the_references_give_what_the_course_gives():
    generator = torch.Generator().manual_seed(0)
    one, other = torch.randn(2, 3, 5, generator=generator, dtype=torch.float64)
    expected = rectified_flow.guided_velocity(one, other, 2.5)
    torch.testing.assert_close(find("13.2").reference(one, other, 2.5), expected)

    def velocity(points, times):
        return points * times[:, None]

    expected = rectified_flow.euler(velocity, one, 3)
    torch.testing.assert_close(find("13.3").reference(velocity, one, 3), expected)


def plain_outcome(outcome):
    return [[np.asarray(part) for part in once] for once in outcome]


@pytest.mark.parametrize("seed", range(5))
def test_of_a_right_answer_to_13_1_everything_is_found_out(seed):
    question = find("13.1")
    for _, case in question.draw(seed):
        seen = plain_outcome(question.harness(question.reference, *case.arguments))
        found = question.measure(seen, *case.arguments)
        right = dict(flow_seen.RIGHT)
        if not case.arguments[-1]:
            del right["gradient"]
        assert found.pop(flow_seen.ABOUT) > 0
        assert found == right, case.label


@pytest.mark.parametrize("seed", range(5))
def test_velocities_of_13_2_and_points_of_13_3_lie_beyond_1(seed):
    for number in ("13.2", "13.3"):
        for each, case in find(number).draw(seed):
            if each.points:
                assert case.arguments[0].abs().max() > 1, case.label


def test_the_average_loss_of_13_1_is_what_many_losses_average_to():
    question, pictures = find("13.1"), torch.full((50_000, 1), 3.0, dtype=torch.float64)
    arguments = (pictures, torch.zeros(50_000, 1), 5, 0.0)
    seen = plain_outcome(question.harness(question.reference, *arguments))
    about = question.measure(seen, *arguments)[flow_seen.ABOUT]
    assert seen[0][0] == pytest.approx(about, rel=0.02)


def test_shares_of_13_4_are_far_from_a_half():
    # At one half, to keep and to drop with that chance are the same.
    for seed in range(20):
        for _, case in find("13.4").draw(seed):
            assert abs(case.arguments[2] - 0.5) >= 0.15, case.label


@pytest.mark.parametrize(
    ("module", "answer", "arguments", "expected"),
    [
        (
            of_steps,
            lambda velocity, noise, steps: velocity(noise, torch.ones(1)),
            (1, 2.0, 3.0),
            8.0,
        ),
        (of_steps, lambda velocity, noise, steps: noise * steps, (7, 2.0, 3.0), 7.0),
    ],
    ids=["a velocity", "the noise"],
)
def test_the_harness_of_13_3_needs_nothing_from_outside(module, answer, arguments, expected):
    space = {}
    exec(inspect.getsource(module.harness), space)
    out, kept = space["harness"](answer, torch.ones(1, 1), *arguments)
    assert (out.item(), kept.item()) == (expected, 1)


def test_the_harnesses_of_13_1_and_13_4_need_nothing_from_outside():
    for module, told, arguments in (
        (of_loss, 4, (torch.ones(3, 2), torch.ones(3, 1), 5, 1.0)),
        (of_dropping, 6, (torch.ones(3, 2, 2), torch.zeros(2, 2), 0.5, 5)),
    ):
        space = {}
        exec(inspect.getsource(module.harness), space)
        found = space["harness"](
            module.__dict__[module.__name__.rpartition(".")[2]], *arguments
        )
        assert len(found) == told
