"""The stored runs of lesson 10: whether they are whole, and made as the lesson makes them."""

from collections import Counter
from pathlib import Path

import adaptation_runs
import pytest
import torch
from lesson_cells import PATHS, cells
from matching_runs import write

from mmcourse import small
from mmcourse.data import pairs

LESSON = next(path for path in PATHS if path.name.startswith("10"))
RUN = small.Adaptation(
    "tiny", "sketch", "full", 4, 0.001, 0, 0.5, 0.25, 0.5, 0.75, 1.0, 2.5, 100
)


@pytest.fixture
def few(monkeypatch):
    """Make every part of the world small, and all of it of two kinds."""
    monkeypatch.setattr(adaptation_runs, "NAMES", ["cat", "car"])
    made = {}

    def part(style, split, n):
        key = (style, split)
        if key not in made:
            some = pairs(12, len(made), style=style, n_objects=1, kinds=["cat", "car"])
            labels = [["cat", "car"].index(scene.objects[0].kind) for scene in some.scenes]
            made[key] = (some, torch.tensor(labels))
        return made[key]

    monkeypatch.setattr(adaptation_runs, "part", part)
    return part


def test_the_stored_table_has_five_seeds_of_each_setting():
    runs = small.stored_adaptations()
    found = Counter((*run[:4], run.seed, run.alpha) for run in runs if run.seed < 5)
    assert found == Counter(
        (*setting, k, seed, alpha)
        for setting in adaptation_runs.SETTINGS
        for k in adaptation_runs.SHOTS[setting[0]]
        for seed in adaptation_runs.SEEDS
        for alpha in (adaptation_runs.ALPHAS if setting[0] == "tiny" else (1.0,))
    )


def test_each_stored_run_has_the_rate_that_validation_chose():
    runs = small.stored_adaptations()
    for setting in adaptation_runs.SETTINGS:
        here = [run for run in runs if run[:3] == setting]
        tried = [run for run in here if run.seed == adaptation_runs.CHOOSING]
        assert [run.rate for run in tried] == list(adaptation_runs.RATES[setting[2]])
        best = max(tried, key=lambda run: run.new_validation)
        assert {run.rate for run in here if run.seed < 5} == {best.rate}


def test_the_lesson_trains_as_the_script_does():
    """A stored run is no twin of the lesson's if its recipe is another."""
    [source] = [cell.source for cell in cells(LESSON, "code") if cell.id == "10-tune"]
    told = " ".join(source.split())
    assert f"batch={adaptation_runs.BATCH}" in told
    [rate] = {run.rate for run in small.stored_adaptations()
              if run[:3] == ("tiny", "sketch", "full") and run.seed < 5}  # fmt: skip
    assert f"lr={rate:.0e}".replace("e-0", "e-") in told
    assert "steps=60" in told
    [drawn] = [cell.source for cell in cells(LESSON, "code") if cell.id == "10-draw"]
    assert "pairs(n, SEEDS[split], split=split, style=style, n_objects=1, kinds=names)" in drawn
    assert 'SEEDS = {"train": 10, "validation": 11, "test": 12}' in drawn


@pytest.mark.parametrize(
    ("setting", "alphas"),
    [(("tiny", "sketch", "full"), adaptation_runs.ALPHAS),
     (("tiny", "sketch", "LP-FT"), adaptation_runs.ALPHAS),
     (("tiny-vit", "sketch", "LoRA"), (1.0,))],
)  # fmt: skip
def test_a_run_is_told_at_every_alpha(few, monkeypatch, setting, alphas):
    whole = adaptation_runs.adapt
    monkeypatch.setattr(adaptation_runs, "adapt", lambda *given: whole(*given, steps=1))
    found = list(adaptation_runs.runs(setting, 1, 1e-3, 0))
    assert [run[:7] for run in found] == [(*setting, 1, 1e-3, 0, alpha) for alpha in alphas]
    assert all(0 <= share <= 1 for run in found for share in run[7:11])
    assert found[-1].numbers > 1000


def test_weights_are_mixed_from_both_ends_not_from_the_last_mixture(few, monkeypatch):
    seen = []
    monkeypatch.setattr(adaptation_runs, "ALPHAS", (0.25, 1.0))
    monkeypatch.setattr(
        adaptation_runs, "scores",
        lambda after, style: seen.append(after.weight.detach().clone()) or (0, 0, 0, 0),
    )  # fmt: skip
    list(adaptation_runs.runs(("tiny", "sketch", "full"), 1, 1e-2, 0))

    before, after, _ = adaptation_runs.adapt(
        adaptation_runs.loaded("tiny"), "sketch", "full", 1, 1e-2, 0
    )
    torch.testing.assert_close(seen[1], after.weight)
    torch.testing.assert_close(seen[0], torch.lerp(before.weight, after.weight, 0.25))
    assert not torch.equal(seen[0], seen[1])


def test_lora_trains_the_corrections_and_the_head_alone(few):
    model = adaptation_runs.loaded("tiny-vit")
    before, after, _ = adaptation_runs.adapt(model, "sketch", "LoRA", 1, 1e-2, 0, steps=2)
    both = zip(before.named_parameters(), after.parameters(), strict=True)
    changed = {name for (name, old), new in both if not torch.equal(old, new)}
    assert changed
    assert all(name.rpartition(".")[2] in ("a", "b", "weight", "bias") for name in changed)
    assert {name for name in changed if name.endswith(("weight", "bias"))} <= {"weight", "bias"}


def test_what_the_script_writes_is_what_is_read(tmp_path: Path):
    write(tmp_path / "some.csv", [RUN], shared=7)
    assert small.stored_adaptations(tmp_path / "some.csv") == [RUN]
    assert [each.name for each in tmp_path.iterdir()] == ["some.csv"]
