import numpy as np
import pytest
import torch

from mmcourse.data import sample_scenes
from mmcourse.vqa import ANSWERS, answer_numbers, question_tokens
from mmcourse.vqa.reader import LONGEST
from mmcourse.world import SPLITS, questions


def asked(n=1500, seed=4):
    rng = np.random.default_rng(seed)
    splits = [sample_scenes(n // len(SPLITS), rng, split=split) for split in SPLITS]
    return [each for scenes in splits for scene in scenes for each in questions(scene, rng)]


def test_every_question_can_be_read_and_every_answer_given():
    found = asked()
    tokens = question_tokens()([each.text for each in found])
    assert tokens.shape[1] <= LONGEST
    numbers = answer_numbers([each.answer for each in found])
    assert [ANSWERS[number] for number in numbers.tolist()] == [each.answer for each in found]


def test_no_answer_is_never_given_and_no_word_never_asked():
    found = asked(6000)
    assert {each.answer for each in found} == set(ANSWERS)
    words = {word for each in found for word in each.text.rstrip("?").split()}
    assert words - {"an"} == set(question_tokens().words)


def test_answers_all_differ():
    assert len(set(ANSWERS)) == len(ANSWERS) == 44


def test_no_answers():
    assert torch.equal(answer_numbers([]), torch.zeros(0, dtype=torch.long))


@pytest.mark.usefixtures("unchecked")
def test_another_answer_is_refused():
    with pytest.raises(ValueError, match="got 'zebra'"):
        answer_numbers(["cat", "zebra"])
