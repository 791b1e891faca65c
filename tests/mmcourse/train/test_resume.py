import random
import signal
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from places import HELPERS
from small_run import EVERY, STEPS, Small, loss_of, train

from mmcourse.train import resume

PROGRAM = """
import os, signal, sys
from pathlib import Path
import torch
from small_run import Small, train

save, saved = torch.save, []

def save_and_die(state, file):
    saved.append(file)
    if len(saved) < 2:
        return save(state, file)
    file.write(b"half a")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)

torch.save = save_and_die
train(Small(), Path(sys.argv[1]))
"""


def killed_before(model: Small, step: int):
    loss_at = loss_of(model)

    def killed(now: int):
        if now == step:
            raise SystemExit
        return loss_at(now)

    return killed


def assert_same(model: Small, other: Small) -> None:
    for name, value in other.state_dict().items():
        assert torch.equal(model.state_dict()[name], value), name


@pytest.fixture(scope="module")
def whole() -> tuple:
    """Return a model whose training nothing interrupted, and its losses."""
    model = Small()
    return model, train(model).losses


@pytest.mark.parametrize("step", range(STEPS))
def test_a_run_killed_anywhere_ends_as_one_that_was_not(step, tmp_path, whole):
    path, first, second = tmp_path / "run.pt", Small(), Small()
    with pytest.raises(SystemExit):
        train(first, path, killed_before(first, step))
    assert path.exists() == (step >= EVERY)
    history = train(second, path)
    assert_same(second, whole[0])
    assert history.losses == whole[1]


def test_a_process_that_does_not_write_resumes_from_what_another_wrote(tmp_path, whole):
    path, first, second = tmp_path / "run.pt", Small(), Small()
    assert train(Small(), tmp_path / "no" / "run.pt", writes=False)  # nor asks whether it could
    with pytest.raises(SystemExit):
        train(first, path, killed_before(first, STEPS - 1))
    written = path.read_bytes()
    train(second, path, writes=False)
    assert_same(second, whole[0])
    assert path.read_bytes() == written


def test_a_run_killed_again_and_again_ends_as_one_that_was_not(tmp_path, whole):
    path = tmp_path / "run.pt"
    for step in (5, 7, 7):
        model = Small()
        with pytest.raises(SystemExit):
            train(model, path, killed_before(model, step))
    model = Small()
    assert train(model, path).losses == whole[1]
    assert_same(model, whole[0])


def test_a_finished_run_is_read_and_not_trained_again(tmp_path, whole):
    path, model = tmp_path / "run.pt", Small()
    train(Small(), path)
    history = train(model, path, killed_before(model, 0))
    assert history.losses == whole[1]
    assert_same(model, whole[0])


@pytest.mark.slow
def test_a_process_killed_while_it_writes_has_lost_only_what_it_was_writing(tmp_path, whole):
    path, model = tmp_path / "run.pt", Small()
    command = [sys.executable, "-c", PROGRAM, str(path)]
    found = subprocess.run(command, cwd=HELPERS, check=False)
    assert found.returncode == -signal.SIGKILL
    assert len(torch.load(path)["losses"]) == EVERY
    assert train(model, path).losses == whole[1]
    assert_same(model, whole[0])


def test_a_finished_run_leaves_one_file(tmp_path):
    train(Small(), tmp_path / "run.pt")
    assert [file.name for file in tmp_path.iterdir()] == ["run.pt"]


def test_a_disk_that_is_full_leaves_the_checkpoint_before(tmp_path, monkeypatch):
    path = tmp_path / "run.pt"
    model = Small()
    with pytest.raises(SystemExit):
        train(model, path, killed_before(model, EVERY))
    before = path.read_bytes()

    def full(state, file):
        file.write(b"half a")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OSError, match="no space left"):
        train(Small(), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["run.pt"]


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_damaged_checkpoint_is_named_and_left(share, tmp_path):
    path, model = tmp_path / "run.pt", Small()
    train(Small(), path)
    damaged = path.read_bytes()[: int(share * path.stat().st_size)]
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match=r"fit: .*run.pt must be a checkpoint .*left as it is"):
        train(model, path)
    assert path.read_bytes() == damaged
    assert_same(model, Small())


def test_whatever_byte_is_wrong_a_checkpoint_is_refused_in_words_or_read(tmp_path):
    path, chosen = tmp_path / "run.pt", random.Random(2)
    train(Small(), path)
    whole = path.read_bytes()
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[chosen.randrange(len(whole))] = chosen.randrange(256)
        path.write_bytes(damaged)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's, at a pickle of another protocol
            with suppress(ValueError):
                resume.read(path)


@pytest.mark.parametrize("part", ["model", "optimizers", "losses", "steps"])
def test_a_checkpoint_with_a_part_of_another_kind_is_refused(part, tmp_path):
    path = tmp_path / "run.pt"
    train(Small(), path)
    torch.save(torch.load(path, weights_only=True) | {part: "1"}, path)
    with pytest.raises(ValueError, match="must be a checkpoint that fit has written"):
        train(Small(), path)


def test_a_setting_that_a_checkpoint_lacks_is_named(tmp_path):
    path = tmp_path / "run.pt"
    train(Small(), path)
    state = torch.load(path, weights_only=True)
    # as another version of torch could write it
    del state["optimizers"][0]["param_groups"][0]["foreach"]
    torch.save(state, path)
    with pytest.raises(ValueError, match=r"foreach of group 0 .*: there none, here None"):
        train(Small(), path)


@pytest.mark.parametrize("content", [{"state": 1}, [1, 2], Path("elsewhere")])
def test_a_file_of_another_kind_is_refused(content, tmp_path):
    path = tmp_path / "run.pt"
    torch.save(content, path)
    with pytest.raises(ValueError, match="must be a checkpoint that fit has written"):
        train(Small(), path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": 9}, "another number of steps; there 8, here 9"),
        ({"lr": 0.02}, "another optimizers; lr of group 0 of optimizer 0: there 0.0"),
    ],
)
def test_a_run_with_other_settings_is_refused(changes, message, tmp_path):
    path, model = tmp_path / "run.pt", Small()
    train(Small(), path)
    with pytest.raises(ValueError, match=f"must be this run's; it is of one with {message}"):
        train(model, path, **changes)
    assert_same(model, Small())


def test_a_run_of_another_model_is_refused(tmp_path):
    path, model = tmp_path / "run.pt", Small()
    train(Small(), path)
    model.first = torch.nn.Linear(3, 5, bias=False)
    with pytest.raises(ValueError, match=r"another parameters; first.bias: there \(5,\), here"):
        train(model, path)


@pytest.mark.parametrize("name", ["missing/run.pt", "file/run.pt", "."])
def test_a_place_that_cannot_be_written_is_refused_before_the_first_step(name, tmp_path):
    (tmp_path / "file").touch()
    model = Small()
    with pytest.raises(ValueError, match="checkpoint must name a file that can be written"):
        train(model, tmp_path / name, killed_before(model, 0))
