"""A folder of pictures as people have them: every kind, odd names, broken files."""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

ORIENTATION = 0x0112
RAW_NAME = os.fsdecode(b"caf\xe9.png")
"""A name of Latin-1 bytes, which are no UTF-8."""


@dataclass(frozen=True)
class OddFolder:
    """What `fill` put into a folder; names are relative to it, with `/` between their parts.

    Args:
        good: pictures that can be read, in order.
        bad: what looks like a picture by its name and is none, or not a whole one, in order.
        other: what is no file, or has no name of a picture: read as none.
    """

    path: Path
    good: tuple[str, ...]
    bad: tuple[str, ...]
    other: tuple[str, ...]


def fill(path: Path, rng: np.random.Generator) -> OddFolder:
    """Make the folder at `path`, which must not exist, and return what is in it."""
    path.mkdir()
    good = [*_plain(path, rng), *_odd_modes(path, rng), *_several_frames(path, rng)]
    good += _odd_names(path, rng)
    return OddFolder(
        path, tuple(sorted(good)), tuple(sorted(_bad(path, rng))), tuple(sorted(_other(path)))
    )


def noise(rng: np.random.Generator, *shape: int) -> Image.Image:
    """Return a picture of random bytes."""
    return Image.fromarray(rng.integers(0, 256, shape).astype(np.uint8))


def _plain(folder: Path, rng: np.random.Generator) -> list[str]:
    names = ["a.png", "b.jpg", "C.JPG", "d.webp", "e.bmp", "f.gif", "g.tif", "h.ppm"]
    for name in names:
        noise(rng, 53, 71, 3).save(folder / name)
    return names


def _odd_modes(folder: Path, rng: np.random.Generator) -> list[str]:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    noise(rng, 31, 47, 3).save(folder / "turned.jpg", exif=exif)
    deep = rng.integers(0, 65536, (41, 37)).astype(np.uint16)
    Image.fromarray(deep).save(folder / "deep grey.png")
    modes = {"grey.png": "L", "palette.png": "P", "two colours.png": "1", "inks.jpg": "CMYK"}
    for name, mode in modes.items():
        noise(rng, 43, 39, 3).convert(mode).save(folder / name)
    noise(rng, 33, 35, 4).save(folder / "glass.png")
    return ["turned.jpg", "deep grey.png", *modes, "glass.png"]


def _several_frames(folder: Path, rng: np.random.Generator) -> list[str]:
    names = ["film.gif", "film.webp", "film.png", "pages.tif"]
    frames = [noise(rng, 29, 31, 3) for _ in range(3)]
    for name in names:
        frames[0].save(folder / name, save_all=True, append_images=frames[1:])
    frames[0].save(folder / "both eyes.jpg", "MPO", save_all=True, append_images=frames[1:2])
    return [*names, "both eyes.jpg"]


def _odd_names(folder: Path, rng: np.random.Generator) -> list[str]:
    names = [
        "-v.png",
        "new\nline.png",
        "🐱 ünder the sofa.png",
        "a\x1b[31mred.png",
        "b'\"$(x).png",
    ]
    if os.name == "posix" and os.uname().sysname == "Linux":  # others refuse such names
        names.append(RAW_NAME)
    names += ["deep/er/than that.png", "png.jpg"]
    (folder / "deep/er").mkdir(parents=True)
    for name in names:
        noise(rng, 37, 41, 3).save(folder / name, "PNG")
    return names


def _bad(folder: Path, rng: np.random.Generator) -> list[str]:
    (folder / "empty.png").touch()
    (folder / "text.jpg").write_text("I am no picture", encoding="utf-8")
    noise(rng, 67, 59, 3).save(folder / "whole.jpg")
    raw = (folder / "whole.jpg").read_bytes()
    (folder / "cut short.jpg").write_bytes(raw[: len(raw) // 2])
    (folder / "whole.jpg").unlink()
    (folder / "huge.png").write_bytes(huge_png())
    Image.new("F", (3, 5), 0.5).save(folder / "floats.tif")
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    return ["cut short.jpg", "empty.png", "floats.tif", "gone.png", "huge.png", "text.jpg"]


def huge_png() -> bytes:
    """Return a file of some bytes that says it holds 60,000 × 60,000 pixels."""
    side = (60_000).to_bytes(4, "big")
    chunks = [
        (b"IHDR", side + side + b"\x08\x02\0\0\0"),
        (b"IDAT", zlib.compress(bytes(99))),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return (
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    )


def _other(folder: Path) -> list[str]:
    (folder / "notes.txt").write_text("a cat", encoding="utf-8")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.png")
    return ["notes.txt", "pipe.png", "round"]
