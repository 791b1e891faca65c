"""One product is timed in each precision, by the clock that other work does not move."""

import pytest
import torch

from mmcourse.clip import product_time


def test_on_a_cpu_the_time_of_others_does_not_count(monkeypatch):
    monkeypatch.setattr(product_time.time, "perf_counter", lambda: pytest.fail("the wall"))
    assert product_time.product_seconds(torch.float32, "cpu") > 0


def test_each_precision_is_timed_in_seconds():
    for dtype in (torch.float32, torch.bfloat16):
        assert 0 < product_time.product_seconds(dtype, "cpu") < 60


def test_times_are_told_beside_those_of_float32(monkeypatch):
    seconds = {torch.float32: 2.0, torch.bfloat16: 5.0}
    monkeypatch.setattr(product_time, "product_seconds", lambda dtype, _: seconds[dtype])
    assert product_time.times_as_long(torch.bfloat16, "cpu") == 2.5


def test_a_clock_that_ticks_seldom_is_waited_for(monkeypatch):
    seldom = lambda: product_time.time.perf_counter() // 0.016 * 0.016  # noqa: E731
    monkeypatch.setattr(product_time.time, "process_time", seldom)
    assert product_time.product_seconds(torch.float32, "cpu") > 0
