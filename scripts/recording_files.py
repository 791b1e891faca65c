"""The files that recordings open: made before they run, in the folder they run in.

- `tiny-vit-open_clip` and `tiny-vit-transformers` are folders that these packages load by
  their own functions, with the weights of `tiny-vit`.
- `cat.png` and `boat.png` are drawings.
- `pictures.npy` and `captions.npy` are embeddings by `tiny`, rows of norm 1: of 100,000
  drawings, and of captions of the first 1,000.

What takes minutes is made in parts, which are kept: a run that is cut off goes on.
"""

import gzip
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from mmcourse import checkpoints, clip
from mmcourse.clip.preprocess import MEAN, STD
from mmcourse.data import Pairs, pairs
from mmcourse.world import render, sample_scene

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from peers import import_peer
from twins import transformers_twin

PART, PARTS = 5_000, 20
"""Drawings in a part, and parts."""

ASKED = 1_000
"""Drawings that get a caption."""


def tiny_vit() -> tuple[clip.CLIP, clip.CLIPConfig]:
    """Return the shipped transformer and its sizes, its vocabulary whole."""
    state = checkpoints.read(checkpoints.shipped("tiny-vit"))
    model, _ = clip.load("tiny-vit", device="cpu")
    return model, clip.CLIPConfig.from_state_dict(state)


def open_clip_folder(folder: Path) -> None:
    """Write `tiny-vit` as `open_clip.create_model_from_pretrained("local-dir:…")` opens it."""
    from safetensors.torch import save_file

    model, sizes = tiny_vit()
    config = {
        "model_cfg": {
            "embed_dim": sizes.embed_dim,
            "quick_gelu": True,
            "vision_cfg": {
                "image_size": sizes.image_resolution,
                "layers": sizes.vision_layers,
                "width": sizes.vision_width,
                "patch_size": sizes.vision_patch_size,
            },
            "text_cfg": {
                "context_length": sizes.context_length,
                "vocab_size": sizes.vocab_size,
                "width": sizes.transformer_width,
                "heads": sizes.transformer_heads,
                "layers": sizes.transformer_layers,
            },
        },
        "preprocess_cfg": {"mean": MEAN, "std": STD},
    }
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    state = {name: weight.contiguous() for name, weight in model.state_dict().items()}
    save_file(state, folder / "open_clip_model.safetensors")


def transformers_folder(folder: Path) -> None:
    """Write `tiny-vit` as `CLIPModel.from_pretrained` opens it, and what it needs beside."""
    peer = import_peer("transformers")
    model, sizes = tiny_vit()
    side = sizes.image_resolution
    pictures = peer.CLIPImageProcessor(
        size={"shortest_edge": side}, crop_size={"height": side, "width": side}
    )
    texts = peer.CLIPTokenizer(**_vocabulary(), model_max_length=sizes.context_length)
    transformers_twin(model, sizes).save_pretrained(folder)
    peer.CLIPProcessor(image_processor=pictures, tokenizer=texts).save_pretrained(folder)


def _vocabulary() -> dict[str, object]:
    """Return the vocabulary and the merges as transformers takes them."""
    peer = import_peer("open_clip.tokenizer")
    with gzip.open(peer.default_bpe(), "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")[1 : 49152 - 256 - 2 + 1]
    tokens = peer.SimpleTokenizer().encoder
    ends = {"<start_of_text>": "<|startoftext|>", "<end_of_text>": "<|endoftext|>"}
    return {
        "vocab": {ends.get(token, token): number for token, number in tokens.items()},
        "merges": [tuple(line.split()) for line in lines],
    }


def cat(path: Path) -> None:
    """Write a drawing of a red cat in a meadow."""
    _drawing(path, "cat", "red", "meadow")


def boat(path: Path) -> None:
    """Write a drawing of a blue boat on a beach."""
    _drawing(path, "boat", "blue", "beach")


def _drawing(path: Path, kind: str, colour: str, place: str) -> None:
    """Write a drawing of one thing, larger than the models read."""
    rng = np.random.default_rng(0)
    scene = sample_scene(rng, n_objects=1, kinds=[kind], colours=[colour], scenes=[place])
    Image.fromarray(render(scene, size=128)).save(path)


def drawn(part: int) -> Pairs:
    """Return the drawings of a part."""
    return pairs(PART, (17, part), split="test", heights=(64, 64))


@torch.inference_mode()
def encoded(some: Pairs) -> np.ndarray:
    """Return the embeddings of drawings by `tiny`, (n, 128), rows of norm 1."""
    model, _ = clip.load("tiny", device="cpu")
    steps = (slice(start, start + 64) for start in range(0, len(some), 64))
    return _unit(torch.cat([model.encode_image(some.images(step)) for step in steps]))


def pictures(path: Path) -> None:
    """Write the embeddings of all parts; each is kept beside the file until all are there."""
    kept = [path.with_name(f"part-{part:02}.npy") for part in range(PARTS)]
    for part, place in enumerate(kept):
        if not place.exists():
            print(f"drawing part {part + 1} of {PARTS}", file=sys.stderr, flush=True)
            _save(place, encoded(drawn(part)))
    _save(path, np.concatenate([np.load(place) for place in kept]))


@torch.inference_mode()
def captions(path: Path) -> None:
    """Write the embeddings of captions: of the first drawings, one each."""
    some = drawn(0)
    said = some.captions(np.random.default_rng(17), full=True)[:ASKED]
    model, _ = clip.load("tiny", device="cpu")
    steps = (said[start : start + 100] for start in range(0, len(said), 100))
    _save(path, _unit(torch.cat([model.encode_text(clip.tokenize(step)) for step in steps])))


def _unit(features: torch.Tensor) -> np.ndarray:
    return torch.nn.functional.normalize(features, dim=-1).numpy()


def _save(path: Path, rows: np.ndarray) -> None:
    """Write an array that appears whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.save(file, rows)
    unfinished.replace(path)


FILES: dict[str, Callable[[Path], None]] = {
    "tiny-vit-open_clip": open_clip_folder,
    "tiny-vit-transformers": transformers_folder,
    "cat.png": cat,
    "boat.png": boat,
    "captions.npy": captions,
    "pictures.npy": pictures,
}
"""What a recording may open, by name, and what makes it."""


def needed(code: str) -> Iterator[str]:
    """Yield the files that code names in quotes.

    >>> list(needed('np.load("pictures.npy")'))
    ['pictures.npy']
    """
    for name in FILES:
        if f'"{name}"' in code or f":{name}" in code:
            yield name


def make(names: Iterator[str], folder: Path) -> None:
    """Make the named files that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if not (folder / name).exists():
            FILES[name](folder / name)
