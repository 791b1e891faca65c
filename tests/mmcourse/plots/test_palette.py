"""Files of figures: small where that is not seen, true where it would be."""

from io import BytesIO

import numpy as np
from PIL import Image

from mmcourse.plots.palette import FEW, LARGEST_TRUE, UNSEEN, compressed, fitted


def read(file):
    with Image.open(BytesIO(file)) as picture:
        return picture.mode, np.asarray(picture.convert("RGB")).astype(int)


def test_few_colours_fit_into_a_palette():
    pixels = np.zeros((90, 110, 3), dtype=np.uint8)
    pixels[:, :50], pixels[:30] = [255, 255, 255], [0, 114, 178]
    mode, seen = read(compressed(pixels))
    assert mode == "P"
    np.testing.assert_array_equal(seen, pixels)


def test_a_drawn_sky_keeps_its_colours():
    pixels = np.zeros((64, 96, 3), dtype=np.uint8)
    pixels[..., 0] = np.arange(64)[:, None] * 4
    pixels[..., 2] = np.arange(96) * 2
    mode, seen = read(compressed(pixels))
    assert mode == "RGB"
    np.testing.assert_array_equal(seen, pixels)


def test_a_large_photograph_makes_do_with_a_palette(rng):
    pixels = rng.integers(0, 256, (300, 400, 3)).astype(np.uint8)
    pixels[:50], pixels[50:60] = 255, 0
    file = compressed(pixels)
    mode, seen = read(file)
    assert mode == "P"
    assert len(file) < 1.1 * 300 * 400
    assert (seen[:50] == 255).all(), "white stays white"
    assert (seen[50:60] == 0).all()
    assert np.abs(seen - pixels).mean() < 25
    assert len(file) > LARGEST_TRUE > 0


def test_a_colour_moves_only_where_nobody_sees_it():
    pixels = np.full((40, 300, 3), 255, dtype=np.uint8)
    pixels[:, :, 1] = np.linspace(0, 255, 300)
    pixels[:20, :, 2] = np.linspace(255, 0, 300)
    mode, seen = read(compressed(pixels))
    assert (np.abs(seen - pixels) > (UNSEEN if mode == "P" else 0)).mean() <= FEW


def test_a_few_mixed_colours_do_not_cost_a_chart_its_palette(rng):
    pixels = np.full((300, 300, 3), 255, dtype=np.uint8)
    pixels[0] = rng.integers(0, 256, (300, 3))
    assert read(compressed(pixels))[0] == "P"
    pixels[:10] = rng.integers(0, 256, (10, 300, 3))
    assert read(compressed(pixels))[0] == "RGB"


def test_each_pixel_takes_the_nearest_colour():
    pixels = np.array([[[10, 0, 0], [0, 0, 240], [120, 130, 140]]], dtype=np.uint8)
    palette = np.array([[0, 0, 0], [0, 0, 255], [128, 128, 128]], dtype=np.uint8)
    assert fitted(pixels, palette).convert("RGB").tobytes() == palette.tobytes()
