"""Photos of iPhones: told apart, read with the plug-in, named without it."""

import sys
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from mmcourse import images
from mmcourse.heic import is_heic, reads_heic
from mmcourse.images import UnreadableImageError, open_rgb

CORNER = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], dtype=np.uint8)


@pytest.fixture
def photo():
    """Return an HEIC of 96 × 64: red, to its right green, below it blue, then white."""
    file = BytesIO()
    large = np.kron(CORNER, np.ones((32, 48, 1), dtype=np.uint8))
    pillow_heif.from_pillow(Image.fromarray(large)).save(file, quality=95)
    return file


def test_heic_opens_where_pillow_heif_is_installed(photo, tmp_path):
    path = tmp_path / "IMG_0001.JPG"  # whatever its name
    path.write_bytes(photo.getvalue())
    for file in (photo, path):
        opened = np.asarray(open_rgb(file, at_least=16)).astype(int)
        assert opened.shape == (64, 96, 3)
        assert abs(opened[16::32, 24::48] - CORNER).max() < 12  # lossy


def test_heic_is_upright(photo):
    turned = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(photo) as picture:
        picture.save(turned, "HEIF", exif=exif.tobytes(), quality=95)
    opened = np.asarray(open_rgb(turned)).astype(int)
    expected = np.rot90(CORNER, -1)
    assert opened.shape == (96, 64, 3)
    assert abs(opened[24::48, 16::32] - expected).max() < 12  # lossy


def test_heic_without_pillow_heif_says_what_is_missing(photo, monkeypatch):
    monkeypatch.setattr(images, "reads_heic", lambda: False)
    with pytest.raises(
        UnreadableImageError, match=r"got HEIC, and pillow-heif, which reads it"
    ):
        open_rgb(photo)


def test_damaged_heic_is_refused(photo):
    for part in (0.1, 0.5, 0.9):
        raw = photo.getvalue()
        with pytest.raises(UnreadableImageError, match="got a damaged one"):
            open_rgb(BytesIO(raw[: int(part * len(raw))]))


def test_pillow_without_the_plug_in_is_known(monkeypatch):
    assert reads_heic()
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert not reads_heic.__wrapped__()


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (b"heic0000mif1", True),
        (b"mif10000mif1heic", True),
        (b"mif10000mif1avif", False),
        (b"avif0000mif1heic", False),
        (b"isom0000mp41", False),
    ],
)
def test_the_brands_tell_heic_from_its_kin(brands, expected):
    start = (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands
    assert is_heic(start + b"heicheic") is expected  # what follows the box counts for nothing


def test_short_files_are_none():
    assert not is_heic(b"")
    assert not is_heic(b"\0\0\0\x18ftyp")
