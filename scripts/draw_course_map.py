"""Draw docs/course_map.png: the lessons as a path.

The picture carries its own description, by which a test sees whether it is out of date.

usage: make readme
"""

import sys

import matplotlib as mpl
from lessons import ROOT
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

FINDING = "Eighteen lessons, each resting on the ones before it"
STAGES = {
    "Foundations": ("01", "02"),
    "Learning a joint space": ("03", "04", "05", "06"),
    "Using it": ("07", "08", "09"),
    "Beyond": ("10", "11", "12", "13"),
    "More senses, systems": ("14", "15", "16", "17", "18"),
}
TITLES = {
    "01": "What a second\nmodality is worth",
    "02": "Cosine\nsimilarity",
    "03": "The contrastive\nloss",
    "04": "Temperature",
    "05": "Train a CLIP\nin a minute",
    "06": "Inside CLIP",
    "07": "Using CLIP",
    "08": "Zero-shot\nand prompts",
    "09": "Image search",
    "10": "Adapting CLIP",
    "11": "What CLIP\nmisses",
    "12": "Questions\nand captions",
    "13": "Text to image",
    "14": "One space for\nthree senses",
    "15": "Speech,\nunderstood",
    "16": "Pictures\nas words",
    "17": "Learning\nfrom examples",
    "18": "Films: order, and\nsound in time",
}
COLOURS = (
    "#0072B2",
    "#009E73",
    "#D55E00",
    "#AA4499",
    "#666666",
)  # told apart by the colour-blind too
WIDTH, HEIGHT, GAP = 1.72, 0.62, 0.3


def description() -> str:
    """Return what the picture shows, in words."""
    stages = []
    for stage, numbers in STAGES.items():
        names = [f"{number} {TITLES[number]}".replace("\n", " ") for number in numbers]
        stages.append(f"{stage}: {', '.join(names)}")
    return f"Map of the course as a path of five stages. {'. '.join(stages)}."


def draw() -> Figure:
    """Return the map as a figure."""
    figure = Figure(figsize=(13, 5), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(FINDING, fontsize=13)
    axes.axis("off")
    axes.set_xlim(-2.5, 6 * (WIDTH + GAP) - GAP + 0.1)
    axes.set_ylim(-4.6, 0.6)
    for row, (stage, numbers) in enumerate(STAGES.items()):
        axes.text(-2.4, -row, stage, va="center", weight="bold", color=COLOURS[row])
        for column, number in enumerate(numbers):
            _box(axes, (column, row), number)
            if column:
                x = column * (WIDTH + GAP)
                _arrow(axes, (x - GAP, -row), (x, -row))
        if row:  # from the name of one stage to the next
            _arrow(axes, (-2.2, 0.82 - row), (-2.2, 0.18 - row))
    return figure


def _box(axes: Axes, place: tuple[int, int], number: str) -> None:
    x, y = place[0] * (WIDTH + GAP), -place[1]
    colour = COLOURS[place[1]]
    box = FancyBboxPatch(
        (x, y - HEIGHT / 2),
        WIDTH,
        HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=colour,
        edgecolor=colour,
    )
    axes.add_patch(box)
    axes.text(x + 0.1, y, number, va="center", color="white", weight="bold", fontsize=10)
    middle = x + WIDTH / 2 + 0.14
    axes.text(middle, y, TITLES[number], va="center", ha="center", color="white", fontsize=8.5)


def _arrow(axes: Axes, tail: tuple[float, float], tip: tuple[float, float]) -> None:
    style = {"arrowstyle": "->", "color": "#555555", "shrinkA": 1, "shrinkB": 1}
    axes.annotate("", xy=tip, xytext=tail, arrowprops=style)


def main() -> int:
    """Write the picture; return an exit status."""
    mpl.rcParams["font.family"] = "DejaVu Sans"  # it comes with matplotlib
    draw().savefig(
        ROOT / "docs" / "course_map.png",
        metadata={"Description": description(), "Software": None},
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
