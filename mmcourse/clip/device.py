"""Where a model goes: a device that holds numbers, or in words why it does not."""

import torch


def working_device(device: str | torch.device | None) -> torch.device:
    """Return a device that holds numbers here; None asks for the GPU if there is one.

    Raises:
        ValueError: torch does not know it, or it does not work here.
    """
    if device is None:
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(device)
    except RuntimeError:
        raise ValueError(
            f"load: device must be one that torch knows; got {device!r}; pass 'cpu' or 'cuda'."
        ) from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"load: torch finds no GPU here; got device {device}; pass 'cpu'.")
    try:
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError) as error:  # this torch, or this machine, has none
        reason = str(error).partition("\n")[0][:200].rstrip(".")
        raise ValueError(
            f"load: device must be one that holds numbers here; got {device} ({reason}); pass "
            "'cpu'."
        ) from error
    return device
