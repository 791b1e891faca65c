"""What it costs to ask whether arguments are what a signature says."""

from collections.abc import Callable, Iterator

import torch
from beartype import beartype
from jaxtyping import Float, jaxtyped
from torch import Tensor

from bench.made import version
from bench.measure import Case
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite

TITLE = "What is asked at the door, `checked` and `require_finite`"
COUNT = 5_000


def cases(*, large: bool) -> Iterator[Case]:
    """Yield kinds and shapes, then what is not finite."""
    del large
    yield case(
        "a signature: two matrices and a scale",
        checked(nothing),
        f"{version('jaxtyping')} with {version('beartype')}",
        jaxtyped(nothing, typechecker=beartype),
    )
    yield case(
        "`require_finite`, two matrices of 64 × 512",
        lambda a, b, _: require_finite("f", a=a, b=b),
        "`torch.isfinite(x).all()` of both",
        lambda a, b, _: (bool(torch.isfinite(a).all()), bool(torch.isfinite(b).all())),
    )


def nothing(
    a: Float[Tensor, "batch dim"],
    b: Float[Tensor, "batch dim"],
    scale: float | Float[Tensor, ""],
) -> None:
    """Do nothing: what is measured is the asking."""
    del a, b, scale


def case(
    what: str, ours: Callable[..., object], peer: str, theirs: Callable[..., object]
) -> Case:
    """Return many calls of each."""
    arguments = torch.randn(64, 512), torch.randn(64, 512), torch.tensor(100.0)

    def calls(function: Callable[..., object]) -> Callable[[], None]:
        def run() -> None:
            for _ in range(COUNT):
                function(*arguments)

        return run

    return Case(
        name=what, unit="calls/s", count=COUNT, ours=calls(ours), peers={peer: calls(theirs)}
    )
