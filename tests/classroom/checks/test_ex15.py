"""Exercise 15: the references are what others compute, and what is drawn is as the cards say.

Answers as learners write them are in `tests/helpers/answers/ex15.txt`.
"""

import inspect
from itertools import groupby, product

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from classroom.checks import find, patience
from classroom.checks.cases import Cases
from classroom.checks.diagnosis import diagnose
from classroom.checks.ex15_speech import align_step as of_steps
from classroom.checks.judge import judge_in

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for


def collapsed(path):
    return [unit for unit, _ in groupby(path) if unit]


def by_listing(logprobs, letters):
    steps, units = logprobs.shape
    paths = [one for one in product(range(units), repeat=steps) if collapsed(one) == letters]
    return -np.log(
        sum(np.exp(logprobs[np.arange(steps), path].sum()) for path in map(list, paths))
    )


def by_torch(logprobs, letters):
    lengths = torch.tensor([len(logprobs)]), torch.tensor([len(letters)])
    given = torch.tensor(logprobs)[:, None], torch.tensor([letters])
    return F.ctc_loss(*given, *lengths, reduction="none").item()


@pytest.mark.parametrize("letters", [[], [1], [1, 2], [2, 2], [1, 2, 1], [1, 1, 2]])
def test_15_1_adds_up_all_paths(letters):
    rng = np.random.default_rng(len(letters))
    logits = rng.standard_normal((5, 3))
    logprobs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    got = find("15.1").reference(logprobs, letters)
    assert got == pytest.approx(by_listing(logprobs, letters), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_15_1_is_torchs_loss(seed):
    for _, case in find("15.1").draw(seed):
        logprobs, letters = case.arguments
        if letters:
            got = find("15.1").reference(logprobs, letters)
            assert got == pytest.approx(by_torch(logprobs, letters), rel=1e-6), case.label


@pytest.mark.parametrize("seed", range(20))
def test_rows_of_15_1_are_probabilities_and_a_long_one_is_below_any_float(seed):
    for _, case in find("15.1").draw(seed):
        logprobs, letters = case.arguments
        np.testing.assert_allclose(np.exp(logprobs).sum(axis=1), 1)
        if case.label == "250 steps":
            assert np.exp(-find("15.1").reference(logprobs, letters)) == 0


@pytest.mark.parametrize("seed", range(20))
def test_best_units_of_15_2_are_no_close_call_and_no_step_has_two(seed):
    for _, case in find("15.2").draw(seed):
        scores, alphabet = case.arguments
        assert scores.shape[1] == len(alphabet)
        second, first = np.sort(scores, axis=1)[:, -2:].T
        assert (first > second).all(), case.label


def test_15_2_writes_what_a_path_stands_for():
    path = [0, 3, 3, 0, 0, 4, 4, 0, 4]
    scores = np.eye(5)[path]
    assert find("15.2").reference(scores, "_abcd") == "cdd"
    assert collapsed(path) == [3, 4, 4]


@pytest.mark.parametrize("seed", range(20))
def test_texts_of_15_3_hold_words_and_some_are_not_heard(seed):
    silent = 0
    for _, case in find("15.3").draw(seed):
        heard, said = case.arguments
        assert len(heard) == len(said)
        assert all(text.split() for text in said), case.label
        assert all(" ".join(text.split()) == text for text in [*heard, *said]), case.label
        silent += "" in heard
    assert silent


def least_by_trying(heard, said):
    """Return the fewest errors: of all ways to match words in order, the cheapest."""
    best = len(heard) + len(said)
    for kept in product([False, True], repeat=len(said)):
        for found in product([False, True], repeat=len(heard)):
            one = [word for word, there in zip(said, kept, strict=True) if there]
            other = [word for word, there in zip(heard, found, strict=True) if there]
            if len(one) == len(other):
                wrong = sum(a != b for a, b in zip(one, other, strict=True))
                best = min(best, wrong + len(said) + len(heard) - 2 * len(one))
    return best


@pytest.mark.parametrize("seed", range(10))
def test_15_3_finds_the_fewest_errors(seed):
    rng = np.random.default_rng(seed)
    heard, said = (rng.choice(["a", "b", "c"], n).tolist() for n in (5, 4))
    rate = find("15.3").reference([" ".join(heard)], [" ".join(said)])
    assert rate == least_by_trying(heard, said) / 4


@pytest.mark.parametrize("seed", range(20))
def test_padding_of_15_4_would_move_a_mean(seed):
    for each, case in find("15.4").draw(seed):
        *_, batches, _, _ = case.arguments
        if each.name == "recordings of unlike lengths":
            for mels, frames, _ in batches:
                assert mels.shape[2] == frames.max()
                for row, count in zip(mels, frames, strict=True):
                    assert (row[:, count:] == of_steps.SILENCE).all()
                    assert row[:, :count].abs().max() < -of_steps.SILENCE
                assert frames.unique().numel() > 1, case.label


def drawn_encoder(stride):
    rng = np.random.default_rng(0)
    shapes = ((5, 3), (3,))
    weights, bias = (torch.from_numpy(rng.standard_normal(s).astype("f")) for s in shapes)
    return weights, bias, stride, of_steps._batch(rng, [4, 9, 6])


@pytest.mark.parametrize("stride", [2, 3])
def test_a_step_of_15_4_lowers_the_loss(stride):
    *encoder, batch = drawn_encoder(stride)
    losses, *_ = of_steps.harness(find("15.4").reference, *encoder, [batch] * 30, "SGD", 0.2)
    assert losses[-1] < 0.7 * losses[0]


@pytest.mark.parametrize(("stride", "expected"), [(2, [2, 5, 3]), (3, [2, 3, 2])])
def test_padding_moves_no_true_step_of_15_4_and_makes_no_zeros(stride, expected):
    *encoder, (mels, frames, targets) = drawn_encoder(stride)

    def looked(encode, optimizer, mels, frames, targets):
        vectors, steps = encode(mels, frames)
        other, _ = encode(mels.masked_fill(mels == of_steps.SILENCE, 3), frames)
        true = torch.arange(vectors.shape[1]) < steps[:, None]
        assert steps.tolist() == expected
        assert torch.equal(vectors[true], other[true])
        assert vectors[~true].all()
        return 0.0

    of_steps.harness(looked, *encoder, [(mels, frames, targets)], "SGD", 0.1)


def test_the_harness_of_15_4_needs_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_steps.harness), space)
    batch = (torch.ones(1, 2, 3), torch.tensor([3]), torch.ones(1, 2))
    seen = []

    def untouched(encoder, optimizer, mels, frames, targets):
        seen.append([one.tolist() for one in encoder(mels, frames)])
        return 3.0

    two, bias = torch.eye(2), torch.tensor([0.0, 5.0])
    losses, *after = space["harness"](untouched, two, bias, 2, [batch], "SGD", 0.1)
    assert losses == [3.0]
    assert torch.equal(after[0], two)
    assert torch.equal(after[1], bias)
    assert seen == [[[[[1.0, 6.0], [1.0, 6.0]]], [2]]]


def test_who_lists_the_paths_of_15_1_is_stopped_and_told_so():
    listed = 0

    def by_patient_listing(logprobs, letters):
        nonlocal listed
        listed = logprobs.shape[1] ** len(logprobs)
        if listed > 1000:  # for the sake of the test's own time
            raise TimeoutError(patience.STOPPED)
        return by_listing(logprobs, letters)

    question = find("15.1")
    few = [one for one in question.draw(0) if one[0].name in ("by hand", "long recordings")]
    verdict = judge_in(Cases(question, drawn=few), by_patient_listing)
    assert [one.case.label for one in verdict.failures] == [
        "12 steps, 17 million paths",
        "250 steps",
    ]
    assert listed < 10**8, "it is called once more"
    assert diagnose(verdict).name == "paths-listed"
