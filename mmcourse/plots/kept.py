"""A widget that leaves a picture behind where no kernel runs to draw it.

A notebook stores a widget by its name alone. This one stores what it showed at first beside
it: a page with a kernel takes the widget, a saved one the picture.
"""

from collections.abc import Sequence
from typing import Any

from ipywidgets import VBox, Widget  # type: ignore[import-untyped]

from mmcourse.plots.figure import Bundle


class Kept(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Widgets one below the other, and what stands in their place in a saved notebook.

    Args:
        children: the widgets.
        first: what they show at first, as a notebook stores it.
    """

    def __init__(self, children: Sequence[Widget], first: Bundle) -> None:
        super().__init__(children)
        self._first = first

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:
        """Return what a notebook stores: the widget's own entry, then the picture."""
        data, known = self._first
        return {**super()._repr_mimebundle_(**kwargs), **data}, known
