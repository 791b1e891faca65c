"""Exercise 12: the references are what others compute, and what is drawn is as the cards say.

Answers as learners write them are in `tests/helpers/answers/ex12.txt`.
"""

import inspect
from itertools import combinations, product

import checking
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from classroom.checks import find
from classroom.checks.ex12_vqa_and_captioning import beam_search as of_beams
from classroom.checks.ex12_vqa_and_captioning.search import END

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for


def seen_by_torch(queries, keys_values, mask):
    return F.scaled_dot_product_attention(queries, *keys_values, attn_mask=mask[:, None])


def test_cross_attention_may_be_torchs_own():
    checking.assert_passes(find("12.1"), seen_by_torch)


@pytest.mark.parametrize("seed", range(20))
def test_masks_of_12_1_hide_some_places_and_never_all(seed):
    for each, case in find("12.1").draw(seed):
        _, (keys, values), mask = case.arguments
        assert mask.dtype == torch.bool
        assert mask.shape == keys.shape[:2] == values.shape[:2], case.label
        assert mask.any(1).all(), case.label
        if each.name == "not where the mask says no":
            assert (~mask).any(1).all(), case.label


def scored_by_torch(logits, tokens, padding):
    guesses = logits[:, -tokens.shape[1] - 1 : -1]
    return F.cross_entropy(guesses.transpose(1, 2), tokens, ignore_index=padding)


def test_caption_loss_may_be_torchs_own():
    checking.assert_passes(find("12.2"), scored_by_torch)


@pytest.mark.parametrize("seed", range(20))
def test_padding_of_12_2_stands_behind_words(seed):
    for _, case in find("12.2").draw(seed):
        logits, tokens, padding = case.arguments
        words = (tokens != padding).int()
        assert (words.diff(dim=1) <= 0).all(), case.label
        assert (words[:, 0] == 1).all(), case.label
        assert logits.shape[1] > tokens.shape[1], case.label
        assert 0 <= int(tokens.min()) <= int(tokens.max()) < logits.shape[2], case.label


def best_of_all(step, k, longest, length_penalty):
    """Return the best of all sentences, each tried by itself, whatever k is."""
    count = len(step([]))
    whole = [
        (*words, END)
        for length in range(longest)
        for words in product(range(1, count), repeat=length)
    ]
    found = {}
    for words in [*whole, *product(range(1, count), repeat=longest)]:
        logs = [step(list(words[:place]))[word] for place, word in enumerate(words)]
        found[words] = sum(logs) / len(words) ** length_penalty
    best = max(found, key=found.get)
    return list(best), found[best]


@pytest.mark.parametrize("seed", range(5))
def test_a_beam_of_12_3_that_is_wide_enough_is_an_exhaustive_search(seed):
    question = find("12.3")
    for each, case in question.draw(seed):
        if each.name == "wide enough, it finds the best":
            found = question.harness(question.reference, *case.arguments)
            words, score = question.harness(best_of_all, *case.arguments)
            assert found[0] == words, case.label
            assert found[1] == pytest.approx(score), case.label


@pytest.mark.parametrize("seed", range(5))
def test_tables_of_12_3_are_probabilities_and_five_words_are_among_them(seed):
    tables = [case.arguments[0] for _, case in find("12.3").draw(seed)]
    for table in tables:
        assert len(table) == len(table.T) + 1
        assert (table > 0).all()
        np.testing.assert_allclose(table.sum(1), 1)
    assert {len(table.T) for table in tables} == {3, 4, 5}


def test_step_of_12_3_is_never_asked_what_follows_an_end():
    question = find("12.3")

    def watched(step, *given):
        def asked(words):
            assert END not in words
            return step(words)

        return question.reference(asked, *given)

    checking.assert_passes(question, watched)


def test_the_harness_of_12_needs_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_beams.harness), space)

    def both(step, k, longest, length_penalty):
        return [step([]).tolist(), step((0, 1)).tolist(), k, longest, length_penalty]

    table = np.exp(np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
    found = space["harness"](both, table, 3, 5, 0.5)
    assert found == [[4, 5], [2, 3], 3, 5, 0.5]


def agreed(answers, prediction):
    nines = list(combinations(answers, 9))
    return np.mean([min(nine.count(prediction) / 3, 1) for nine in nines])


def test_vqa_accuracy_is_the_mean_over_all_choices_of_nine():
    checking.assert_passes(find("12.4"), agreed)


@pytest.mark.parametrize("seed", range(20))
def test_every_property_of_12_4_holds_scores_of_its_own(seed):
    question = find("12.4")
    for each in question.properties:
        scores = {
            round(float(question.reference(*case.arguments)), 6)
            for one, case in question.draw(seed)
            if one is each
        }
        assert len(scores) >= 4, each.name
        assert 0 in scores, each.name


def scored_as_by_torchmetrics(image_features, text_features):
    """Return a fortieth of what torchmetrics gives each pair alone: it takes means first."""
    cosines = [
        F.cosine_similarity(image[None], text[None])
        for image, text in zip(image_features, text_features, strict=True)
    ]
    return torch.stack([(100 * one).mean().clamp(min=0) / 40 for one in cosines])


def test_clip_score_is_a_fortieth_of_torchmetrics():
    checking.assert_passes(find("12.5"), scored_as_by_torchmetrics)


@pytest.mark.parametrize("seed", range(20))
def test_cosines_of_12_5_are_clear_of_0(seed):
    for _, case in find("12.5").draw(seed):
        if not case.visible:
            cosines = F.cosine_similarity(*case.arguments)
            assert (cosines.abs() > 0.1).all(), case.label
            assert (cosines > 0.45).any(), case.label
