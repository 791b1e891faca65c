"""ViT-B/32's text tower, on short prompts and where one among them is long."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from bench.made import alike, vit_b32
from bench.measure import OURS, Case, Way
from mmcourse.clip import tokenize
from mmcourse.world import KINDS

TITLE = "A text tower of ViT-B/32's sizes, float32, the same weights"
PROMPTS = 80
LONG = "a photo of " + ", ".join(["a cat"] * 20)
"""A prompt of some sixty tokens."""


def cases(*, large: bool) -> Iterator[Case]:
    """Yield short prompts alone, and with a long one among them."""
    del large
    names = [f"a photo of a {kind}" for kind in KINDS]
    short = [names[at % len(names)] for at in range(PROMPTS)]
    models = vit_b32()
    yield case("short prompts", models, short)
    yield case("prompts of which one is long", models, [*short[1:], LONG])


def case(what: str, models: dict[str, nn.Module], prompts: list[str]) -> Case:
    """Return prompts through the tower; all give the same vectors."""
    tokens = tokenize(prompts)
    ways = alike({name: encoding(model, tokens) for name, model in models.items()})
    return Case(
        name=f"`encode_text`, {len(prompts)} {what}",
        unit="prompts/s",
        count=len(prompts),
        ours=ways.pop(OURS),
        peers=ways,
    )


def encoding(model: nn.Module, tokens: Tensor) -> Way:
    """Return: encode the texts, in the words of each package.

    transformers is given no more tokens than the longest text has; the others take 77.
    """
    longest = int((tokens != 0).sum(dim=1).max())
    padded = tokens[:, :longest]

    @torch.inference_mode()
    def encode() -> Tensor:
        if hasattr(model, "get_text_features"):
            found = model.get_text_features(input_ids=padded, attention_mask=padded != 0)
            return found if isinstance(found, Tensor) else found.pooler_output
        return model.encode_text(tokens)

    return encode
