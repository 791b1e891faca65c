"""Sliders over a figure: move one, and the figure is drawn again.

Sliders need a running kernel. Where there is none, as in a saved notebook, the figure stands
as it was at first.
"""

from base64 import b64encode
from collections.abc import Callable
from html import escape
from math import floor, isfinite, log10
from numbers import Real
from typing import Any

from ipywidgets import HTML, FloatSlider  # type: ignore[import-untyped]
from matplotlib.figure import Figure

from mmcourse.boundary.signature import checked
from mmcourse.plots.captions import below_figure, first_sentence, sentence
from mmcourse.plots.figure import Bundle, bundle, png
from mmcourse.plots.kept import Kept


@checked
def explore(
    draw: Callable[..., tuple[Figure, str]], **sliders: tuple[float, float, float]
) -> Kept:
    """Return sliders above the figure they move; a notebook cell that ends in it shows both.

    Args:
        draw: takes one float for each slider, by name; returns a figure and its sentence.
        sliders: (lowest, highest, first) value of each.

    Raises:
        ValueError: there is no slider, or one is not three finite numbers in order.
    """
    if not sliders:
        raise ValueError("explore: needs at least one slider, such as angle=(0, 180, 60).")
    for name, numbers in sliders.items():
        _check_slider(name, numbers)
    controls = {
        name: FloatSlider(first, min=low, max=high, step=_step(high - low), description=name)
        for name, (low, high, first) in sliders.items()
    }
    picture = HTML()

    def update(_change: Any = None) -> Bundle:
        figure, alt = draw(**{name: control.value for name, control in controls.items()})
        file, said = png(figure), sentence("explore", alt)
        picture.value = page(file, said)
        return bundle(file, said)

    for control in controls.values():
        control.observe(update, names="value")
    return Kept([*controls.values(), picture], update())


@checked
def page(file: bytes, alt: str) -> str:
    """Return a PNG and its sentence as HTML, the sentence as a caption too."""
    known = bundle(file, alt)[1]["image/png"]
    size = f'width="{known["width"]}" style="max-width: 100%; height: auto"'
    source = f"data:image/png;base64,{b64encode(file).decode()}"
    image = f'<img alt="{escape(known["alt"])}" {size} src="{source}">'
    return image + below_figure(first_sentence(alt), alt)


def _check_slider(name: str, numbers: object) -> None:
    three = numbers if isinstance(numbers, tuple | list) else ()
    if len(three) != 3 or not all(isinstance(n, Real) and isfinite(n) for n in three):
        raise ValueError(
            f"explore: slider {name!r} must be three finite numbers, (lowest, highest, first); "
            f"got {numbers!r}."
        )
    low, high, first = three
    if not low <= first <= high or low == high:
        raise ValueError(
            f"explore: slider {name!r} needs (lowest, highest, first) with the first value "
            f"between the others; got {(low, high, first)}."
        )


def _step(span: float) -> float:
    """Return the power of ten that makes at least 100 steps of `span`."""
    return float(10.0 ** floor(log10(span / 100)))
