"""Figures: what they say in words, what stands on their axes, and that they need no display."""

import re
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from mmcourse import plots
from mmcourse.plots import charts, curves, figure, gallery, vectors

NOISE = np.random.default_rng(5).random((7, 11, 3))
NAMES = ["cat", "bus", "tree"]
WIDGET = "application/vnd.jupyter.widget-view+json"
CHARTS = {
    "bars": lambda **more: plots.bars(
        NAMES, {"seen": [0.1, 0.9, 0.35]}, title="The bus wins", ylabel="accuracy", **more
    ),
    "lines": lambda **more: plots.lines(
        [2, 8, 32], {"seen": [0.5, 0.25, 0.125]}, title="It falls", xlabel="d", ylabel="spread",
        **more,
    ),
    "histograms": lambda **more: plots.histograms(
        {"seen": [0.1, 0.2, 0.9]}, edges=[0, 0.5, 1], title="Most are low", xlabel="cosine",
        **more,
    ),
    "arrows": lambda **more: plots.arrows({"u": [3, 4], "v": [4, 3]}, title="Close", **more),
    "matrix": lambda **more: plots.similarity_matrix(
        [[0.5, -1.0, 0.25]], ["picture"], NAMES, title="The cat wins", **more
    ),
    "pictures": lambda alt="Two noisy pictures.", **more: plots.pictures(
        [NOISE, NOISE], ["a", "b"], alt=alt, **more
    ),
    "sounds": lambda alt="A short noisy sound.", **more: plots.sounds(
        {"noise": (NOISE.ravel(), NOISE[:, :, 0])}, sr=100, alt=alt, **more
    ),
}  # fmt: skip


@pytest.fixture
def shown(monkeypatch):
    """Return a list that collects (figure, alt) instead of displaying them."""
    kept: list[tuple[Figure, str]] = []
    for module in (charts, curves, vectors, gallery, sys.modules["mmcourse.plots.sounds"]):
        monkeypatch.setattr(module, "show", lambda drawn, alt, **_: kept.append((drawn, alt)))
    return kept


@pytest.fixture
def displayed(monkeypatch):
    """Return a function that draws and gives back (data, metadata) of each output."""
    outputs: list[tuple[dict, dict]] = []

    def publish(data, metadata=None):
        outputs.append((data, metadata))

    def run(draw):
        outputs.clear()
        draw()
        return tuple(outputs)

    monkeypatch.setattr(figure, "publish_display_data", publish)
    return run


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_every_figure_stores_its_text_and_shows_a_sentence_below(displayed, draw):
    (picture, metadata), (caption, _) = displayed(draw)
    alt = metadata["image/png"]["alt"]
    assert alt.endswith(".")
    assert len(alt) <= 300
    assert picture["image/png"].startswith(b"\x89PNG")
    assert picture["text/plain"] == f"Figure: {alt}"
    below = caption["text/plain"]
    assert caption["text/html"].startswith(f"<p><em>{below}</em></p>")
    assert (below.count(". "), below[-1]) == (0, ".")


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_figures_are_twice_as_fine_as_the_page(displayed, draw):
    picture, metadata = displayed(draw)[0]
    with Image.open(BytesIO(picture["image/png"])) as file:
        width, height = file.size
    known = metadata["image/png"]
    assert (known["width"], known["height"]) == (width // 2, height // 2)
    assert figure.DPI == 200


@pytest.mark.parametrize("name", ["bars", "lines", "histograms", "matrix"])
def test_the_numbers_fold_away_below_the_sentence(displayed, name):
    _, (caption, _) = displayed(CHARTS[name])
    _, fold = caption["text/html"].split("<details><summary>The numbers</summary>")
    cells = re.findall(r"<t[hd]>([^<]*)</t[hd]>", fold)
    assert (
        cells
        == {
            "bars": ["", "seen", "cat", "0.1", "bus", "0.9", "tree", "0.35"],
            "lines": ["d", "seen", "2", "0.5", "8", "0.25", "32", "0.125"],
            "histograms": ["", "mean", "spread", "seen", "0.4", "0.356"],
            "matrix": ["", *NAMES, "picture", "0.50", "-1.00", "0.25"],
        }[name]
    )


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_given_sentence_replaces_the_written_one(displayed, draw):
    (_, metadata), _ = displayed(lambda: draw(alt="My own few words."))
    assert metadata["image/png"]["alt"] == "My own few words."


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_the_same_figure_is_the_same_file(displayed, draw):
    first, second = (displayed(draw)[0][0]["image/png"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bars", ["The bus wins", "0.1 at cat", "0.9 at bus", "0.35 at tree"]),
        ("lines", ["It falls", "0.5 at 2", "0.25 at 8", "0.125 at 32"]),
        ("histograms", ["Most are low", "mean 0.4, spread 0.356"]),
        ("arrows", ["u to (3, 4)", "v to (4, 3)", "cosine 0.96", "16°"]),
        ("matrix", ["The cat wins", "picture: cat with 0.50"]),
    ],
)
def test_the_written_sentence_says_the_numbers(shown, name, words):
    CHARTS[name]()
    assert [word for word in words if word not in shown[0][1]] == []


@pytest.mark.parametrize("name", ["bars", "lines", "histograms", "arrows"])
def test_axes_are_labelled_and_the_title_is_there(shown, name):
    CHARTS[name]()
    drawn = shown[0][0]
    axis = drawn.axes[0]
    assert axis.get_ylabel()
    assert axis.get_xlabel() or [label.get_text() for label in axis.get_xticklabels()] == NAMES
    title = axis.get_title(loc="left") or drawn.get_suptitle()
    assert title in shown[0][1]
    assert title


def test_many_numbers_are_told_by_first_and_last(shown):
    x = range(1, 42)
    plots.lines(x, {"seen": [1 / n for n in x]}, title="T", xlabel="n", ylabel="y")
    assert "seen: 1 at 1, 0.0244 at 41." in shown[0][1]
    assert "0.5" not in shown[0][1]


def test_many_series_are_told_by_their_range(shown):
    series = {f"the series number {n}": [n, n + 1] for n in range(20)}
    plots.lines([0, 1], series, title="T", xlabel="n", ylabel="y")
    assert shown[0][1] == "T. Lines of y against n: 20 series between 0 and 20."


def test_a_name_on_two_lines_is_told_on_one(shown):
    plots.bars(["no\ndetail"], {"seen": [0.5]}, title="T", ylabel="y")
    drawn, alt = shown[0]
    assert alt == "T. Bars of y: seen: 0.5 at no detail."
    assert [label.get_text() for label in drawn.axes[0].get_xticklabels()] == ["no\ndetail"]


def test_bars_stand_as_high_as_their_numbers_with_chance_and_intervals(shown):
    plots.bars(
        NAMES,
        {"one": [0.1, 0.9, 0.3], "both": [0.2, 0.8, 0.4]},
        intervals={"both": [(0.1, 0.3), (0.7, 0.9), (0.3, 0.5)]},
        chance=0.5,
        title="T",
        ylabel="accuracy",
    )
    drawn, alt = shown[0]
    axis = drawn.axes[0]
    heights = [[bar.get_height() for bar in group] for group in axis.containers]
    assert heights == [[0.1, 0.9, 0.3], [0.2, 0.8, 0.4]]
    spans = [segment[:, 1].tolist() for segment in axis.collections[0].get_segments()]
    assert spans == [[0.1, 0.3], [0.7, 0.9], [0.3, 0.5]]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == [
        "chance, 0.5",
        "one",
        "both",
    ]
    assert "Chance is 0.5." in alt


@pytest.mark.parametrize("number", [0.4, 0.0, -0.4])
@pytest.mark.parametrize("half", [None, 0.3])
def test_a_number_stands_beyond_its_bar_and_hides_the_end_of_no_line(shown, number, half):
    spans = None if half is None else {"s": [(number - half, number + half)]}
    plots.bars(["one"], {"s": [number]}, intervals=spans, title="T", ylabel="y")
    drawn = shown[0][0]
    FigureCanvasAgg(drawn).draw()
    (axis,) = drawn.axes
    box = axis.texts[0].get_bbox_patch()
    assert box is not None
    ends = (0, number - (half or 0), number + (half or 0))
    _, *places = axis.transData.transform([(0, 0), *((0, end) for end in ends)])[:, 1]
    edge = box.get_window_extent()
    if number < 0:
        assert edge.y1 < min(places)
    else:
        assert edge.y0 > max(places)


def test_the_chance_line_does_not_strike_through_the_number_above_a_bar(shown):
    plots.bars(["one"], {"s": [0.49]}, chance=0.5, title="T", ylabel="accuracy")
    axis = shown[0][0].axes[0]
    label = axis.texts[0]
    box = label.get_bbox_patch()
    assert box is not None
    assert box.get_facecolor() == (1, 1, 1, 1)
    assert label.zorder > max(line.zorder for line in axis.lines)


def test_a_log_chart_draws_a_power_as_a_straight_line(shown):
    CHARTS["lines"](log=True)
    axis = shown[0][0].axes[0]
    pixels = axis.transData.transform(axis.lines[0].get_xydata())
    slopes = np.diff(pixels[:, 1]) / np.diff(pixels[:, 0])
    assert slopes[0] == pytest.approx(slopes[1])


def test_matrix_colours_keep_one_scale_and_print_every_value(shown):
    CHARTS["matrix"]()
    drawn = shown[0][0]
    assert drawn.axes[0].images[0].get_clim() == (-1, 1)
    assert (drawn.axes[0].get_ylabel(), drawn.axes[0].get_xlabel()) == ("picture", "caption")
    assert [text.get_text() for text in drawn.axes[0].texts] == ["0.50", "-1.00", "0.25"]
    assert len(drawn.axes) == 2, "the colour bar"


def test_a_value_that_rounds_to_zero_has_no_sign(shown):
    plots.similarity_matrix([[-1e-9]], ["a"], ["b"], title="T")
    assert shown[0][0].axes[0].texts[0].get_text() == "0.00"


def test_a_large_matrix_prints_no_values(shown):
    plots.similarity_matrix(np.zeros((11, 10)), ["r"] * 11, ["c"] * 10, title="T")
    assert len(shown[0][0].axes[0].texts) == 0


def test_a_tall_matrix_is_told_by_its_range(shown):
    plots.similarity_matrix(np.arange(21)[:, None] / 20, ["r"] * 21, ["c"], title="T")
    assert shown[0][1] == "T. Matrix of 21 by 1 similarities, from 0.00 to 1.00."


def test_arrow_panels_share_one_scale(shown):
    plots.arrows([{"u": [1, 0], "v": [0, 2]}, {"u": [-3, 0]}], title="T")
    first, second = shown[0][0].axes
    assert first.get_xlim() == second.get_xlim()
    assert first.get_xlim()[0] < -3
    assert "cosine 0.00, 90°." in shown[0][1]


def test_reach_fixes_the_axes():
    drawn, _ = plots.draw_arrows({"u": [1, 0]}, title="T", reach=2)
    assert drawn.axes[0].get_xlim() == drawn.axes[0].get_ylim() == (-2, 2)


def test_an_arrow_may_start_elsewhere(shown):
    plots.arrows({"u": [3, 4], "v": [4, 3], "push": [[3, 4], [5, 3]]}, title="T")
    drawn, alt = shown[0]
    assert (
        alt
        == "T. Arrow u to (3, 4), v to (4, 3), push from (3, 4) to (5, 3): cosine 0.96, 16°."
    )
    tips = [(text.xy, text.xyann) for text in drawn.axes[0].texts if not text.get_text()]
    assert [(tuple(tip), tuple(start)) for tip, start in tips][2] == ((5, 3), (3, 4))


def test_the_cosine_of_two_arrows_of_three_says_which(shown):
    plots.arrows({"u": [3, 4], "v": [4, 3], "w": [1, 0]}, title="T")
    assert shown[0][0].axes[0].get_title() == "u and v: cos 0.96, angle 16°"


def test_all_arrows_are_equally_wide(shown):
    plots.arrows({"u": [3, 4], "v": [4, 3], "w": [1, 0]}, title="T")
    texts = [text for text in shown[0][0].axes[0].texts if not text.get_text()]
    assert len({text.arrow_patch.get_linewidth() for text in texts}) == 1


def test_a_cosine_just_below_0_has_no_sign(shown):
    plots.arrows({"u": [1, 0], "v": [-1e-4, 1]}, title="T")
    assert shown[0][0].axes[0].get_title() == "cos 0.00, angle 90°"
    assert "cosine 0.00, 90°." in shown[0][1]


def test_a_zero_arrow_has_no_cosine(shown):
    plots.arrows({"u": [1, 0], "v": [0, 0]}, title="T")
    assert "cosine" not in shown[0][1]


def test_pictures_are_neither_smoothed_nor_changed(shown):
    plots.pictures([NOISE] * 5, list("abcde"), alt="Five times the same noise.", columns=3)
    drawn, alt = shown[0]
    assert alt == "Five times the same noise."
    images = [axis.images[0] for axis in drawn.axes if axis.images]
    assert len(images) == 5
    assert {image.get_interpolation() for image in images} == {"nearest"}
    times = 340 // 7  # 1.7 inches of 200 pixels
    np.testing.assert_array_equal(images[4].get_array()[::times, ::times], NOISE)
    assert images[4].get_array().shape == (7 * times, 11 * times, 3)
    assert drawn.axes[4].get_title() == "e"


def test_a_small_picture_is_drawn_pixel_by_pixel(displayed):
    colours = np.array([[[200, 0, 0], [0, 0, 200], [0, 150, 0]]], dtype=np.uint8)
    shown = displayed(lambda: plots.pictures([colours], alt="Red, blue, green.", inches=0.05))
    with Image.open(BytesIO(shown[0][0]["image/png"])) as file:
        pixels = np.asarray(file.convert("RGB"))
    for colour in colours[0]:  # one pixel of ten by ten: 0.05 inches
        rows, columns = np.nonzero((pixels == colour).all(axis=-1))
        assert (np.ptp(rows), np.ptp(columns), len(rows)) == (9, 9, 100)


def test_a_picture_that_is_too_large_is_made_smaller(shown):
    plots.pictures([np.full((400, 200, 3), 0.5)], alt="Plain grey all over.", inches=1)
    image = shown[0][0].axes[0].images[0].get_array()
    assert image.shape == (200, 100, 3)
    assert set(image.ravel().tolist()) == {128}


def test_sounds_have_units_a_shared_scale_and_unsmoothed_bands(shown):
    quiet, loud = np.array([[-13.0, -2.0]]), np.array([[-5.0, 3.0], [0.0, 1.0]])
    steps = np.array([0, 16_384, -32_768, 0], dtype=np.int16)
    plots.sounds(
        {"q": (steps, quiet), "l": (steps / 32_768, loud)}, sr=8, alt="Two short sounds."
    )
    drawn = shown[0][0]
    waves, spectra, bar = drawn.axes[:2], drawn.axes[2:4], drawn.axes[4]
    for wave in waves:
        assert wave.get_ylabel() == "share of full scale"
        np.testing.assert_allclose(wave.lines[0].get_xdata(), [0, 1 / 8, 2 / 8, 3 / 8])
        np.testing.assert_allclose(wave.lines[0].get_ydata(), [0, 0.5, -1, 0])
    for axis, spectrum in zip(spectra, (quiet, loud), strict=True):
        assert (axis.get_xlabel(), axis.get_ylabel()) == ("time (s)", "mel band (number)")
        assert axis.images[0].get_clim() == (-13, 3)
        assert axis.images[0].get_interpolation() == "nearest"
        assert tuple(axis.images[0].get_extent()) == (0, 0.5, 0, len(spectrum))
        np.testing.assert_array_equal(axis.images[0].get_array(), spectrum)
    assert bar.get_ylabel() == "log power (nats)"
    assert [wave.get_title(loc="left") for wave in waves] == ["q", "l"]


def test_pitches_stand_beside_their_bands(shown):
    clip = (np.zeros(16), np.zeros((5, 3)))
    plots.sounds({"a": clip}, sr=8, pitches={0: 37.4, 3: 1234.5}, alt="A short sound.")
    below = shown[0][0].axes[1]
    assert below.get_ylabel() == "pitch (Hz)"
    np.testing.assert_allclose(below.get_yticks(), [0.5, 3.5])
    assert [text.get_text() for text in below.get_yticklabels()] == ["37", "1,234"]


def test_sounds_share_time_and_loudness(shown):
    short, long = np.array([0.5, -0.25]), np.array([0, 0.1, 0, 0.1])
    spectrum = np.zeros((3, 5))
    plots.sounds({"s": (short, spectrum), "l": (long, spectrum)}, sr=8, alt="Two short sounds.")
    waves, spectra = shown[0][0].axes[:2], shown[0][0].axes[2:4]
    assert [axis.get_xlim() for axis in (*waves, *spectra)] == [(0, 0.5)] * 4
    for wave in waves:
        np.testing.assert_allclose(wave.get_ylim(), (-0.55, 0.55))


def test_spans_name_what_is_heard_over_the_spectrogram(shown):
    clip = (np.zeros(16), np.zeros((3, 5)))
    plots.sounds(
        {"a": clip, "b": clip}, sr=8, alt="Two short sounds.",
        spans={"b": [("car", 0, 0.5), ("dog", 1.25, 2)]},
    )  # fmt: skip
    first, second = shown[0][0].axes[2:4]
    assert [text.get_text() for text in first.texts] == []
    assert [text.get_text() for text in second.texts] == ["car", "dog"]
    assert [list(line.get_xdata()) for line in second.lines] == [[0, 0.5], [1.25, 2]]
    assert min(text.get_position()[1] for text in second.texts) > 1, "above the colours"


def test_shares_have_colours_from_0_to_1(shown):
    CHARTS["matrix"](limits=(0, 1))
    image = shown[0][0].axes[0].images[0]
    assert image.get_clim() == (0, 1)
    assert image.cmap(0.0)[:3] == pytest.approx((1, 1, 1), abs=0.02), "none at all is white"


def test_the_colour_bar_of_a_matrix_says_what_is_measured(shown):
    CHARTS["matrix"]()
    CHARTS["matrix"](measure="dot product")
    assert [drawn.axes[1].get_ylabel() for drawn, _ in shown] == ["cosine", "dot product"]


def test_tensors_are_welcome(shown):
    plots.similarity_matrix(torch.eye(2), ["a", "b"], ["c", "d"], title="T")
    plots.pictures([torch.zeros(5, 3, 3)], alt="A black picture.")
    assert len(shown) == 2


def test_captions_are_safe_to_put_into_a_page(displayed):
    drawn, _ = figure.blank()
    _, (caption, _) = displayed(lambda: plots.show(drawn, "A < B & C are three signs."))
    assert caption["text/html"] == "<p><em>A &lt; B &amp; C are three signs.</em></p>"


def test_what_is_left_of_a_longer_text_folds_away(displayed):
    drawn, _ = figure.blank()
    alt = "It falls to 0.5. Chance is 0.25."
    _, (caption, _) = displayed(lambda: plots.show(drawn, alt))
    assert caption["text/html"] == (
        "<p><em>It falls to 0.5.</em></p>"
        f"<details><summary>More</summary><p>{alt}</p></details>"
    )


def test_a_stored_text_is_cut_between_words(displayed):
    drawn, _ = figure.blank()
    (_, known), _ = displayed(lambda: plots.show(drawn, "many words " * 60 + "end."))
    alt = known["image/png"]["alt"]
    assert len(alt) <= 300
    assert alt.endswith("many words …")


def test_sliders_draw_the_figure_again():
    asked = []

    def draw(angle, length):
        asked.append((angle, length))
        return plots.draw_arrows({"u": [length, angle]}, title="T")

    box = plots.explore(draw, angle=(0, 180, 60), length=(0.5, 2, 1))
    before = box.children[-1].value
    box.children[0].value = 90
    assert asked == [(60, 1), (90, 1)]
    assert [slider.step for slider in box.children[:2]] == [1, 0.01]
    assert "Arrow u to (1, 60)." in before
    assert 'alt="T. Arrow u to (1, 90)."' in box.children[-1].value


def test_sliders_leave_their_first_picture_behind():
    box = plots.explore(
        lambda angle: plots.draw_arrows({"u": [1, angle]}, title="T"), angle=(0, 180, 60)
    )
    box.children[0].value = 90
    data, known = box._repr_mimebundle_()
    assert set(data) == {WIDGET, "image/png", "text/plain"}
    assert data["text/plain"] == "Figure: T. Arrow u to (1, 60)."
    assert known["image/png"]["alt"] == "T. Arrow u to (1, 60)."
    with Image.open(BytesIO(data["image/png"])) as file:
        assert file.mode == "P"
        assert known["image/png"]["width"] == file.width // 2


def test_a_live_picture_is_shown_at_half_its_size():
    box = plots.explore(
        lambda angle: plots.draw_arrows({"u": [1, angle]}, title="T"), angle=(0, 180, 60)
    )
    width = box._repr_mimebundle_()[1]["image/png"]["width"]
    assert f'width="{width}"' in box.children[-1].value


def test_plots_need_neither_a_display_nor_torch():
    code = (
        "import sys; from mmcourse import plots; "
        "plots.arrows({'u': [1, 2]}, title='T'); "
        "loaded = {'torch', 'matplotlib.pyplot', 'tkinter'} & set(sys.modules); "
        "sys.exit(', '.join(loaded) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
