"""Which precision a search takes, and that it says where halves are slower."""

from pathlib import Path

import pytest

from mmcourse.search import dtypes
from mmcourse.search.options import Options


def options(dtype, device="cpu"):
    return Options(folder=Path("photos"), text="a cat", dtype=dtype, device=device)


@pytest.fixture
def product(monkeypatch):
    """Let a product take so many times as long as in float32."""

    def take(times):
        monkeypatch.setattr(dtypes, "times_as_long", lambda dtype, device: times)

    return take


@pytest.mark.parametrize(
    ("times", "chosen"), [(0.5, "bfloat16"), (0.9, "float32"), (7.0, "float32")]
)
def test_auto_takes_the_half_where_it_is_clearly_quicker_and_says_why(product, times, chosen):
    product(times)
    found, (note,) = dtypes.settled(options("auto"))
    assert found == options(chosen)
    assert note == (
        f"--dtype auto takes {chosen}: in bfloat16 one product took {times:.2g} times as long "
        "as in float32 here."
    )


def test_a_half_that_is_slower_is_taken_and_told(product):
    product(6.9)
    found, (note,) = dtypes.settled(options("float16"))
    assert found == options("float16")
    assert note == (
        "--dtype float16 is slower than float32: one product took 6.9 times as long as in "
        "float32 here."
    )


def test_a_half_that_is_quicker_needs_no_words(product):
    product(0.5)
    assert dtypes.settled(options("bfloat16")) == (options("bfloat16"), ())


def test_of_float32_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(dtypes, "times_as_long", lambda *_: pytest.fail("was tried"))
    assert dtypes.settled(options("float32")) == (options("float32"), ())


def test_a_device_that_does_not_work_is_refused():
    with pytest.raises(ValueError, match="device must be one that torch knows; got 'abacus'"):
        dtypes.settled(options("auto", device="abacus"))
