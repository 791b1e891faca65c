"""Vectors as arrows, and the matrix of their cosines."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.captions import fitting, sentence
from mmcourse.plots.figure import COLOURS, blank, set_title, show
from mmcourse.plots.thumbnails import SIDE, put_beside

Arrows = Mapping[str, ArrayLike]
"""Named vectors of two numbers; or of two rows, where an arrow starts and where it ends."""

MOST_PRINTED, MOST_NAMED = 100, 20
"""Values of a matrix that are printed in their cells, and rows that are told one by one."""


@checked
def arrows(panels: Arrows | Sequence[Arrows], *, title: str, alt: str | None = None) -> None:
    """Display vectors as arrows from the origin, with the angle between the first two.

    Args:
        panels: named vectors, or several such sets to stand side by side at one scale. A
            vector of two rows, (start, end), starts elsewhere.
        title: what the figure shows, in one line.
        alt: a sentence; None writes one with every vector, cosine and angle.

    Raises:
        ValueError: there is no arrow, or one is not two finite numbers.
    """
    figure, written = draw_arrows(panels, title=title)
    show(figure, sentence("arrows", alt, written))


@checked
def draw_arrows(
    panels: Arrows | Sequence[Arrows], *, title: str, reach: float | None = None
) -> tuple[Figure, str]:
    """Return the figure that `arrows` displays, and the sentence that goes with it.

    With a `reach` above 0 the axes run from -reach to reach, whatever is drawn.

    Raises:
        ValueError: there is no arrow, one is not two finite numbers, or `reach` is not above 0.
    """
    if reach is not None and real("draw_arrows", "reach", reach) <= 0:
        raise ValueError(f"draw_arrows: reach must be above 0; got {reach}.")
    sets = [panels] if isinstance(panels, Mapping) else list(panels)
    drawn = [{name: _arrow(name, ends) for name, ends in vectors.items()} for vectors in sets]
    if not drawn or not all(drawn):
        raise ValueError("arrows: each panel needs at least one vector; got none.")
    ends = np.concatenate([arrow for vectors in drawn for arrow in vectors.values()])
    low, high = np.minimum(ends.min(0), 0), np.maximum(ends.max(0), 0)
    pad = 0.18 * max(*(high - low), 1.0)
    low, high = low - pad, high + pad
    if reach is not None:
        low, high = np.full(2, -reach), np.full(2, reach)
    inches = 3.6 if len(drawn) == 1 else 1.6
    height = inches * np.clip((high[1] - low[1]) / (high[0] - low[0]), 0.5, 1.1)
    width = max((inches + 0.3) * len(drawn), 0.085 * len(title))  # room for the title
    figure, axes = blank(width, height + 1.1, columns=len(drawn))
    for axis, vectors in zip(axes, drawn, strict=True):
        _draw_panel(axis, vectors)
        axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axis.locator_params(nbins=5)
        axis.label_outer()
    axes[0].set_ylabel("second number")
    figure.suptitle(title, x=0.02, ha="left", fontsize=11)
    return figure, f"{title}. " + " ".join(map(_say_panel, drawn))


@checked
def similarity_matrix(  # noqa: PLR0913 - a chart must say what it shows
    values: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    title: str,
    axes: tuple[str, str] = ("picture", "caption"),
    measure: str = "cosine",
    limits: tuple[float, float] = (-1.0, 1.0),
    pictures: Sequence[ArrayLike] | None = None,
    alt: str | None = None,
) -> None:
    """Display a matrix of similarities as colours, always on the same scale.

    Args:
        values: (rows, columns); where there are at most 100 they are printed too.
        rows: a name for each row.
        columns: a name for each column.
        title: what the figure shows, in one line.
        axes: what a row is, and what a column is.
        measure: what the values are, with their unit if they have one.
        limits: the lowest and the highest colour: (0, 1) for shares and probabilities, which
            then run from white to purple; below 0 is orange.
        pictures: one for each row, (height, width, 3) of uint8, to stand where its name would.
        alt: a sentence; None writes one with the highest value of each row.

    Raises:
        ValueError: the names or pictures do not fit the matrix, it is empty or holds NaN or
            infinity, or `limits` are not two numbers that rise.
    """
    table = _matrix(values, rows, columns)
    low, high = _limits(limits)
    colours = "Purples" if low >= 0 else "PuOr"
    height = 0.42 if pictures is None else 1.1 * SIDE
    figure, (axis,) = blank(0.62 * len(columns) + 3.4, height * len(rows) + 1.8)
    image = axis.imshow(
        table, cmap=colours, vmin=low, vmax=high, interpolation="nearest", aspect="auto"
    )
    axis.set_xticks(range(len(columns)), columns, rotation=25, ha="right")
    axis.set_yticks(range(len(rows)), rows)
    axis.set_ylabel(axes[0])
    axis.set_xlabel(axes[1])
    if pictures is not None:
        put_beside(axis, pictures, len(rows))
    figure.colorbar(image, ax=axis, label=measure)
    set_title(axis, title)
    if table.size <= MOST_PRINTED:
        _print_values(axis, table, image.to_rgba(table)[..., :3])
    cells = [
        [name, *(f"{n:.2f}" for n in line)] for name, line in zip(rows, table, strict=True)
    ]
    show(
        figure,
        sentence("similarity_matrix", alt, _say_matrix(title, table, rows, columns)),
        numbers=[["", *columns], *cells] if table.size <= MOST_PRINTED else (),
        caption=f"Down: {axes[0]}; across: {axes[1]}; as colours: {measure}.",
    )


def _limits(limits: tuple[float, float]) -> tuple[float, float]:
    low, high = (real("similarity_matrix", "limits", each) for each in limits)
    if low >= high:
        raise ValueError(
            f"similarity_matrix: limits must rise, the lower first; got {low:g} and {high:g}."
        )
    return low, high


def _matrix(values: ArrayLike, rows: Sequence[str], columns: Sequence[str]) -> np.ndarray:
    table = as_numbers("similarity_matrix", "values", values)
    if table.shape != (len(rows), len(columns)) or not table.size:
        raise ValueError(
            f"similarity_matrix: needs a name for each row and column of shape {table.shape}; "
            f"got {len(rows)} and {len(columns)}."
        )
    if not np.isfinite(table).all():
        raise ValueError("similarity_matrix: values must be finite; got NaN or infinity.")
    return table


def _arrow(name: str, ends: ArrayLike) -> np.ndarray:
    """Return where an arrow starts and where it ends, as two rows."""
    arrow = as_numbers("arrows", repr(name), ends)
    if arrow.shape not in ((2,), (2, 2)) or not np.isfinite(arrow).all():
        raise ValueError(f"arrows: {name!r} must be two finite numbers; got {arrow.tolist()}.")
    return arrow if arrow.ndim == 2 else np.stack([np.zeros(2), arrow])


def _draw_panel(axis: Axes, vectors: Mapping[str, np.ndarray]) -> None:
    axis.axhline(0, color="0.8", linewidth=0.8, zorder=0)
    axis.axvline(0, color="0.8", linewidth=0.8, zorder=0)
    for row, (name, (start, end)) in enumerate(vectors.items()):
        colour = COLOURS[row % len(COLOURS)]
        x, y = (end - start).tolist()
        length = max(np.hypot(x, y), 1e-9)
        side = 10 if start.any() else 6 if row == 0 else -6  # points; names never on one spot
        ahead, aside = 9 / length, side / length
        axis.annotate(
            "", end, start,
            arrowprops={
                "arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "mutation_scale": 14,
                "color": colour, "linewidth": 2.2,
            },
        )  # fmt: skip
        axis.annotate(
            name, end, (ahead * x - aside * y, ahead * y + aside * x),
            textcoords="offset points", ha="center", va="center", color=colour, weight="bold",
        )  # fmt: skip
    pair = _first_two(vectors)
    if pair is not None:
        cosine, degrees = pair
        _draw_angle(axis, *list(vectors.values())[:2])
        whose = f"{' and '.join(list(vectors)[:2])}: " if len(vectors) > 2 else ""
        axis.set_title(
            f"{whose}cos {cosine:.2f}, angle {degrees:.0f}°", fontsize=9.5, loc="center"
        )
    axis.set_aspect("equal")
    axis.set_xlabel("first number")


def _draw_angle(axis: Axes, first: np.ndarray, second: np.ndarray) -> None:
    """Draw an arc between two arrows that start at one place."""
    if not np.array_equal(first[0], second[0]):
        return
    sides = first[1] - first[0], second[1] - second[0]
    ends = [float(np.degrees(np.arctan2(y, x))) for x, y in sides]
    start, stop = ends if (ends[1] - ends[0]) % 360 <= 180 else ends[::-1]
    size = 0.7 * min(np.hypot(*side) for side in sides)
    axis.add_patch(Arc(first[0].tolist(), size, size, theta1=start, theta2=stop, color="0.35"))


def _first_two(vectors: Mapping[str, np.ndarray]) -> tuple[float, float] | None:
    """Return cosine, to two places, and angle in degrees of the first two vectors, or None."""
    if len(vectors) < 2:
        return None
    first, second = (end - start for start, end in list(vectors.values())[:2])
    lengths = float(np.hypot(*first) * np.hypot(*second))
    if lengths == 0:
        return None
    cosine = float(np.clip(first @ second / lengths, -1, 1))
    degrees = float(np.degrees(np.arccos(cosine)))
    return round(cosine, 2) + 0.0, degrees  # or a right angle could be written as -0.00


def _say_panel(vectors: Mapping[str, np.ndarray]) -> str:
    said = ", ".join(f"{name} {_say_arrow(arrow)}" for name, arrow in vectors.items())
    pair = _first_two(vectors)
    return f"Arrow {said}" + (
        "." if pair is None else f": cosine {pair[0]:.2f}, {pair[1]:.0f}°."
    )


def _say_arrow(arrow: np.ndarray) -> str:
    """Return from where an arrow goes, if that is not the origin, and to where."""
    start, end = (f"({x:.3g}, {y:.3g})" for x, y in arrow.round(6) + 0.0)
    return f"from {start} to {end}" if arrow[0].any() else f"to {end}"


def _say_matrix(
    title: str, table: np.ndarray, rows: Sequence[str], columns: Sequence[str]
) -> str:
    size = f"{len(rows)} by {len(columns)}"
    few = f"Matrix of {size} similarities, from {table.min():.2f} to {table.max():.2f}."
    each = "; ".join(
        f"{name}: {columns[line.argmax()]} with {line.max():.2f}"
        for name, line in zip(rows, table, strict=True)
    )
    best = f"Matrix of similarities, highest in each row: {each}."
    return fitting(f"{title}. {few if len(rows) > MOST_NAMED else best}", f"{title}. {few}")


def _print_values(axis: Axes, table: np.ndarray, shades: np.ndarray) -> None:
    dark = shades @ [0.299, 0.587, 0.114] < 0.5  # brightness as the eye weighs it
    for (row, column), value in np.ndenumerate(table):
        axis.text(
            column, row, f"{round(value, 2) + 0.0:.2f}", ha="center", va="center", fontsize=9,
            color="white" if dark[row, column] else "black",
        )  # fmt: skip
