"""Transformer and tokenizer together, and what the shipped ones can do."""

import numpy as np
import pytest
import torch
from good_calls import paintings, seeded, speller, tiny

from mmcourse.autoencoder import as_images, as_pixels
from mmcourse.data import pairs
from mmcourse.judge import load_judge
from mmcourse.metrics import CaptionTruth, caption_truth
from mmcourse.picture_words import Speller, load_speller, spell, spell_best, tell, text_rows
from mmcourse.rectified_flow import single_wishes

PROMPTS = ["a red cat", "a blue dog at night", "a bus"]


@pytest.fixture(scope="module")
def shipped():
    return load_speller("cpu")


def test_a_painting_is_the_decoded_spelling_of_its_prompt():
    of = speller()
    codes = spell(of.model, text_rows(of.model.tokens, PROMPTS), generator=seeded())
    expected = as_pixels(of.tokenizer.decode(codes))
    assert torch.equal(of.paint(PROMPTS, generator=seeded()), expected)


def test_the_knobs_are_handed_on(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "mmcourse.picture_words.speller.spell",
        lambda model, words, **more: (
            asked.append(more) or torch.zeros(len(words), 64, 2).long()
        ),
    )
    generator = seeded()
    speller().paint(PROMPTS, generator=generator, guidance=2.5, temperature=0.7, top_k=9)
    assert asked == [{"generator": generator, "guidance": 2.5, "temperature": 0.7, "top_k": 9}]


def test_more_prompts_than_a_batch_are_painted(monkeypatch):
    monkeypatch.setattr("mmcourse.picture_words.speller.BATCH", 2)
    assert speller().paint(PROMPTS, generator=seeded(), top_k=1).shape == (3, 64, 64, 3)
    told = speller().tell(paintings()[[0, 1, 0]])
    assert [each.text for each in told[:2]] == [
        each.text for each in speller().tell(paintings())
    ]


def test_what_is_told_is_said_of_the_codes():
    of = speller()
    expected = tell(of.model, of.tokenizer.encode(as_images(paintings().numpy())))
    assert of.tell(paintings()) == expected


def test_the_best_of_several_is_among_them_and_clip_chose_it(monkeypatch):
    shown = torch.from_numpy(np.arange(6, dtype=np.uint8)).view(6, 1, 1, 1).expand(6, 64, 64, 3)
    monkeypatch.setattr(Speller, "paint", lambda self, prompts, **more: shown)
    monkeypatch.setattr(
        "mmcourse.rectified_flow.best.agreement",
        lambda model, pixels, texts: torch.tensor([0.1, 0.3, 0.2, 0.5, 0.4, 0.6]),
    )
    best = spell_best(speller(), tiny()[0], PROMPTS[:2], 3, generator=seeded())
    assert best[:, 0, 0, 0].tolist() == [1, 5]


def test_the_shipped_one_meets_more_prompts_than_chance(shipped):
    wishes = single_wishes(np.random.default_rng(3), 2)
    pixels = shipped.paint([wish.text for wish in wishes], generator=seeded())
    seen = load_judge().verdicts(pixels)
    for part, least in (
        ("kind", 0.5),
        ("colour", 0.8),
        ("setting", 0.8),
    ):  # chance: 1 in 12 to 20
        met = [
            getattr(a, part) == getattr(w.wanted, part)
            for a, w in zip(seen, wishes, strict=True)
        ]
        assert np.mean(met) > least, part


def test_the_shipped_one_tells_the_truth_more_often_than_not(shipped):
    shown = pairs(60, 16, split="test", n_objects=1)
    said = shipped.tell(torch.from_numpy(shown.pixels))
    truths = [caption_truth(s, each.text) for s, each in zip(shown.scenes, said, strict=True)]
    assert sum(truths, CaptionTruth()).share_true() > 0.75
