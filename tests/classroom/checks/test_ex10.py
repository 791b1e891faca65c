"""Exercise 10: the references are the course's own, and harnesses stand by themselves.

Answers as learners write them are in `tests/helpers/answers/ex10.txt`.
"""

import inspect

import checking
import numpy as np
import pytest
import torch
from torch import nn

from classroom.checks import find
from classroom.checks.ex10_adapting_clip import interpolate as of_states
from classroom.checks.ex10_adapting_clip import lora_forward as of_lora
from classroom.checks.ex10_adapting_clip import lora_start as of_start
from classroom.checks.ex10_adapting_clip import split_words as of_splits
from classroom.checks.ex10_adapting_clip import with_context as of_context
from classroom.comparison import plain
from mmcourse import clip, few_shot


def test_tip_adapter_may_be_the_courses_own():
    checking.assert_passes(find("10.1"), few_shot.tip_adapter)


def test_interpolate_may_be_the_courses_own():
    checking.assert_passes(find("10.2"), few_shot.interpolate)


def split_of_the_course(labels, k, seed):
    return few_shot.few_shot_split(labels, k, np.random.default_rng(seed))


def test_few_shot_split_may_be_the_courses_own():
    checking.assert_passes(find("10.3"), split_of_the_course)


def test_lora_forward_is_what_a_corrected_layer_of_the_course_gives():
    layer = nn.Linear(5, 3)
    corrected = few_shot.add_lora(layer, 2, 7.0, generator=torch.Generator().manual_seed(0))
    nn.init.normal_(corrected.b)
    x = torch.randn(4, 5)
    given = layer.weight, layer.bias, corrected.a, corrected.b, 7.0
    torch.testing.assert_close(find("10.5").reference(x, *given), corrected(x))


def test_with_context_is_what_the_tower_of_the_course_reads():
    model, _ = clip.load("tiny", device="cpu")
    generator = torch.Generator().manual_seed(0)
    learned = few_shot.LearnedContext(model, ["cat", "polar bear"], 3, generator=generator)
    read = []
    hook = learned.clip.transformer.register_forward_pre_hook(
        lambda _, given: read.append(given)
    )
    learned()
    hook.remove()
    words = model.token_embedding(clip.tokenize(["cat.", "polar bear."], model.context_length))
    words = words[:, : read[0][0].shape[1] - 3]
    ours = find("10.4").reference(words, learned.context, model.positional_embedding)
    torch.testing.assert_close(ours, read[0][0])


@pytest.mark.parametrize("seed", range(20))
def test_no_count_of_10_2_lies_where_both_ends_agree(seed):
    for _, case in find("10.2").draw(seed):
        before, after, alpha = case.arguments
        for name, tensor in before:
            other = dict(after)[name]
            assert tensor.shape == other.shape
            assert tensor.dtype == other.dtype
            if not tensor.is_floating_point():
                assert (tensor != other).all(), case.label
        assert 0 <= alpha <= 1


@pytest.mark.parametrize("seed", range(20))
def test_every_class_of_10_3_has_k_pictures_and_some_row_is_left(seed):
    for _, case in find("10.3").draw(seed):
        labels, k, _ = case.arguments
        counts = labels.unique(return_counts=True)[1]
        assert counts.min() >= k, case.label
        assert counts.max() > k, case.label


def test_a_split_that_is_as_asked_is_told_so_in_every_word():
    labels = torch.tensor([3, 7, 3, 7, 7, 3])
    outcome = plain(of_splits.harness(split_of_the_course, labels, 2, 5))
    words = of_splits.measure(outcome, labels, 2, 5)
    assert words.pop("of") == 6
    assert set(words.values()) == {of_splits.RIGHT}


def test_the_global_generators_of_a_learner_are_left_as_they_were():
    def seeds_globally(labels, k, seed):
        torch.manual_seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        return split_of_the_course(labels, k, seed)

    torch.manual_seed(3)
    np.random.seed(3)  # noqa: NPY002
    wanted = torch.rand(2).tolist(), np.random.random(2).tolist()  # noqa: NPY002
    torch.manual_seed(3)
    np.random.seed(3)  # noqa: NPY002
    *_, before, after = of_splits.harness(seeds_globally, torch.arange(4) // 2, 1, 4)
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert (torch.rand(2).tolist(), np.random.random(2).tolist()) == wanted  # noqa: NPY002


@pytest.mark.parametrize("seed", range(20))
def test_noise_of_10_6_is_told_from_other_noise(seed):
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(30, 60, generator=generator).double().numpy()
    told = of_start._numbers  # private: its words are the check
    assert told(noise / 60**0.5, 60**-0.5) == "mean 0, spread 1/√in"
    assert told(noise, 60**-0.5) == "spread 1"
    assert told(noise / 60, 60**-0.5) == "another spread"
    assert told(noise * 0, 60**-0.5) == "all 0"


def test_the_harnesses_of_10_need_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_states.harness), space)
    one = [("w", torch.zeros(2))]
    told = space["harness"](few_shot.interpolate, one, [("w", torch.ones(2))], 0.5)
    assert told["mixed"]["w"].tolist() == [0.5, 0.5]
    assert told["dtypes"] == {"w": "torch.float32"}
    exec(inspect.getsource(of_splits.harness), space)
    splits, again, before, after = space["harness"](
        split_of_the_course, torch.arange(3) // 2, 1, 4
    )
    assert before == after
    assert [part.tolist() for part in splits[0]] == [part.tolist() for part in again[4]]
    exec(inspect.getsource(of_context.harness), space)
    given = torch.ones(2, 3, 1), torch.ones(1, 1), torch.zeros(4, 1)
    told = space["harness"](find("10.4").reference, *given)
    assert told["gradient of context"].tolist() == [[4.0]]  # of 1² twice
    exec(inspect.getsource(of_lora.harness), space)
    layer = torch.eye(2), None, torch.ones(1, 2), torch.zeros(2, 1)
    told = space["harness"](find("10.5").reference, torch.ones(1, 2), *layer, 2.0)
    assert told["outcome"].tolist() == [[1.0, 1.0]]
    assert told["weight afterwards"] is layer[0]
    exec(inspect.getsource(of_start.harness), space)
    assert len(space["harness"](find("10.6").reference, torch.zeros(3, 5), 2, 1)) == 3
