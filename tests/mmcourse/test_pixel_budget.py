"""Room for pixels: who waits, who is let in, who is refused; and real files that ask for it."""

import subprocess
import sys
import zlib
from threading import Event, Thread

import numpy as np
import pytest
from PIL import Image

from mmcourse.images import UnreadableImageError, open_rgb
from mmcourse.pixel_budget import most_pixels, room


def enters_beside(most, *wanted, waits):
    """Return whether a thread gets room beside a picture of 5 × 8, or after it, as told."""
    inside = Event()

    def decode():
        with room(*wanted):
            inside.set()

    other = Thread(target=decode)
    with most_pixels(most):
        with room((5, 8)):
            other.start()
            as_told = inside.wait(0.2 if waits else 60) is not waits
        other.join(60)
    return as_told and inside.is_set()


@pytest.mark.parametrize(("second", "waits"), [((5, 6), False), ((5, 7), True)])
def test_a_thread_waits_until_there_is_room_for_its_picture(second, waits):
    # 5 × 8 pixels and 8 rows cost 56, of 98; then 5 × 6 fit beside them with 42, 5 × 7 do not.
    assert enters_beside(98, second, waits=waits)


@pytest.mark.parametrize(("copies", "waits"), [(1, False), (2, True), (9, True)])
def test_a_decoder_that_holds_copies_takes_their_room(copies, waits):
    assert enters_beside(112, (5, 8), copies, waits=waits)  # 56 each, and never more than all


def test_a_picture_that_takes_more_than_all_may_is_refused():
    too_much = pytest.raises(Image.DecompressionBombError, match="5 × 5 pixels take the room")
    with most_pixels(34), too_much, room((5, 5)):  # 25 pixels and 5 rows
        pass
    with most_pixels(30), room((5, 4)):
        pass


def test_pillows_own_limit_is_put_back():
    before = Image.MAX_IMAGE_PIXELS
    with most_pixels(7):
        assert Image.MAX_IMAGE_PIXELS == 4  # Pillow refuses above twice that
    assert before == Image.MAX_IMAGE_PIXELS


def test_where_pillow_refuses_nothing_nobody_waits(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with room((99_999, 99_999)), room((99_999, 99_999)):
        pass


OPEN = """
import sys
from pathlib import Path
from mmcourse.images import open_rgb
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("VmHWM"))
before, size = peak(), open_rgb(sys.argv[1], at_least=64).size
print(before, peak(), size)
"""


def opened_elsewhere(path):
    """Return the most kB that a process took before it opens a picture, after, and its size."""
    said = subprocess.check_output([sys.executable, "-c", OPEN, path], text=True)
    before, after, size = said.strip().split(maxsplit=2)
    return int(before), int(after), size


def column(height):
    """Return a PNG of one column, black or white, as small as it gets."""

    def chunk(kind, data):
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    header = (1).to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\0\0\0\0"
    rows = zlib.compress(bytes(2 * height), 9)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_png_of_1_by_89000000_pixels_is_refused_before_it_is_decoded(tmp_path):
    (tmp_path / "column.png").write_bytes(column(89_000_000))
    assert (tmp_path / "column.png").stat().st_size < 200_000
    with most_pixels(250_000_000), pytest.raises(UnreadableImageError, match="a huge one"):
        open_rgb(tmp_path / "column.png", at_least=64)


@pytest.mark.slow
def test_photo_of_108_megapixels_is_decoded_small(tmp_path):
    path = tmp_path / "phone.jpg"
    Image.new("RGB", (12_000, 9_000), "teal").save(path)
    before, after, size = opened_elsewhere(path)
    assert size == "(1500, 1125)"  # an eighth
    assert after - before < 50_000


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (9, 99, 99, 128)), ("I;16", 9999)])
def test_png_of_108_megapixels_takes_little_more_than_its_pixels(mode, colour, tmp_path):
    path = tmp_path / "huge.png"
    Image.new(mode, (12_000, 9_000), colour).save(path, compress_level=1)
    before, after, size = opened_elsewhere(path)
    assert size == "(261, 196)"
    assert after - before < 500_000  # of which 432 MB are 4 bytes a pixel


@pytest.mark.parametrize("turn", [1, 6])
@pytest.mark.parametrize("mode", ["LA", "RGBA", "P", "I;16", "CMYK"])
def test_strips_make_the_picture_that_all_of_it_would(mode, turn, tmp_path, rng, monkeypatch):
    path, exif = tmp_path / "a.tif", Image.Exif()
    exif[0x0112] = turn
    pixels = Image.fromarray(rng.integers(0, 256, (23, 31, 4), np.uint8), "RGBA")
    grey = Image.fromarray(rng.integers(0, 65536, (23, 31), np.uint16))
    (grey if mode == "I;16" else pixels.convert(mode)).save(path, exif=exif)
    whole = open_rgb(path)
    monkeypatch.setattr("mmcourse.images.STRIP", 100)
    assert open_rgb(path).tobytes() == whole.tobytes()
    assert whole.size == ((23, 31) if turn == 6 else (31, 23))
    monkeypatch.setattr("mmcourse.images.HUGE", 1)
    small = open_rgb(path, at_least=2)  # means of 3 × 3
    assert small.size == ((8, 11) if turn == 6 else (11, 8))
    assert small.tobytes() == whole.reduce(3).tobytes()


def test_huge_png_comes_back_as_means_of_squares(tmp_path):
    path = tmp_path / "huge.png"
    rows = np.zeros((5_001, 5_002), np.uint8)
    rows[:, ::2] = 100
    Image.fromarray(rows).save(path, compress_level=1)
    small = open_rgb(path, at_least=64)  # 5001 // (3 · 64) = 26
    assert small.size == (193, 193)
    assert small.getpixel((7, 9)) == (50, 50, 50)
    assert open_rgb(path).size == (5_002, 5_001)
