"""Chains of parts: all of them, in their order, the marked ones told apart."""

import sys
from itertools import pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from mmcourse import plots

MACHINES = {
    "theirs (2021)": ["words", "a long name of a part that takes three lines", "pixels"],
    "ours": ["CLIP", "pixels"],
}


@pytest.fixture
def drawn(monkeypatch):
    """Return the figure of two machines, and what is shown besides."""
    kept = {}
    module = sys.modules["mmcourse.plots.chains"]  # its name is the function's
    monkeypatch.setattr(module, "show", lambda figure, alt, **more: kept.update(more, f=figure))
    alt = "Two machines that make pictures."
    plots.chains(MACHINES, marked=["CLIP"], ours="ours", title="Two ways", alt=alt)
    FigureCanvasAgg(kept["f"]).draw()
    return kept


def boxes(axis):
    return [text for text in axis.texts if text.get_bbox_patch() is not None]


def said(text):
    return text.get_text().replace("\n", " ")


def test_every_part_stands_right_of_the_one_before_in_its_machines_row(drawn):
    (axis,) = drawn["f"].axes
    found = boxes(axis)
    assert [said(text) for text in found] == [*MACHINES["theirs (2021)"], *MACHINES["ours"]]
    for row in (found[:3], found[3:]):
        assert len({text.get_position()[1] for text in row}) == 1
        for before, after in pairwise(row):
            left, right = (t.get_bbox_patch().get_window_extent() for t in (before, after))
            assert left.x1 < right.x0, "boxes do not touch: an arrow fits between"


def test_only_what_is_marked_has_a_thick_edge(drawn):
    edges = {
        said(text): text.get_bbox_patch().get_linewidth() for text in boxes(drawn["f"].axes[0])
    }
    assert [name for name, edge in edges.items() if edge == max(edges.values())] == ["CLIP"]


def test_an_arrow_leads_from_each_part_to_the_next(drawn):
    (axis,) = drawn["f"].axes
    arrows = [text for text in axis.texts if getattr(text, "arrow_patch", None) is not None]
    assert len(arrows) == 3
    for arrow in arrows:
        patch = arrow.arrow_patch
        assert patch.patchA.get_window_extent().x1 < patch.patchB.get_window_extent().x0


def test_ours_is_written_in_bold(drawn):
    names = [text for text in drawn["f"].axes[0].texts if said(text) in MACHINES]
    assert {said(text): text.get_weight() for text in names} == {
        "theirs (2021)": "normal", "ours": "bold",
    }  # fmt: skip


def test_everything_is_inside_the_figure(drawn):
    figure = drawn["f"]
    page = figure.bbox
    for text in figure.axes[0].texts:
        if text.get_text():
            extent = text.get_window_extent()
            assert extent.x0 >= page.x0
            assert extent.x1 <= page.x1


def test_the_chains_are_told_in_a_table(drawn):
    assert drawn["numbers"] == [
        ["machine", "parts"],
        *([name, " → ".join(parts)] for name, parts in MACHINES.items()),
    ]
