"""The stored runs of lesson 11: whether they are whole, and made as the lesson makes them."""

from collections import Counter

import binding_runs
import numpy as np
import pytest
import torch
from lesson_cells import PATHS, cells

from mmcourse import clip, small

LESSON = next(path for path in PATHS if path.name.startswith("11"))
MAKES_A_RUN = (
    "imports", "pair", "see", "hard-parts", "hard-reader", "hard-practice", "hard-loss",
    "hard-step",
)  # fmt: skip


def test_the_stored_table_has_five_seeds_of_each_share():
    found = Counter((run.share, run.seed) for run in small.stored_bindings())
    assert found == Counter(
        (share, seed) for share in binding_runs.SHARES for seed in binding_runs.SEEDS
    )


@pytest.mark.parametrize(("share", "twice"), [(0.0, 0), (0.25, 24), (1.0, 96)])
def test_as_many_pictures_meet_their_twin_as_are_asked_for(share, twice):
    rows, found = binding_runs.draw(share, 500, np.random.default_rng(0))
    assert (found, len(rows), len(set(rows.tolist()))) == (twice, 96, 96)
    met = Counter((rows // 2).tolist())
    assert sum(count for count in met.values() if count == 2) == twice
    assert (rows[:twice].reshape(-1, 2) % 2 == [0, 1]).all()


def test_the_loss_of_twins_is_chances_where_they_look_alike():
    alike, scale = torch.ones(4, 3), torch.tensor(9.0)
    assert binding_runs.twin_loss(alike, alike, scale).item() == pytest.approx(np.log(2))
    assert binding_runs.twin_loss(alike[:0], alike[:0], scale) == 0


def test_the_script_learns_as_the_lesson_does():
    """A stored run is no twin of the lesson's if its recipe is another."""
    torch.set_num_threads(1)
    said, lesson = {cell.id: cell.source for cell in cells(LESSON, "code")}, {}
    for name in MAKES_A_RUN:
        exec(said[f"11-{name}"].replace("1500", "90"), lesson)
    train = said["11-hard-train"].partition("fit(")[2].partition("\nafter")[0]
    exec("fit(" + train.replace("300", "2"), lesson)
    model, _ = clip.load("tiny", device="cpu")
    readers = binding_runs.learn(1.0, 0, binding_runs.practice(model, asked=90), steps=2)
    for mine, theirs in zip(readers.parameters(), lesson["readers"].parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-4)
