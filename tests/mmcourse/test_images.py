"""The tolerant opener: files of every kind, made here, and what a viewer would show."""

import gc
import re
import warnings
import zlib
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
import skimage
import torch
from PIL import EpsImagePlugin, Image
from places import ROOT

from mmcourse.clip import load
from mmcourse.clip.preprocess import centre_square
from mmcourse.images import UnreadableImageError, as_rgb, open_rgb
from mmcourse.retrieval import Index

KINDS = ["PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP", "PPM"]


def saved(image, kind="PNG", **how):
    file = BytesIO()
    image.save(file, kind, **how)
    return file


def pixels(file):
    return np.asarray(open_rgb(file)).tolist()


def noise(rng, *shape):
    return rng.integers(0, 256, shape).astype(np.uint8)


@pytest.fixture
def picture(rng):
    return Image.fromarray(noise(rng, 5, 7, 3))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "PPM"])
def test_rgb_comes_out_as_it_was_saved(picture, kind):
    opened = open_rgb(saved(picture, kind))
    assert opened.mode == "RGB"
    assert opened.tobytes() == picture.tobytes()


def test_path_string_and_file_give_the_same(picture, tmp_path):
    path = tmp_path / "öffne mich.png"
    picture.save(path)
    with path.open("rb") as file:
        opened = [open_rgb(source) for source in (path, str(path), file)]
        assert not file.closed
    assert {image.tobytes() for image in opened} == {picture.tobytes()}


def test_file_is_read_from_its_start(picture):
    file = saved(picture)
    assert file.tell() > 0
    assert open_rgb(file).tobytes() == open_rgb(file).tobytes() == picture.tobytes()


# The picture is a corner: red, to its right green, below it blue, then white.
CORNER = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], dtype=np.uint8)
UPRIGHT = {  # how a viewer turns and mirrors what the file holds
    1: lambda x: x,
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: x[::-1].swapaxes(0, 1),
    7: lambda x: x[::-1, ::-1].swapaxes(0, 1),
    8: lambda x: x[:, ::-1].swapaxes(0, 1),
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_rotation_noted_by_the_camera_is_carried_out(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.kron(CORNER, np.ones((16, 24, 1), dtype=np.uint8))
    how = {} if kind in ("PNG", "TIFF") else {"quality": 95}
    opened = np.asarray(open_rgb(saved(Image.fromarray(stored), kind, exif=exif, **how)))
    expected = UPRIGHT[orientation](stored)
    assert opened.shape == expected.shape
    middles = (slice(8, None, 16), slice(8, None, 24))
    if orientation >= 5:
        middles = middles[::-1]
    difference = opened[middles].astype(int) - expected[middles]
    assert abs(difference).max() <= (0 if kind in ("PNG", "TIFF") else 12)  # lossy


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_greys_of_16_bits_are_scaled_not_clipped(kind):
    deep = np.array([[0, 128, 129, 257], [32896, 65278, 65534, 65535]], dtype=np.uint16)
    # 65535 / 255 = 257: 128 and 129 lie on either side of half a step.
    greys = [[0, 0, 1, 1], [128, 254, 255, 255]]
    assert (
        pixels(saved(Image.fromarray(deep), kind))
        == np.repeat(np.array(greys)[..., None], 3, axis=2).tolist()
    )


def test_greys_of_16_bits_in_a_wider_type_are_scaled():
    deep = np.array([[0, 257, 65535]], dtype=np.int32)
    assert pixels(saved(Image.fromarray(deep), "TIFF")) == [[[0] * 3, [1] * 3, [255] * 3]]


def test_big_endian_greys_are_read_as_such():
    deep = Image.new("I;16B", (3, 2), 514)
    assert pixels(saved(deep, "TIFF")) == [[[2] * 3] * 3] * 2


def test_deep_grey_that_stands_for_transparent_becomes_white():
    deep = Image.fromarray(np.array([[0, 257, 514]], dtype=np.uint16))
    assert pixels(saved(deep, transparency=257)) == [[[0] * 3, [255] * 3, [2] * 3]]


@pytest.mark.parametrize("extreme", [65536, -1])
def test_greys_of_unknown_white_are_refused(extreme):
    deep = Image.fromarray(np.array([[0, extreme]], dtype=np.int32))
    with pytest.raises(UnreadableImageError, match=rf"got greys from .*{extreme}.*scale them"):
        open_rgb(saved(deep, "TIFF"))
    with pytest.raises(UnreadableImageError, match=r"got greys from 0.5 to 0.5; scale them"):
        open_rgb(saved(Image.new("F", (2, 2), 0.5), "TIFF"))


def test_alpha_is_laid_over_white():
    # 51 is a fifth of 255: 0.2 · 100 + 0.8 · 255 = 224.
    rgba = np.array([[[0, 100, 255, 51], [1, 2, 3, 255], [1, 2, 3, 0]]], dtype=np.uint8)
    expected = [[[204, 224, 255], [1, 2, 3], [255, 255, 255]]]
    assert pixels(saved(Image.fromarray(rgba))) == expected
    grey = Image.fromarray(np.array([[[100, 51]]], dtype=np.uint8))
    assert grey.mode == "LA"
    assert pixels(saved(grey)) == [[[224, 224, 224]]]


def with_palette(indices):
    image = Image.fromarray(np.array(indices, dtype=np.uint8))
    image.putpalette([10, 20, 30, 200, 100, 50, 1, 2, 3])
    assert image.mode == "P"
    return image


def test_palette_becomes_its_colours():
    image = with_palette([[0, 1, 2]])
    assert pixels(saved(image)) == [[[10, 20, 30], [200, 100, 50], [1, 2, 3]]]


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_transparent_palette_entry_becomes_white(kind):
    image = with_palette([[0, 1, 2]])
    assert pixels(saved(image, kind, transparency=1)) == [
        [[10, 20, 30], [255, 255, 255], [1, 2, 3]]
    ]


def test_half_transparent_palette_entries_are_blended():
    image = with_palette([[0, 1, 2]])
    opened = pixels(saved(image, transparency=bytes([255, 51, 0])))
    assert opened == [[[10, 20, 30], [244, 224, 214], [255, 255, 255]]]


@pytest.mark.parametrize(("mode", "colour"), [("L", 7), ("RGB", (7, 8, 9)), ("1", 1)])
def test_colour_that_stands_for_transparent_becomes_white(mode, colour):
    opened = pixels(saved(Image.new(mode, (2, 1), colour), transparency=colour))
    assert opened == [[[255] * 3] * 2]


def test_grey_and_black_and_white_become_three_equal_channels():
    grey = Image.fromarray(np.array([[0, 7, 255]], dtype=np.uint8))
    assert pixels(saved(grey)) == [[[0] * 3, [7] * 3, [255] * 3]]
    assert pixels(saved(grey.convert("1", dither=Image.Dither.NONE))) == [
        [[0] * 3, [0] * 3, [255] * 3]
    ]


@pytest.mark.parametrize("kind", ["TIFF", "JPEG"])
def test_ink_becomes_light(kind):
    # Pillow marks its CMYK JPEGs as Adobe does, whose inks are stored inverted.
    cyan, no_ink = (255, 0, 0, 0), (0, 0, 0, 0)
    for ink, light in [(cyan, (0, 255, 255)), (no_ink, (255, 255, 255))]:
        opened = open_rgb(saved(Image.new("CMYK", (16, 16), ink), kind))
        assert np.allclose(opened.getpixel((3, 5)), light, atol=3)  # JPEG is lossy


def test_other_colour_spaces_become_rgb():
    assert open_rgb(saved(Image.new("YCbCr", (3, 2), (255, 128, 128)), "TIFF")).getpixel(
        (0, 0)
    ) == (255, 255, 255)
    opened = open_rgb(saved(Image.new("LAB", (3, 2), (255, 128, 128)), "TIFF"))
    assert min(opened.getpixel((0, 0))) > 250


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_first_frame_of_an_animation_is_taken(kind):
    frames = [Image.new("RGB", (9, 7), colour) for colour in ("red", "lime", "blue")]
    how = {"lossless": True} if kind == "WEBP" else {}
    file = saved(frames[0], kind, save_all=True, append_images=frames[1:], **how)
    assert Image.open(file).n_frames == 3
    assert pixels(file) == [[[255, 0, 0]] * 9] * 7


@pytest.mark.parametrize("kind", KINDS)
def test_files_cut_short_are_refused(rng, kind):
    raw = saved(Image.fromarray(noise(rng, 31, 43, 3)), kind).getvalue()
    for part in (0.02, 0.3, 0.6, 0.95):
        with pytest.raises(UnreadableImageError, match=r"open_rgb: expected a picture in"):
            open_rgb(BytesIO(raw[: int(part * len(raw))]))


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_give_a_picture_or_our_error(rng, kind):
    raw = saved(Image.fromarray(noise(rng, 11, 13, 3)), kind).getvalue()
    for _ in range(100):
        damaged = bytearray(raw)
        for place in rng.integers(0, min(len(raw), 200), 3):
            damaged[place] = rng.integers(256)
        try:
            assert open_rgb(BytesIO(bytes(damaged))).mode == "RGB"
        except UnreadableImageError as error:
            assert str(error).startswith("open_rgb: expected a picture in")  # noqa: PT017


def test_odd_metadata_does_not_stop_a_picture():
    exif = Image.Exif()
    exif[0x0112] = 6
    raw = saved(Image.new("RGB", (7, 5)), "JPEG", exif=exif).getvalue()
    start = raw.index(b"Exif\0\0") + 6
    for junk in (b"\xff" * 8, b"II*\0\xff\xff\xff\x7f"):
        opened = open_rgb(BytesIO(raw[:start] + junk + raw[start + 8 :]))
        assert opened.size == (7, 5)


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(UnreadableImageError, match=r"nothing\.png; got no file \(No such"):
        open_rgb(tmp_path / "nothing.png")
    with pytest.raises(UnreadableImageError, match=r"got no file \(.*of a folder, pass each"):
        open_rgb(tmp_path)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 no picture", b"<svg></svg>" * 99])
def test_what_is_no_picture_is_refused(tmp_path, content):
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(
        ValueError, match=r"picture\.png; got none, or of a kind .*; save it as"
    ):
        open_rgb(path)


def test_no_program_is_started_for_a_picture(monkeypatch):
    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: started.append("gs"))
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 7 5\n%%EndComments\nshowpage\n"
    with pytest.raises(UnreadableImageError, match=r"got EPS, which another program .*; save"):
        open_rgb(BytesIO(program))
    assert started == []


def test_huge_pictures_are_refused(picture, monkeypatch):
    # Pillow warns above its limit, which is let pass, and refuses 35 pixels above twice 17.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 34)
    assert open_rgb(saved(picture)).size == (7, 5)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 17)
    with pytest.raises(UnreadableImageError, match=r"got a huge one .*MAX_IMAGE_PIXELS"):
        open_rgb(saved(picture))


def test_no_file_stays_open(tmp_path):
    good, bad = tmp_path / "good.gif", tmp_path / "bad.png"
    frames = [Image.new("RGB", (9, 7), colour) for colour in ("red", "lime")]
    frames[0].save(good, save_all=True, append_images=frames[1:])
    bad.write_bytes(saved(frames[0]).getvalue()[:50])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        open_rgb(good)
        with pytest.raises(UnreadableImageError):
            open_rgb(bad)
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("thing", [b"bytes", 3, None, Image.new("L", (2, 2))])
def test_what_is_no_file_is_refused(thing):
    message = rf"a path or a file opened with 'rb'; got {type(thing).__name__}; bytes go into"
    with pytest.raises(TypeError, match=message):
        open_rgb(thing)


def test_result_can_be_changed_and_saved(picture):
    opened = open_rgb(saved(picture))
    opened.putpixel((0, 0), (1, 2, 3))
    assert open_rgb(saved(opened)).getpixel((0, 0)) == (1, 2, 3)


def test_the_content_decides_not_the_name(picture, tmp_path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(saved(picture, "PNG").getvalue())
    assert open_rgb(path).tobytes() == picture.tobytes()


def test_colours_of_16_bits_are_scaled_not_clipped():
    # Written by hand, since Pillow writes no such file: 1 × 1 pixel, 16 bits, RGB.
    def chunk(kind, data):
        sum_of_both = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + sum_of_both

    header = b"\0\0\0\1\0\0\0\1\x10\2\0\0\0"
    pixel = zlib.compress(b"\0" + b"\xff\xff" + b"\x80\x80" + b"\0\0")
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    assert pixels(BytesIO(b"\x89PNG\r\n\x1a\n" + chunks)) == [[[255, 128, 0]]]


def sketch(rng, height, width):
    """Return a picture with soft ground and hard edges, as a photograph has both."""
    soft = Image.fromarray(noise(rng, 7, 9, 3)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    rows, columns = np.ogrid[:height, :width]
    bars = (rows // 97 + columns // 83) % 3 == 0
    return Image.fromarray(np.where(bars[..., None], 255 - np.asarray(soft), soft))


@pytest.mark.parametrize(
    ("at_least", "expected"),
    # 1200 / 8 = 150 ≥ 3 · 50; one more pixel takes a quarter, and so on.
    [(None, 1200), (50, 150), (51, 300), (101, 600), (201, 1200), (9999, 1200)],
)
@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_photograph_is_decoded_no_larger_than_needed(rng, kind, at_least, expected):
    photograph = saved(sketch(rng, 1200, 1600), kind)
    opened = open_rgb(photograph, at_least=at_least)
    assert opened.size == (expected * 4 // 3, expected)


def test_other_kinds_are_decoded_whole(picture):
    for kind in ("PNG", "WEBP", "TIFF", "GIF"):
        assert open_rgb(saved(picture, kind), at_least=1).size == picture.size


def test_small_decoding_hardly_moves_what_the_model_sees(rng):
    model, preprocess = load("tiny", device="cpu")
    n = model.visual.input_resolution
    photographs = [saved(sketch(rng, 1203, 1601), "JPEG", quality=90)]
    photographs += sorted(Path(skimage.data_dir).glob("*.jpg"))
    assert len(photographs) >= 3
    for photograph in photographs:
        whole, small = open_rgb(photograph), open_rgb(photograph, at_least=n)
        assert 3 * n <= min(small.size) < min(whole.size)
        moved = centre_square(whole, n).astype(float) - centre_square(small, n)
        with torch.inference_mode():
            both = model.encode_image(torch.stack([preprocess(whole), preprocess(small)]))
        assert abs(moved).mean() < 3, photograph
        assert torch.cosine_similarity(*both, dim=0) > 0.999, photograph


@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_small_decoding_refuses_what_is_cut_short(rng, kind):
    raw = saved(sketch(rng, 600, 800), kind).getvalue()
    for part in (0.02, 0.3, 0.6, 0.95):
        with pytest.raises(UnreadableImageError, match=r"got a damaged one|got none"):
            open_rgb(BytesIO(raw[: int(part * len(raw))]), at_least=16)


def test_small_decoding_turns_what_the_camera_turned(rng):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = np.kron(CORNER, np.ones((300, 400, 1), dtype=np.uint8))
    opened = open_rgb(saved(Image.fromarray(stored), "JPEG", exif=exif), at_least=20)
    assert opened.size == (75, 100)
    middles = np.asarray(opened)[25::50, 18::37].astype(int)
    assert abs(middles - UPRIGHT[6](CORNER)).max() <= 4  # JPEG is lossy


def test_small_decoding_knows_ink_and_greys():
    for mode, colour in [("CMYK", (255, 0, 0, 0)), ("L", 7)]:
        image = Image.new(mode, (640, 480), colour)
        opened = open_rgb(saved(image, "JPEG", quality=95), at_least=20)
        assert opened.size == (80, 60)
        expected = image.convert("RGB").getpixel((0, 0))
        assert np.allclose(opened.getpixel((3, 5)), expected, atol=3)  # JPEG is lossy


def test_small_decoding_refuses_the_huge(rng, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(UnreadableImageError, match=r"got a huge one .*MAX_IMAGE_PIXELS"):
        open_rgb(saved(sketch(rng, 600, 800), "JPEG"), at_least=1)


@pytest.mark.usefixtures("unchecked")
def test_side_that_is_none_is_refused(picture):
    with pytest.raises(TypeError, match=r"open_rgb: at_least must be a whole number; got 2\.5"):
        open_rgb(saved(picture), at_least=2.5)
    with pytest.raises(ValueError, match=r"open_rgb: at_least must be .* at least 1; got 0"):
        open_rgb(saved(picture), at_least=0)


class Slow(BytesIO):
    """A file that says when it is first read, and then waits until it may go on."""

    def __init__(self, content):
        super().__init__(content)
        self.reached, self.go_on = Event(), Event()

    def read(self, *size):
        self.reached.set()
        assert self.go_on.wait(60)
        return super().read(*size)


def test_threads_leave_the_warnings_as_they_were(picture):
    before = list(warnings.filters)
    files = [Slow(saved(picture).getvalue()) for _ in range(2)]
    threads = [Thread(target=open_rgb, args=[file]) for file in files]
    for thread, file in zip(threads, files, strict=True):  # both are inside …
        thread.start()
        assert file.reached.wait(60)
    for thread, file in zip(threads, files, strict=True):  # … and leave in the same order
        file.go_on.set()
        thread.join()
    assert warnings.filters == before


def turned():
    file = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.kron(CORNER, np.full((24, 16, 1), 1, np.uint8))).save(
        file, "PNG", exif=exif
    )
    return file


def glass():
    rows = np.linspace(0, 255, 48 * 64).reshape(48, 64, 1).astype(np.uint8)
    return saved(Image.fromarray(np.concatenate([np.full((48, 64, 3), 7, np.uint8), rows], 2)))


def deep():
    return saved(Image.fromarray(np.linspace(0, 65535, 48 * 64).reshape(48, 64).astype("u2")))


def test_there_is_no_second_reader_of_pictures():
    opening = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "mmcourse").rglob("*.py")
        if re.search(r"\bImage\.open\(|imread\(", path.read_text(encoding="utf-8"))
    }
    # The second opens what it has drawn itself.
    assert opening == {"mmcourse/images.py", "mmcourse/plots/figure.py"}


@pytest.mark.parametrize("file", [turned, glass, deep])
def test_one_picture_has_one_vector_by_path_and_through_image_open(file, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(file().getvalue())
    assert as_rgb(Image.open(path)).tobytes() == open_rgb(path).tobytes()
    model, preprocess = load("tiny", device="cpu")
    by_path, by_picture = (
        Index.build(model, preprocess, source, progress=False).features[0]
        for source in ([path], [Image.open(path)])
    )
    np.testing.assert_allclose(by_path, by_picture, atol=1e-6)
    index = Index.build(model, preprocess, [path], progress=False)
    for query in (path, Image.open(path)):
        assert index.search(query)[0].score == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("file", "what"),
    [(turned, "to be turned or mirrored"), (glass, "transparent"), (deep, "more than 8 bits")],
)
def test_preprocess_warns_of_what_it_does_not_heed(file, what):
    preprocess = load("tiny", device="cpu")[1]
    with pytest.warns(UserWarning, match=rf"image .*{what}.*images\.as_rgb\(image\)"):
        preprocess(Image.open(file()))
    preprocess(as_rgb(Image.open(file())))


@pytest.mark.usefixtures("unchecked")
def test_as_rgb_refuses_what_is_no_picture_or_cannot_be_shown(picture):
    with pytest.raises(TypeError, match="as_rgb: image must be a Pillow picture; got str"):
        as_rgb("a.png")
    with pytest.raises(UnreadableImageError, match=r"as_rgb: .*; got greys from 0.5 to 0.5"):
        as_rgb(Image.new("F", (3, 5), 0.5))
    torn = BytesIO(saved(picture, "BMP").getvalue()[:99])
    with pytest.raises(UnreadableImageError, match=r"as_rgb: .*; got a damaged one"):
        as_rgb(Image.open(torn))
