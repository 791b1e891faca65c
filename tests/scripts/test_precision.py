"""Trainings compute in what is clearly faster here, and say so."""

import precision
import pytest
import torch

from mmcourse.clip import product_time


@pytest.fixture
def timed(monkeypatch):
    """Let products take the seconds that a test names."""

    def take(**taken):
        times = {getattr(torch, name): seconds for name, seconds in taken.items()}
        monkeypatch.setattr(product_time, "product_seconds", lambda kind, device: times[kind])
        precision.numbers.cache_clear()

    yield take
    precision.numbers.cache_clear()


@pytest.mark.parametrize(
    ("float32", "bfloat16", "chosen"),
    [(2.0, 1.0, "bfloat16"), (1.0, 5.0, "float32"), (1.0, 0.9, "float32")],
)
def test_bfloat16_is_taken_where_it_is_clearly_faster(timed, float32, bfloat16, chosen):
    timed(float32=float32, bfloat16=bfloat16)
    ones = torch.ones(3, 3)
    with precision.mixed("cpu"):
        assert (ones @ ones).dtype is getattr(torch, chosen)
    assert precision.told("cpu") == chosen
