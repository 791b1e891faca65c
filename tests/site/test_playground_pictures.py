"""The playground's pictures against mmcourse: every shape, every format, the drawn ones."""

import base64
import io

import numpy as np
import pytest
import torch
from pages import playground
from PIL import Image
from playing import ask, stored

from mmcourse import clip, similarity
from mmcourse.images import open_rgb
from mmcourse.world import render, sample_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SQUARES = (64, 65, 100, 200, 333)
OBLONGS = (
    (301, 187),
    (90, 333),
    (333, 90),
    (128, 192),
    (100, 201),
    (40, 200),
    (70, 80),
    (3, 99),
)


@pytest.fixture(scope="module")
def page(kept):
    return kept


def test_the_sheet_shows_the_pictures_whose_features_are_stored(folder, model):
    corners = {i: (96 * (i % 20), 96 * (i // 20)) for i in (0, 19, 20, 137, 299)}
    with Image.open(folder / "pictures.webp") as sheet:
        cells = [sheet.crop((x, y, x + 96, y + 96)) for x, y in corners.values()]
    with torch.inference_mode():
        seen = model.encode_image(torch.stack([clip.preprocess(cell, 64) for cell in cells]))
    known = torch.from_numpy(stored(folder)[list(corners)])
    assert similarity.paired_cosine(seen, known).min() > 0.9  # a WebP loses a little


def drawn(width, height, seed=0):
    """Return a drawn picture of this size: the middle of a larger one, or noise beside it."""
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(render(sample_scene(rng, split="test"), max(width, height)))
    return picture.crop((0, 0, width, height))


def as_file(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def seen_in_both(page, model, files):
    """Return pixels and unit vectors of picture files, from the page and from Python."""
    look = """async (files) => {
      const seen = [];
      for (const file of files) {
        const blob = new Blob([bytesOf(file)]);
        const pixels = pixelsOf(await decoded(blob), PAGE.settings);
        seen.push([[...pixels], [...unit(await PAGE.imageFeatures(blob))]]);
      }
      return seen;
    }"""
    found = ask(page, look, [base64.b64encode(file).decode() for file in files])
    pixels, vectors = (np.array(each) for each in zip(*found, strict=True))
    expected = torch.stack([clip.preprocess(open_rgb(io.BytesIO(file)), 64) for file in files])
    with torch.inference_mode():
        vectors_expected = similarity.l2_normalize(model.encode_image(expected)).numpy()
    return pixels, expected.flatten(1).numpy(), vectors, vectors_expected


def test_pictures_of_any_shape_are_seen_as_python_sees_them(page, model):
    sizes = [*zip(SQUARES, SQUARES, strict=True), *OBLONGS]
    files = [as_file(drawn(*size, seed), "PNG") for seed, size in enumerate(sizes)]
    pixels, expected, vectors, vectors_expected = seen_in_both(page, model, files)
    np.testing.assert_allclose(pixels, expected, atol=1e-5)
    np.testing.assert_allclose(vectors, vectors_expected, atol=1e-5)


def formats():
    """Return pictures in files of fifteen kinds, by name."""
    picture = drawn(120, 90)
    alpha = Image.linear_gradient("L").resize(picture.size)
    see_through = picture.copy()
    see_through.putalpha(alpha)
    turned = Image.Exif()
    turned[0x0112] = 6
    return {
        "PNG": as_file(picture, "PNG"),
        "palette": as_file(picture.quantize(32), "PNG"),
        "grey": as_file(picture.convert("L"), "PNG"),
        "black and white": as_file(picture.convert("1"), "PNG"),
        "alpha": as_file(see_through, "PNG"),
        "grey with alpha": as_file(see_through.convert("LA"), "PNG"),
        "JPEG": as_file(picture, "JPEG", quality=90),
        "progressive": as_file(picture, "JPEG", progressive=True, subsampling=0),
        "grey JPEG": as_file(picture.convert("L"), "JPEG"),
        "turned": as_file(picture, "JPEG", exif=turned),
        "WebP": as_file(picture, "WEBP", quality=80),
        "lossless": as_file(see_through, "WEBP", lossless=True),
        "AVIF": as_file(picture, "AVIF"),
        "GIF": as_file(picture, "GIF"),
        "BMP": as_file(picture, "BMP"),
    }


def test_pictures_of_every_format_are_seen_as_python_sees_them(page, model):
    files = formats()
    pixels, expected, vectors, vectors_expected = seen_in_both(
        page, model, list(files.values())
    )
    assert len(files) >= 10
    np.testing.assert_allclose(pixels, expected, atol=1e-5)
    np.testing.assert_allclose(vectors, vectors_expected, atol=1e-5)


def test_greys_of_sixteen_bits_are_rounded_otherwise(page, model):
    greys = np.asarray(drawn(90, 90).convert("L")).astype(np.uint16)
    file = as_file(Image.fromarray(257 * greys + 128), "PNG")  # half a level above
    pixels, expected, vectors, vectors_expected = seen_in_both(page, model, [file])
    assert np.abs(pixels - expected).max() < 2.1 / 255 / 0.26  # a level each, then resampled
    assert (vectors * vectors_expected).sum() > 0.999


def test_the_same_weights_give_the_same_files(folder, tmp_path):
    playground.export(tmp_path)
    files = [
        path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*")) if path.is_file()
    ]
    assert {"index.html", "style.css", "pictures.webp"} <= {str(name) for name in files}
    assert all((tmp_path / f).read_bytes() == (folder / f).read_bytes() for f in files)
