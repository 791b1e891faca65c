"""The stored pictures of lesson 13, one by one: whether they are whole, and what is counted."""

from collections import Counter

import numpy as np
import pytest
import torch
import trying_runs

from mmcourse import clip, small
from mmcourse.judge import NONE, NOUNS
from mmcourse.rectified_flow import agreement, single_wishes
from mmcourse.world import render, sample_scene


def test_the_stored_table_has_each_try_of_each_prompt_and_seed():
    found = Counter(each[:4] for each in small.stored_tries())
    assert found == {
        (guidance, steps, seed, prompt): n
        for guidance, steps, n in trying_runs.SETTINGS
        for seed in trying_runs.SEEDS
        for prompt in range(42)
    }


def test_what_is_named_is_a_noun_that_may_be_named():
    for each in small.stored_tries():
        assert each.seen in NOUNS
        assert {each.kind, each.named} <= set(NOUNS) - {NONE}
        assert each.colour in (0, 1)
        assert -1 <= each.cosine <= 1


def test_tries_of_a_prompt_ask_for_one_thing():
    asked = {(each.seed, each.prompt, each.kind) for each in small.stored_tries()}
    assert len(asked) == 42 * len(trying_runs.SEEDS)


def test_the_cosine_with_the_thing_asked_for_is_the_agreement():
    wishes = single_wishes(np.random.default_rng(0), 1)[:5]
    rng = np.random.default_rng(1)
    pixels = torch.from_numpy(
        np.stack([render(sample_scene(rng, n_objects=1), 64) for _ in wishes])
    )
    tiny = clip.load("tiny", "cpu")[0]
    found = trying_runs.cosines_of_things(tiny, pixels, wishes)
    assert found.shape == (5, len(NOUNS) - 1)
    own = [trying_runs.THINGS.index(wish.wanted.kind) for wish in wishes]
    torch.testing.assert_close(
        found[range(5), own], agreement(tiny, pixels, [wish.text for wish in wishes])
    )


def test_another_table_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("seed,kind\n1,cat\n")
    with pytest.raises(ValueError, match=r"must have the columns guidance, steps, seed"):
        small.stored_tries(path)
