import numpy as np
import pytest
import torch

from mmcourse import clip
from mmcourse.data import sample_scenes
from mmcourse.vqa import ANSWERS, statements, zero_shot_answers
from mmcourse.world import questions
from mmcourse.world.words.grammar import with_articles


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("what is left of the red cat?", "bus", "a bus left of a red cat"),
        ("what is the main thing shown?", "umbrella", "a photo of an umbrella"),
        ("which colour are the butterflies?", "blue", "blue butterflies"),
        ("what colour is the person wearing?", "blue", "a person in blue"),
        ("what colour are the people wearing?", "grey", "people in grey"),
        ("how many buses can you see?", "one", "a bus"),
        ("how many buses can you see?", "three", "three buses"),
        ("where in the picture is the car?", "middle", "a car in the middle"),
        (
            "where is the cat relative to the orange car?",
            "above",
            "a cat above an orange car",
        ),
        ("can you see an umbrella?", "no", "a photo of no umbrella"),
        ("is the cat black?", "no", "a cat that is not black"),
        ("are the people wearing black?", "no", "people that are not black"),
        ("are there two dogs?", "yes", "a photo of two dogs"),
        ("is the cat to the left of the dog?", "yes", "a cat to the left of a dog"),
    ],
)
def test_statements_by_hand(question, answer, expected):
    assert statements(question)[answer] == expected


def test_every_question_of_the_world_can_be_stated():
    rng = np.random.default_rng(3)
    for scene in sample_scenes(600, rng):
        for each in questions(scene, rng):
            said = statements(each.text)
            assert each.answer in said
            assert said.keys() <= set(ANSWERS)
            assert len(set(said.values())) == len(said)
            assert all(with_articles(text) == text for text in said.values())


@pytest.mark.usefixtures("unchecked")
def test_another_question_is_refused():
    with pytest.raises(ValueError, match="got 'why\\?'"):
        statements("why?")


def test_the_nearest_statement_is_the_answer():
    model = clip.load("tiny", device="cpu")[0]
    asked = ["what colour is the car?", "is there a dog?", "what colour is the car?"]
    wanted = ["a blue car", "a photo of no dog", "a red car"]
    with torch.no_grad():
        features = 7 * model.encode_text(clip.tokenize(wanted))
    assert zero_shot_answers(model, features, asked) == ["blue", "no", "red"]
    assert zero_shot_answers(model, features[:0], []) == []


@pytest.mark.parametrize(
    "question",
    ["what colour is the of?", "is the what red?", "how many what are there?", "is the cat?"],
)
def test_a_question_about_no_thing_is_refused(question):
    with pytest.raises(ValueError, match="must be one that the drawn world asks"):
        statements(question)
