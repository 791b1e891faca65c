"""WiSE-FT: weights between those before and those after fine-tuning.

arXiv 2109.01903, section 3. A model on the way from one to the other often keeps much of what
it knew, and has much of what it learned. It costs no more to run than either end. Leaves out
how to choose alpha: on validation pictures of what you will meet, the old and the new.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked


@checked
def interpolate(
    zero_shot_state: Mapping[str, Tensor],
    fine_tuned_state: Mapping[str, Tensor],
    alpha: float,
) -> dict[str, Tensor]:
    """Return (1 − alpha) · zero-shot + alpha · fine-tuned, tensor by tensor.

    Both ends are exact. What is no float, such as a batch norm's count of batches, is no
    place to stop half-way: it is copied from the nearer end, at 1/2 from the fine-tuned one.

    Args:
        zero_shot_state: `state_dict()` of the model before fine-tuning.
        fine_tuned_state: that of the model after it.
        alpha: from 0, which is before, to 1, which is after.

    Raises:
        ValueError: alpha is outside 0 to 1, or the two do not have the same names with the
            same shapes, dtypes and devices.

    >>> before, after = {"w": torch.tensor([0.0, 8.0])}, {"w": torch.tensor([4.0, 8.0])}
    >>> interpolate(before, after, 0.25)
    {'w': tensor([1., 8.])}
    """
    alpha = real("interpolate", "alpha", alpha, least=0, most=1)
    _require_alike(zero_shot_state, fine_tuned_state)
    nearer = fine_tuned_state if alpha >= 0.5 else zero_shot_state
    return {
        name: torch.lerp(before, fine_tuned_state[name], alpha)
        if before.is_floating_point()
        else nearer[name].clone()
        for name, before in zero_shot_state.items()
    }


def _require_alike(before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> None:
    if alone := sorted(before.keys() ^ after.keys()):
        raise ValueError(
            "interpolate: both states must have the same names; got one alone with "
            f"{alone[0]!r}; pass two models of one architecture."
        )
    for name, one in before.items():
        other = after[name]
        kinds = [(tuple(each.shape), each.dtype, each.device) for each in (one, other)]
        if kinds[0] != kinds[1]:
            (shape, dtype, device), (shape_2, dtype_2, device_2) = kinds
            raise ValueError(
                f"interpolate: {name} must be alike in both states; got {shape} of {dtype} on "
                f"{device} and {shape_2} of {dtype_2} on {device_2}; pass two models of one "
                "architecture."
            )
