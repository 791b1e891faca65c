"""The smallest CLIP: what its towers see, and whether the stored runs are what they say."""

from pathlib import Path

import numpy as np
import pytest
import temperature_runs
import torch

from mmcourse import small
from mmcourse.data import SMALL_WORLD, Pairs, pairs


@pytest.fixture(scope="module")
def practice() -> Pairs:
    return pairs(160, 1, **SMALL_WORLD)


@pytest.fixture(scope="module")
def exam() -> Pairs:
    return pairs(40, 2, split="test", **SMALL_WORLD)


def model(words: list[str], seed: int = 0) -> small.SmallCLIP:
    return small.SmallCLIP(words, 7, generator=torch.Generator().manual_seed(seed))


def test_the_order_of_words_changes_nothing():
    made = model(["a", "red", "cat", "blue", "dog"])
    one, other, third = made.encode_text(
        ["a red cat a blue dog", "a blue cat a red dog", "a red cat"]
    )
    torch.testing.assert_close(one, other)
    assert not torch.allclose(one, third)


def test_words_it_never_saw_are_skipped_also_where_a_text_has_no_other():
    made = model(["a", "cat"])
    features = made.encode_text(["a cat", "a sleepy cat", "sleepy", "cat a"])
    torch.testing.assert_close(features[0], features[1])
    torch.testing.assert_close(features[2], made.text_projection(torch.zeros(128)))


def test_one_picture_gives_one_embedding():
    assert model(["a"]).eval().encode_image(torch.randn(3, 3, 32, 32)).shape == (3, 7)


def test_the_generator_decides_the_first_weights_and_no_global_seed_does():
    torch.manual_seed(1)
    one = model(["a", "b"]).state_dict()
    torch.manual_seed(2)
    other, third = model(["a", "b"]).state_dict(), model(["a", "b"], seed=3).state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert any(not torch.equal(one[name], third[name]) for name in one)


def test_equal_seeds_give_equal_runs_and_training_helps(practice, exam):
    runs = [
        small.temperature_run(practice, exam, 0.1, seed=seed, steps=25) for seed in (0, 0, 1)
    ]
    assert runs[0] == runs[1] != runs[2]
    assert all(run.last_loss < run.first_loss for run in runs)


@pytest.mark.parametrize("temperature", [0, -0.1])
def test_a_temperature_that_is_not_positive_is_refused(practice, exam, temperature, unchecked):
    with pytest.raises(ValueError, match=r"temperature must be positive; got"):
        small.temperature_run(practice, exam, temperature)


def test_the_stored_table_has_five_seeds_at_each_temperature():
    found = {(run.temperature, run.seed) for run in small.stored_runs()}
    assert found == {(t, seed) for t in small.TEMPERATURES for seed in temperature_runs.SEEDS}
    assert len(small.stored_runs()) == len(found)


def test_a_stored_run_starts_as_one_made_today():
    practice, exam = small.temperature_pictures()
    for stored in small.stored_runs()[::22]:  # three temperatures, three seeds
        today = small.temperature_run(
            practice, exam, stored.temperature, seed=stored.seed, steps=1
        )
        assert today.first_loss == pytest.approx(stored.first_loss, rel=1e-3)


def test_what_the_script_writes_is_what_is_read(practice, exam, tmp_path):
    path = tmp_path / "runs.csv"
    temperature_runs.write(
        path, practice, exam, temperatures=(0.07, 1.0), seeds=range(2), steps=3
    )
    runs = small.stored_runs(path)
    assert [(run.temperature, run.seed) for run in runs] == [
        (0.07, 0), (0.07, 1), (1.0, 0), (1.0, 1),
    ]  # fmt: skip
    again = small.temperature_run(practice, exam, 1.0, seed=1, steps=3)
    assert runs[3] == pytest.approx(again, abs=1e-4)
    assert list(tmp_path.iterdir()) == [path]


def test_another_table_is_refused(tmp_path: Path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(
        ValueError, match=r"must have the columns temperature, seed, .*; got a, b;"
    ):
        small.stored_runs(tmp_path / "other.csv")


def test_accuracy_counts_the_kinds_named_right(exam, unchecked):
    class Oracle(torch.nn.Module):
        def encode_image(self, images):
            kinds = list(SMALL_WORLD["kinds"])
            rows = [kinds.index(scene.objects[0].kind) for scene in exam.scenes]
            return torch.eye(8)[rows]

        def encode_text(self, texts):
            return torch.eye(8)[np.arange(len(texts))]

    assert small.kind_accuracy(Oracle(), exam) == 1


def test_no_texts_give_no_embeddings():
    model = small.SmallCLIP(["a", "cat"], 5, generator=torch.Generator().manual_seed(0))
    assert model.encode_text([]).shape == (0, 5)


def test_a_bare_string_and_pictures_of_another_size_are_refused(unchecked):
    generator = torch.Generator().manual_seed(0)
    model = small.SmallCLIP(["a", "cat"], 5, generator=generator)
    with pytest.raises(TypeError, match="texts must be a sequence of strings; got 'a cat'"):
        model.encode_text("a cat")
    with pytest.raises(TypeError, match="words must be several strings; got 'cat'"):
        small.SmallCLIP("cat", 5, generator=generator)
    with pytest.raises(
        ValueError, match=r"must have shape \(batch, 3, 32, 32\); got \(1, 3, 64"
    ):
        model.encode_image(torch.zeros(1, 3, 64, 64))


def test_an_empty_table_is_refused(tmp_path: Path):
    (tmp_path / "empty.csv").touch()
    with pytest.raises(ValueError, match="must have the columns"):
        small.stored_runs(tmp_path / "empty.csv")
