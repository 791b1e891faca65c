"""The drawing surface: its geometry against hand counts, areas and each other."""

import math
from itertools import combinations
from random import Random

import numpy as np
import pytest

from mmcourse.world import SIGN_WORDS
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.lettering import STROKES, write
from mmcourse.world.looks.outlines import (
    circle,
    grown,
    ribbon,
    rounded_box,
    smooth,
    whole_moved,
)
from mmcourse.world.looks.styles import grained, washed
from mmcourse.world.looks.tones import brightness, darker, light_tone, lighter, mix
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import COLOURS

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (222, 44, 52)


def stencilled(draw, height=40, width=60, fineness=3):
    """Return the share of every pixel that the drawing covers."""
    canvas = Canvas(height, width, fineness, labels=True)
    with canvas.stencil(1):
        draw(canvas)
    return canvas.shares(1)[0]


def area(outline):
    turned = [*outline[1:], outline[0]]
    return (
        sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(outline, turned, strict=True)) / 2
    )


def test_rectangle_covers_the_pixels_counted_by_hand():
    canvas = Canvas(4, 8, 1)
    canvas.rectangle((0.5, 0.25, 1.0, 0.5), WHITE)
    picture = canvas.pixels()[:, :, 0]
    # corners at x = 2 and 4, y = 1 and 2; both end pixels belong to the shape
    expected = np.zeros((4, 8), np.uint8)
    expected[1:3, 2:5] = 255
    assert picture.tolist() == expected.tolist()


@pytest.mark.parametrize("mirrored", [False, True])
def test_upright_rectangle_fills_the_same_pixels_as_the_polygon(mirrored):
    def boxes(shape):
        canvas, chance = Canvas(50, 70, 3), Random(3)
        for _ in range(40):
            left, top = chance.random(), chance.random()
            box = (left, top, left + 0.4 * chance.random(), top + 0.3 * chance.random())
            colour = (int(255 * chance.random()), 90, 30)
            with canvas.placed((0.2, 0.1), 0.77, mirrored=mirrored):
                shape(canvas, box, colour)
        return canvas.pixels()

    def as_polygon(canvas, box, colour):
        left, top, right, bottom = box
        canvas.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    assert np.array_equal(boxes(Canvas.rectangle), boxes(as_polygon))


def test_ellipse_has_the_area_of_an_ellipse():
    # 2 % for its corners being cut and its edge being rounded to fine pixels
    for tilt in (0.0, 0.9):
        shares = stencilled(
            lambda canvas, tilt=tilt: canvas.ellipse((0.7, 0.5), (0.4, 0.2), RED, tilt=tilt),
            height=120,
            width=170,
        )
        assert shares.sum() == pytest.approx(math.pi * 0.4 * 0.2 * 120**2, rel=0.02)


def test_placed_moves_scales_mirrors_and_turns():
    def spot(**how):
        def draw(canvas):
            with canvas.placed((0.75, 0.5), 0.25, **how):
                canvas.rectangle((0.8, -0.2, 1.2, 0.2), RED)

        rows, columns = np.nonzero(stencilled(draw, 80, 120) > 0.5)
        return columns.mean() / 80, rows.mean() / 80

    # the spot lies one unit (0.25 picture heights) to the right of (0.75, 0.5); 0.01 is 1 pixel
    assert spot() == pytest.approx((1.0, 0.5), abs=0.01)
    assert spot(mirrored=True) == pytest.approx((0.5, 0.5), abs=0.01)
    assert spot(tilt=math.pi / 2) == pytest.approx((0.75, 0.75), abs=0.01)
    assert spot(mirrored=True, tilt=0.5) == pytest.approx(
        (0.75 - 0.25 * math.cos(0.5), 0.5 - 0.25 * math.sin(0.5)), abs=0.01
    )


def test_frames_nest_and_end():
    def draw(canvas):
        with canvas.placed((0.5, 0.5), 0.5), canvas.placed((1, 0), 0.5):
            canvas.rectangle((-0.2, -0.2, 0.2, 0.2), RED)
        canvas.rectangle((0.1, 0.1, 0.2, 0.2), RED)

    shares = stencilled(draw, 100, 150) > 0.5
    assert shares[50, 100]
    assert shares[15, 15]
    assert shares.sum() == pytest.approx(2 * 10 * 10, rel=0.1)  # both are 10 pixels wide


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_thinnest_line_is_a_pixel_wide(slope):
    shares = stencilled(
        lambda canvas: canvas.line([(0.2, 0.3), (1.2, 0.3 + 0.4 * slope)], 0.0, RED)
    )
    length = math.hypot(1.0, 0.4 * slope) * 40
    # 1.1 pixels, and up to 2/3 more for its two edges being rounded to thirds of a pixel
    assert 1.0 <= shares.sum() / length <= 1.8


def test_curve_passes_through_its_corners_and_a_blob_around_its_middle():
    corners = ((0.2, 0.2), (0.6, 0.8), (1.0, 0.3), (1.3, 0.7))
    for x, y in corners:
        assert any(
            math.dist((x, y), point) < 1e-9 for point in smooth(corners, 5, closed=False)
        )
    square = ((0.3, 0.2), (1.1, 0.2), (1.1, 0.8), (0.3, 0.8))
    shares = stencilled(lambda canvas: canvas.blob(square, RED))
    # Catmull-Rom bulges out between two corners by 1/8 of the next side: here to row 5 of 40
    assert shares[20, 28] == 1
    assert shares[6, 28] == 1
    assert shares[3, 28] == 0


def test_gradient_runs_from_one_colour_to_the_other():
    canvas = Canvas(50, 30, 2)
    canvas.gradient(0.2, 0.8, (10, 200, 30), (250, 40, 30))
    column = canvas.pixels()[:, 7].astype(int)
    assert np.abs(column[10] - (10, 200, 30)).max() <= 3  # each row moves by 4 of 255
    assert np.abs(column[39] - (250, 40, 30)).max() <= 3
    assert (np.diff(column[10:40, 0]) > 0).all()
    assert (np.diff(column[10:40, 1]) < 0).all()
    assert column[9].tolist() == column[40].tolist() == [0, 0, 0]


def test_glaze_lets_what_is_below_shine_through():
    canvas = Canvas(20, 20, 2)
    canvas.rectangle((0, 0, 1, 1), (200, 100, 0))
    with canvas.see_through(0.25):
        canvas.rectangle((0, 0, 1, 1), (0, 100, 200))
    canvas.rectangle((0, 0, 0.5, 1), WHITE)
    picture = canvas.pixels().astype(int)
    assert np.abs(picture[10, 15] - (150, 100, 50)).max() <= 1  # opacity is kept as n / 255
    assert picture[10, 5].tolist() == [255, 255, 255]


def test_fade_keeps_its_share_of_what_was_drawn_since():
    canvas = Canvas(20, 20, 2)
    canvas.rectangle((0, 0, 1, 1), (200, 100, 0))
    before = canvas.snapshot()
    canvas.rectangle((0, 0, 0.5, 1), (0, 100, 200))
    canvas.fade(before, 0.25)
    picture = canvas.pixels().astype(int)
    assert np.abs(picture[10, 5] - (150, 100, 50)).max() <= 1
    assert picture[10, 15].tolist() == [200, 100, 0]


def test_stencil_replaces_every_colour_and_grows_every_shape():
    def width(growth):
        canvas = Canvas(100, 100, 2)
        with canvas.stencil((9, 8, 7), growth):
            canvas.rectangle((0.4, 0.4, 0.6, 0.6), RED)
        picture = canvas.pixels()
        assert set(map(tuple, picture.reshape(-1, 3).tolist())) >= {(9, 8, 7), (0, 0, 0)}
        return (picture[50, :, 0] == 9).sum()

    assert width(0.05) - width(0.0) == 10  # 5 pixels at each end


def test_contour_is_drawn_around_shapes_with_an_edge():
    canvas = Canvas(100, 100, 2)
    with canvas.dressed(lambda colour: mix(colour, WHITE, 0.5), ((1, 2, 3), 0.05)):
        canvas.rectangle((0.3, 0.3, 0.7, 0.7), (100, 100, 100))
        canvas.rectangle((0.45, 0.45, 0.55, 0.55), (0, 0, 0), edge=False)
    row = canvas.pixels()[50].tolist()
    assert row[20] == [0, 0, 0]
    assert row[27] == [1, 2, 3]
    assert row[35] == [178, 178, 178]
    assert row[50] == [128, 128, 128]


def test_shares_count_fine_pixels():
    canvas = Canvas(3, 5, 4, labels=True)
    with canvas.stencil(2):
        canvas.polygon([(0, 0), (2 / 12, 0), (2 / 12, 1 / 12), (0, 1 / 12)], RED)
    shares = canvas.shares(2)
    assert shares.shape == (2, 3, 5)
    assert shares[1, 0, 0] == 6 / 16  # 3 x 2 of its 4 x 4 fine pixels, by hand
    assert shares.sum() == 6 / 16


def test_grown_square_is_larger_by_its_growth_on_every_side():
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
    for outline in (square, square[::-1]):
        corners = sorted(grown(outline, 0.5))
        expected = [(-0.5, -0.5), (-0.5, 4.5), (4.5, -0.5), (4.5, 4.5)]
        assert np.allclose(corners, expected)


def test_ribbon_is_as_wide_as_asked_along_a_bend():
    bend = ((0.0, 0.0), (3.0, 0.0), (3.0, 3.0))
    # two arms 3 long and 1 wide that share a corner, and two half discs of diameter 1
    expected = 6 + math.pi / 4
    assert abs(area(ribbon(bend, 0.5))) == pytest.approx(expected, abs=0.1)  # caps have 5 sides


def test_rounded_box_stays_in_its_box_and_loses_only_its_corners():
    outline = rounded_box((1, 2, 5, 4), 0.5)
    xs, ys = zip(*outline, strict=True)
    assert np.allclose((min(xs), max(xs), min(ys), max(ys)), (1, 5, 2, 4))
    assert area(outline) == pytest.approx(
        8 - (4 - math.pi) * 0.25, abs=0.05
    )  # quarters: 3 sides


def test_circles_get_enough_corners_to_look_round():
    # the middle of a side lies less than 3/4 of a fine pixel inside the true circle
    for radius in (1, 3, 6, 12, 30, 60, 200, 400):
        corners = circle(radius)
        assert radius * (1 - math.cos(math.pi / len(corners))) < 0.75
        assert np.allclose([math.hypot(x, y) for x, y in corners], 1)


def test_ties_round_up_whatever_the_last_bit_of_a_sine():
    nearly = [(0.5, 1.5 - 1e-12), (2.5 + 1e-12, -0.4)]
    assert whole_moved(nearly, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)) == [1, 2, 3, 0]


def test_every_letter_is_drawn_and_no_two_look_alike():
    def drawn(letter):
        return stencilled(
            lambda canvas: write(canvas, letter, (0.1, 0.1, 0.9, 0.9), RED), height=14, width=14
        )

    shapes = {letter: drawn(letter) for letter in STROKES}
    assert len(shapes) == 26
    for first, second in combinations(shapes, 2):
        assert np.abs(shapes[first] - shapes[second]).sum() > 4, (first, second)


@pytest.mark.parametrize("word", SIGN_WORDS)
def test_a_word_fills_its_box_and_stays_in_it(word):
    box = (0.2, 0.3, 1.3, 0.7)
    shares = stencilled(lambda canvas: write(canvas, word, box, RED), height=100, width=150)
    rows, columns = np.nonzero(shares)
    assert columns.min() >= 19
    assert columns.max() <= 131
    assert rows.min() >= 29
    assert rows.max() <= 71
    assert np.ptp(columns) > 70 or np.ptp(rows) > 30  # as large as one of its sides allows


def test_a_letter_we_lack_is_named():
    with pytest.raises(ValueError, match=r"letters a to z; got 'b4' with '4'"):
        write(Canvas(20, 20, 1), "b4", (0, 0, 1, 1), RED)


def test_the_empty_word_writes_nothing():
    assert not stencilled(lambda canvas: write(canvas, "", (0, 0, 1, 1), RED)).any()


def test_shading_keeps_the_order_of_brightness():
    for colour in COLOURS.values():
        assert brightness(darker(colour)) < brightness(colour) < brightness(lighter(colour)) + 1
    assert mix(RED, BLACK, 0) == RED
    assert mix(RED, BLACK, 1) == BLACK
    assert light_tone((0, 0, 255), 0.5)((100, 100, 100)) == (50, 50, 100)


def test_styles_pale_a_picture_without_turning_light_and_dark_about():
    greys = np.repeat(np.arange(0, 231, 10, dtype=np.uint8)[None, :, None], 3, axis=2)
    picture = np.repeat(greys, 5, axis=0)
    faded = washed(picture).astype(int)
    assert (np.diff(faded[0, :, 0]) > 0).all()
    assert np.ptp(faded) == np.ptp(picture) / 2
    lifted = grained(picture).astype(int) - picture
    assert lifted.min() == 0
    assert 0.3 < (lifted[:, :20] > 0).mean() < 0.37  # every third stroke


def test_looks_repeat_and_differ():
    def choices(look):
        variety = Variety(look)
        return [variety.between(2, 3), variety.pick("abcdef"), variety.chance(0.5)]

    assert choices(5) == choices(5)
    assert len({str(choices(look)) for look in range(20)}) == 20
    shares = [Variety(look).chance(0.2) for look in range(2000)]
    assert 0.16 < np.mean(shares) < 0.24  # 4.5 standard errors of 0.009


def test_surface_is_averaged_exactly():
    canvas = Canvas(6, 9, 3)
    canvas.blob([(0.1, 0.1), (1.3, 0.2), (1.1, 0.9), (0.3, 0.8)], (211, 17, 93))
    fine = np.array(canvas.snapshot()).astype(float)
    means = fine.reshape(6, 3, 9, 3, 3).mean(axis=(1, 3))
    # Pillow divides by 9 in fixed point, which takes 5/9 down instead of up
    assert np.abs(canvas.pixels() - means).max() <= 5 / 9 + 1e-9
