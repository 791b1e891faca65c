"""TIFFs of every depth, against what was put in and against a second decoder, tifffile."""

import struct

import numpy as np
import pytest
import tifffile
from PIL import Image

from mmcourse.images import UnreadableImageError, open_rgb

UPRIGHT = {  # how a viewer turns and mirrors what the file holds
    1: lambda x: x,
    2: np.fliplr,
    3: lambda x: np.rot90(x, 2),
    4: np.flipud,
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: np.rot90(x, -1),
    7: lambda x: np.rot90(x, 2).swapaxes(0, 1),
    8: np.rot90,
}
GREYS = {"minisblack": lambda x: x, "miniswhite": lambda x: 1 - x}
KINDS = ["L", "RGB", "RGBA", "1"]
WAYS = [(tile, zipped) for tile in (None, (16, 32)) for zipped in (None, "zlib")]


def both_ways(path):
    """Return the pixels of a file, opened by its name and as a file."""
    with path.open("rb") as file:
        return np.asarray(open_rgb(path)), np.asarray(open_rgb(file))


def drawn(rng, kind):
    """Return a picture of 64 × 48 whose transparency, if it has one, hides nothing."""
    noise = rng.integers(0, 256, (48, 64, 3)).astype(np.uint8)
    return Image.fromarray(noise).convert(kind)


def by_hand(path, packed, *, width, height, bits):
    """Write a TIFF of one strip from its packed numbers (TIFF 6.0, section 2)."""
    entries = [
        (256, width), (257, height), (258, bits), (259, 1), (262, 1),
        (273, 8), (277, 1), (278, height), (279, len(packed)),
    ]  # fmt: skip
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    start = struct.pack("<2sHI", b"II", 42, 8 + len(packed))
    path.write_bytes(start + packed + struct.pack("<H", len(entries)) + directory + bytes(4))
    return path


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
def test_uncompressed_tiff_is_turned_not_scrambled(
    kind, orientation, compression, rng, tmp_path
):
    picture = drawn(rng, kind)
    picture.save(tmp_path / "o.tif", tiffinfo={274: orientation}, compression=compression)
    expected = UPRIGHT[orientation](np.asarray(picture.convert("RGB")))
    for opened in both_ways(tmp_path / "o.tif"):
        np.testing.assert_array_equal(opened, expected)


def test_grey_of_12_bits_reaches_white(tmp_path):
    # Two numbers are three bytes: 0 and 4095, 2056 (0x808) and 1028 (0x404).
    packed = bytes([0x00, 0x0F, 0xFF, 0x80, 0x84, 0x04])
    path = by_hand(tmp_path / "12.tif", packed, width=2, height=2, bits=12)
    for opened in both_ways(path):
        np.testing.assert_array_equal(opened[..., 0], [[0, 255], [128, 64]])


@pytest.mark.parametrize(("tile", "zipped"), WAYS)
@pytest.mark.parametrize("meaning", GREYS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_white_is_zero_of_every_depth(dtype, meaning, tile, zipped, rng, tmp_path):
    most = np.iinfo(dtype).max
    stored = rng.integers(0, most + 1, (48, 80)).astype(dtype)
    how = {"photometric": meaning, "tile": tile, "compression": zipped}
    tifffile.imwrite(tmp_path / "grey.tif", stored, **how)
    expected = 255 * GREYS[meaning](tifffile.imread(tmp_path / "grey.tif") / most)
    for opened in both_ways(tmp_path / "grey.tif"):
        np.testing.assert_allclose(opened, np.stack([expected] * 3, 2), atol=0.501)  # rounded


@pytest.mark.parametrize(("tile", "zipped"), WAYS)
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_planes_and_tiles_are_read_or_refused(dtype, planes, tile, zipped, rng, tmp_path):
    most = np.iinfo(dtype).max
    colours = rng.integers(0, most + 1, (48, 80, 3)).astype(dtype)
    stored = np.moveaxis(colours, 2, 0) if planes == "separate" else colours
    how = {"photometric": "rgb", "planarconfig": planes, "tile": tile, "compression": zipped}
    path = tmp_path / "colours.tif"
    tifffile.imwrite(path, stored, **how)
    if dtype == np.uint16 and planes == "separate" and zipped is None:
        with pytest.raises(UnreadableImageError, match="colours of 16 bits that stand apart"):
            open_rgb(path)
        return
    for opened in both_ways(path):  # Pillow keeps the upper 8 of 16 bits
        np.testing.assert_array_equal(opened, colours >> (8 * (dtype == np.uint16)))


def test_greys_of_16_bits_with_the_high_byte_first(tmp_path):
    stored = np.array([[0, 257, 65535]], dtype=np.uint16)
    tifffile.imwrite(tmp_path / "big.tif", stored, byteorder=">", photometric="minisblack")
    assert open_rgb(tmp_path / "big.tif").tobytes() == bytes([0, 0, 0, 1, 1, 1, 255, 255, 255])


@pytest.mark.parametrize("dtype", [np.int8, np.int16])
def test_numbers_that_may_be_negative_are_refused(dtype, tmp_path):
    stored = np.array([[-3, 0, 5]], dtype=dtype)
    tifffile.imwrite(tmp_path / "signed.tif", stored, photometric="minisblack")
    with pytest.raises(UnreadableImageError, match="numbers that may be negative, with no"):
        open_rgb(tmp_path / "signed.tif")
