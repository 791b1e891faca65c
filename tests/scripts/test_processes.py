"""Who takes which part of a batch, and what is refused; the training itself is in `trainee`."""

import pytest
import train_weights
from processes import Processes, started
from recipes import RECIPES
from shared_work import mean_of_losses
from together import needs_fork, together


def test_without_torchrun_there_is_one_process_that_takes_all(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert started() == Processes(world=1, rank=0, local=0)
    assert started().part(5, 2) == [0, 1, 2, 3, 4]
    assert started().device("cuda") == "cuda"


def test_torchrun_says_which_of_how_many_this_is(monkeypatch):
    for name, value in {"WORLD_SIZE": "6", "RANK": "5", "LOCAL_RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    assert started() == Processes(world=6, rank=5, local=1)
    assert started().device("cuda") == "cuda:1"
    assert started().device("cpu") == "cpu"


def test_parts_are_a_batch_in_its_order():
    parts = [Processes(3, rank).part(12) for rank in range(3)]
    assert [row for part in parts for row in part] == list(range(12))


def test_twins_are_shared_out_apart_and_stay_together():
    assert Processes(2, 0).part(12, 8) == [0, 1, 2, 3, 8, 9]
    assert Processes(2, 1).part(12, 8) == [4, 5, 6, 7, 10, 11]


@needs_fork
def test_a_mean_is_that_of_all_and_its_gradient_a_share():
    found = together(3, mean_of_losses)  # of 2², 5² and 8²
    assert found == [(31.0, pytest.approx(2 * number / 3)) for number in (2, 5, 8)]


@pytest.fixture
def third_of_three(monkeypatch):
    def set_rank(rank):
        for name, value in {"WORLD_SIZE": "3", "RANK": rank, "LOCAL_RANK": rank}.items():
            monkeypatch.setenv(name, value)

    return set_rank


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tiny"], "every process must get as many pairs; got 3 processes for 128"),
        (["tiny-hard"], "got 3 processes for 32 and 128; choose --nproc-per-node so that"),
        (["judge"], "several processes train tiny, tiny-vit, .*; got judge; start one"),
    ],
)
def test_what_cannot_be_shared_is_refused_in_one_line_by_the_first(
    arguments, message, third_of_three, capsys
):
    third_of_three("0")
    assert train_weights.main([*arguments, "--device", "cpu"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("train_weights: ")
    with pytest.raises(ValueError, match=message):
        raise ValueError(error)
    third_of_three("2")
    assert train_weights.main([*arguments, "--device", "cpu"]) == 2
    assert capsys.readouterr() == ("", "")


def test_a_process_without_a_gpu_of_its_own_is_refused(monkeypatch):
    monkeypatch.setattr(train_weights.torch.cuda, "device_count", lambda: 1)
    message = train_weights.refusal("tiny", "cuda", Processes(2, 1, 1))
    assert message.startswith("every process must have a GPU of its own")
    assert train_weights.refusal("tiny", "cuda", Processes(2, 0, 0)) == ""


@pytest.mark.parametrize("name", RECIPES)
def test_two_processes_can_train_every_clip(name):
    assert train_weights.refusal(name, "cpu", Processes(2, 1, 1)) == ""
