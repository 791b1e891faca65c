"""From a folder of photos to an index, beside a loop with open_clip and torch's DataLoader."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from bench.made import VGA, jpeg, open_clip_model, our_model, photo, version
from bench.measure import Case
from mmcourse.clip import Preprocess
from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.load import load
from mmcourse.clip.released.releases import RELEASES
from mmcourse.retrieval import Index
from tests.helpers.peers import import_peer

TITLE = "From a folder of JPEGs of 640 × 480 to an index"
NOTE = """With ViT-B/32's sizes nine tenths are the tower, whose products both make alike.
With `tiny` it is reading: decoding at half the size is what we save."""
BATCH = 64


def cases(*, large: bool) -> Iterator[Case]:
    """Yield a small model, for which reading counts, and a large one, where the tower does."""
    tiny = CLIPConfig.from_state_dict(load("tiny", device="cpu")[0].state_dict())
    yield case("`tiny`", tiny, 500)
    yield case("ViT-B/32's sizes", RELEASES["ViT-B/32"].config, 500 if large else BATCH)


def case(name: str, sizes: CLIPConfig, count: int) -> Case:
    """Return a folder of so many photos through a model of these sizes."""
    folder = TemporaryDirectory()  # lives as long as the ways that name it
    for number in range(count):
        Path(folder.name, f"{number:04}.jpg").write_bytes(jpeg(photo(VGA, number)))
    theirs = open_clip_model(sizes).eval()
    ours = our_model(sizes, theirs.state_dict()).eval()
    preprocess = Preprocess(sizes.image_resolution)
    photos = Photos(sorted(Path(folder.name).iterdir()), sizes.image_resolution)

    def build() -> torch.Tensor:
        index = Index.build(ours, preprocess, folder.name, progress=False, threads=1)
        return torch.from_numpy(index.features)

    @torch.inference_mode()
    def loop() -> torch.Tensor:
        parts = [theirs.encode_image(part) for part in DataLoader(photos, BATCH)]
        return torch.nn.functional.normalize(torch.cat(parts), dim=-1)

    cosines = (build() * loop()).sum(1)
    assert cosines.min() > 0.99  # ours reads a photo at half its size where that is enough
    return Case(
        name=f"`Index.build`, {count} photos, {name}",
        unit="photos/s",
        count=count,
        ours=build,
        peers={f"{version('open_clip', 'open_clip_torch')} with a DataLoader": loop},
    )


class Photos(Dataset[Any]):
    """Photos of a folder, prepared as open_clip does."""

    def __init__(self, paths: list[Path], side: int) -> None:
        self.paths = paths
        self.prepare = import_peer("open_clip").image_transform(side, is_train=False)

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, at: int) -> torch.Tensor:
        return self.prepare(Image.open(self.paths[at]))
