"""The stored runs of lesson 05: whether they are whole, and made as the lesson makes them."""

from collections import Counter
from pathlib import Path

import matching_runs
import numpy as np
import pytest
import torch
from lesson_cells import PATHS, cells

from mmcourse import small
from mmcourse.data import SMALL_WORLD, CompactTokens, Pairs, caption_words, pairs

LESSON = next(path for path in PATHS if path.name.startswith("05"))
MAKES_TOWERS = ("imports", "model", "batch", "share", "adamw", "loop", "trunk", "learn")


@pytest.fixture(scope="module")
def practice() -> Pairs:
    return pairs(130, 0, **SMALL_WORLD)


def learned(features, loss="softmax", seed=0):
    return matching_runs.learn(features, loss, 8, 0.01, seed, seen=400)(features)


def test_the_stored_table_has_five_seeds_of_each_setting():
    found = Counter(tuple(run[:6]) for run in small.stored_matches())
    assert found == Counter(
        (*setting, seed) for setting in matching_runs.SETTINGS for seed in matching_runs.SEEDS
    )
    assert len(set(found.values())) == 1
    assert [run.seed for run in small.stored_minutes()] == list(matching_runs.SEEDS)


def test_the_script_trains_and_learns_as_the_lesson_does(practice):
    """A stored run is no twin of the lesson's if its recipe is another."""
    said = {cell.id: cell.source for cell in cells(LESSON, "code")}
    lesson = {"train": practice}
    for name in MAKES_TOWERS:
        source = said[f"05-{name}"]
        if name == "share":
            source = source.split("\n\n\n")[0]  # without its figure
        if name == "trunk":
            source = source.split("\n\n\nx, y")[0]
        exec(source, lesson)
        if name == "loop":
            lesson["train_by_hand"](2, lambda step, loss: None)
    tokens, captions = lesson["tokens"], practice.captions(np.random.default_rng([0, 2]))
    torch.set_num_threads(1)
    model = matching_runs.towers(practice, tokens, 0, steps=2)
    ours = matching_runs.trunk(model, tokens, practice, captions)
    theirs = lesson["trunk"](practice, captions)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-3, atol=1e-4)
    found = matching_runs.learn(ours, "softmax", 128, 0.01, 0, seen=640)
    lesson["learn"].__globals__["fit_projections"] = shorter(lesson["fit_projections"])
    maps = lesson["learn"](*ours)
    scores = lesson["cosine_matrix"](ours[0] @ maps.image, ours[1] @ maps.text)
    assert found(ours) == pytest.approx(lesson["recall_at_k"](scores, ks=[5])[5], abs=0.02)


def shorter(fit_projections):
    return lambda *features, steps, **rest: fit_projections(*features, steps=5, **rest)


@pytest.mark.parametrize("loss", ["softmax", "SigLIP"])
def test_maps_are_decided_by_the_seed_and_find_what_belongs_together(loss):
    features = torch.randn(2, 40, 9, generator=torch.Generator().manual_seed(0))
    pair = (features[0], features[0].flip(1) + 0.1 * features[1])
    assert learned(pair, loss) == learned(pair, loss)
    assert learned(pair, loss) > 3 * 5 / 40


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (0.25, 10), (1.0, 40)])
def test_a_share_of_the_captions_moves_on_and_none_is_lost(share, count):
    texts = torch.arange(40.0)[:, None]
    moved = matching_runs.moved(texts, share, seed=3)
    assert int((moved != texts).sum()) == count
    assert torch.equal(moved.flatten().sort().values, texts.flatten())


def test_every_setting_is_tried_once_with_each_pair_of_towers():
    features = torch.randn(2, 600, 3, generator=torch.Generator().manual_seed(0))
    both = (features[0], features[1])
    runs = list(matching_runs.matches(both, both, both, 4, seen=512))
    assert [tuple(run[:5]) for run in runs] == list(matching_runs.SETTINGS)
    assert {run.seed for run in runs} == {4}
    assert all(run.validation == run.test for run in runs)


def test_what_the_script_writes_is_what_is_read(tmp_path: Path):
    matched = [small.Match("SigLIP", 8, 0.003, 5_000, 0.2, 1, 0.5, 0.25)]
    minutes = [small.Minute(3, 1.25, 0.5, 0.75)]
    matching_runs.write(tmp_path / "some.csv", matched, shared=6)
    matching_runs.write(tmp_path / "other.csv", minutes, shared=1)
    assert small.stored_matches(tmp_path / "some.csv") == matched
    assert small.stored_minutes(tmp_path / "other.csv") == minutes
    assert len(list(tmp_path.iterdir())) == 2


def test_a_minute_counts_what_is_named_right(practice):
    """Towers that see and read what there is: one place each for eight kinds and colours."""
    exam, tokens = pairs(128, 5, **SMALL_WORLD), CompactTokens(caption_words(practice.scenes))
    kinds, colours = list(SMALL_WORLD["kinds"]), list(SMALL_WORLD["colours"])
    words = {int(tokens([word])[0, 1]): word for word in [*kinds, *colours]}

    class Oracle:
        logit_scale = torch.tensor(0.0)

        def encode_image(self, images):
            things = [scene.objects[0] for scene in exam.scenes]
            return self.encode([{thing.kind, thing.colour} for thing in things])

        def encode_text(self, ids):
            return self.encode([{words.get(token) for token in row} for row in ids.tolist()])

        def encode(self, said):
            names = [*kinds, *colours]
            rows = [[float(name in one) for name in names] + [0.01] for one in said]
            return torch.tensor(rows)

    found = matching_runs.minute(Oracle(), tokens, exam, 7)
    assert (found.seed, found.kind, found.colour) == (7, 1, 1)
    assert 0 < found.loss < np.log(64)


@pytest.mark.parametrize("text", ["", "loss,batch\nsoftmax,8\n"])
@pytest.mark.parametrize("read", [small.stored_matches, small.stored_minutes])
def test_another_table_is_refused(tmp_path: Path, text: str, read):
    (tmp_path / "other.csv").write_text(text)
    with pytest.raises(ValueError, match=r"must have the columns .*, .*; got .*; python"):
        read(tmp_path / "other.csv")
