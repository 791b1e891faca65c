"""Lying bars: each where it belongs, beside its own chance."""

import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from mmcourse.plots import chance_bars, draw_chance_bars
from mmcourse.plots.figure import png

GROUPS = ["colour", "kind of 21", "binding"]
FOUND = {"tiny": [0.9, 0.7, 0.5], "vit": [0.8, 0.6, 0.4]}
ENDS = {"tiny": [[0.85, 0.95], [0.6, 0.8], [0.45, 0.55]]}


def drawn(**more):
    given = {"intervals": ENDS, "chance": [0.5, 1 / 21, 0.5], "title": "T", "xlabel": "share"}
    return draw_chance_bars(GROUPS, FOUND, **(given | more))


def test_every_bar_is_as_long_as_its_share_and_every_group_has_its_chance():
    figure, _ = drawn()
    (axis,) = figure.axes
    assert sorted(bar.get_width() for bar in axis.patches) == sorted(
        [*FOUND["tiny"], *FOUND["vit"]]
    )
    chance = next(each for each in axis.collections if each.get_label() == "chance")
    lines = np.array([segment[:, 0] for segment in chance.get_segments()])
    np.testing.assert_allclose(lines, np.array([[0.5, 0.5], [1 / 21] * 2, [0.5, 0.5]]))
    ends = [segment[:, 0] for each in axis.collections for segment in each.get_segments()]
    assert any(np.allclose(end, [0.45, 0.55]) for end in ends)


def test_the_first_group_stands_above_the_second():
    (axis,) = drawn()[0].axes
    bottom, top = axis.get_ylim()
    assert bottom > top
    assert [label.get_text() for label in axis.get_yticklabels()] == GROUPS


def test_words_say_every_number_and_every_chance():
    _, said = drawn()
    assert "0.9 at colour" in said
    assert "0.0476 at kind of 21" in said
    assert len(said) <= 300
    assert said.endswith(".")


def test_equal_numbers_make_equal_files():
    assert png(drawn()[0]) == png(drawn()[0])


def test_it_is_shown_with_its_numbers_folded_away(monkeypatch):
    kept = {}
    module = sys.modules["mmcourse.plots.chance_bars"]  # its name is the function's
    monkeypatch.setattr(module, "show", lambda drawn, alt, **more: kept.update(more, f=drawn))
    chance_bars(GROUPS, FOUND, intervals=ENDS, chance=[0.5, 0, 0.5], title="T", xlabel="share")
    assert isinstance(kept["f"], Figure)
    head, first, *_ = kept["numbers"]
    assert head == ["", "tiny", "vit", "chance"]
    assert first == ["colour", "0.9 (0.85 to 0.95)", "0.8", "0.5"]


@pytest.mark.parametrize("chance", [[0.5, 0.5], [0.5, 0.5, -0.1]])
def test_a_chance_must_be_a_share_for_each_group(chance):
    with pytest.raises(ValueError, match=r"^draw_chance_bars: 'chance' must"):
        drawn(chance=chance)


@pytest.mark.parametrize("name", ["$x^$.pt", "a$b", "模型.pt", "x\N{SNOWMAN}"])
def test_a_name_is_drawn_letter_by_letter_and_not_as_a_formula(name, recwarn):
    figure, said = draw_chance_bars(
        ["a"], {name: [0.5]}, intervals={}, chance=[0.5], title=f"Of {name}", xlabel="share"
    )
    png(figure)
    assert [str(each.message) for each in recwarn] == []
    assert f"Of {name}." in said


def test_a_long_title_is_broken_into_lines_that_stay_on_the_figure():
    title = "What tiny, tiny-bag, tiny-hard and tiny-vit can tell, and what they must guess"
    figure, said = drawn(title=title)
    png(figure)
    (axis,) = figure.axes
    shown = axis.title if axis.title.get_text() else axis._left_title
    assert shown.get_text().replace("\n", " ") == title
    assert shown.get_window_extent().x1 <= figure.bbox.x1
    assert title in said
