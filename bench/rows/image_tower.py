"""ViT-B/32's image tower, beside those of open_clip, OpenAI and transformers."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from bench.made import alike, vit_b32
from bench.measure import OURS, Case, Way

TITLE = "An image tower of ViT-B/32's sizes, float32, the same weights"
BATCH, SIDE = 16, 224


def cases(*, large: bool) -> Iterator[Case]:
    """Yield one case a device."""
    del large
    for device in ("cpu", *(["cuda"] if torch.cuda.is_available() else [])):
        yield case(device)


def case(device: str) -> Case:
    """Return a batch of pictures through the tower; all give the same vectors."""
    images = torch.randn(BATCH, 3, SIDE, SIDE, device=device)
    models = {name: model.to(device) for name, model in vit_b32().items()}
    ways = alike({name: encoding(model, images) for name, model in models.items()})
    return Case(
        name=f"`encode_image`, batches of {BATCH}",
        unit="pictures/s",
        count=BATCH,
        ours=ways.pop(OURS),
        peers=ways,
        limit=("the products of the linear layers", products(images)),
        memory=True,
        device=device,
    )


def encoding(model: nn.Module, images: Tensor) -> Way:
    """Return: encode the pictures, in the words of each package."""

    @torch.inference_mode()
    def encode() -> Tensor:
        if hasattr(model, "get_image_features"):
            found = model.get_image_features(pixel_values=images)
            return found if isinstance(found, Tensor) else found.pooler_output
        return model.encode_image(images)

    return encode


def products(images: Tensor) -> Way:
    """Return: multiply as the linear layers of the image tower do, and nothing else."""
    width, tokens = 768, (SIDE // 32) ** 2 + 1
    rows = torch.randn(len(images) * tokens, width, device=images.device)
    shapes = [(3 * width, width), (width, width), (4 * width, width), (width, 4 * width)]
    matrices = [torch.randn(shape, device=images.device) for shape in shapes]
    wide = torch.randn(len(rows), 4 * width, device=images.device)

    @torch.inference_mode()
    def multiply() -> None:
        for _ in range(12):
            for matrix in matrices:
                (rows if matrix.shape[1] == width else wide) @ matrix.T

    return multiply
