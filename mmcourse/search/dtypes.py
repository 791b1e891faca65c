"""Which precision a search computes in, and what to say of it: halves may be slower."""

from dataclasses import replace

import torch

from mmcourse.clip.device import working_device
from mmcourse.clip.product_time import CLEARLY, times_as_long
from mmcourse.search.options import AUTO, DTYPES, Options


def settled(options: Options) -> tuple[Options, tuple[str, ...]]:
    """Return the options with a precision chosen where "auto" was asked for, and a note on it.

    Nothing is tried, and nothing said, of float32.

    Raises:
        ValueError: the device does not work here.
    """
    whole, half, *_ = DTYPES
    if options.dtype == whole:
        return options, ()
    name = half if options.dtype == AUTO else options.dtype
    times = times_as_long(getattr(torch, name), str(working_device(options.device)))
    took = f"one product took {times:.2g} times as long as in {whole} here"
    if options.dtype == AUTO:
        chosen = half if times <= CLEARLY else whole
        note = f"--dtype auto takes {chosen}: in {half} {took}."
        return replace(options, dtype=chosen), (note,)
    slower = (f"--dtype {name} is slower than {whole}: {took}.",)
    return options, slower if times > 1 else ()
