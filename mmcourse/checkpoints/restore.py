"""The weights of a shipped model, put into a module of its class.

CLIPs have their own door, `clip.load`, because their sizes are read off the weights; everything
else in the course has the sizes that its class has by default.
"""

from typing import TypeVar

from torch import nn

from mmcourse.boundary.signature import checked
from mmcourse.checkpoints.state import read
from mmcourse.checkpoints.weights import manifest, shipped

M = TypeVar("M", bound=nn.Module)


@checked
def restore(module: M, name: str) -> M:
    """Return the module with the weights of a shipped model, in float32, ready to be asked.

    Args:
        module: of the class and sizes that the weights were trained in; it is changed.
        name: of the shipped model.

    Raises:
        ValueError: no shipped model of this class has this name, its file is not the one in
            the manifest, or the sizes differ.
        FileNotFoundError: its file is missing.
    """
    wanted = type(module).__name__
    known = manifest(wanted)
    if name not in known:
        raise ValueError(
            f"restore: name must be a shipped {wanted}, one of {', '.join(known) or '(none)'}; "
            f"got {name!r:.60}."
        )
    try:
        module.load_state_dict(read(shipped(name)))
    except RuntimeError as error:
        said = " ".join(str(error).split())
        raise ValueError(
            f"restore: module must have the sizes of {name}; got others ({said:.300}); make it "
            f"as {wanted} is made by default."
        ) from error
    return module.float().eval()
