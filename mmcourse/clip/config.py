"""The sizes of a CLIP, and how to read them off its weights.

A state dict holds every size but one: the number of heads, which in CLIP is the width
divided by 64 (arXiv 2103.00020, tables 19 and 20).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked

HEAD_DIM = 64


@final
@dataclass(frozen=True, kw_only=True)
class CLIPConfig:
    """Sizes of both towers, by OpenAI's names.

    Args:
        embed_dim: length of the joint embedding.
        image_resolution: width and height of the pictures, in pixels.
        vision_layers: transformer layers, or the blocks in each of a ResNet's four stages.
        vision_width: numbers per image token, or channels after a ResNet's stem.
        vision_patch_size: width of a patch in pixels; None for a ResNet.
        context_length: most tokens of a text.
        vocab_size: different tokens.
        transformer_width: numbers per text token.
        transformer_layers: layers of the text tower.

    Raises:
        TypeError: a size is no whole number.
        ValueError: a size below 1, or sizes that do not fit each other.
    """

    embed_dim: int
    image_resolution: int
    vision_layers: int | tuple[int, int, int, int]
    vision_width: int
    vision_patch_size: int | None
    context_length: int
    vocab_size: int
    transformer_width: int
    transformer_layers: int

    def __post_init__(self) -> None:
        self._check_counts()
        blocks = self.vision_layers if isinstance(self.vision_layers, tuple) else None
        resnet = self.vision_patch_size is None
        if resnet != (blocks is not None) or (blocks is not None and len(blocks) != 4):
            raise ValueError(
                "CLIPConfig: a ViT has a patch size and a number of layers, a ResNet four "
                f"numbers of blocks and patch size None; got {self.vision_layers} and "
                f"{self.vision_patch_size}."
            )
        unit = self.vision_patch_size or 32
        if self.image_resolution % unit:
            raise ValueError(
                f"CLIPConfig: image_resolution must be a multiple of {unit}; "
                f"got {self.image_resolution}."
            )
        for name, width in (
            ("transformer_width", self.transformer_width),
            ("vision_width", self._vision_dim),
        ):
            if width < HEAD_DIM or width % HEAD_DIM:
                raise ValueError(
                    f"CLIPConfig: {name} must give heads of {HEAD_DIM} numbers each; "
                    f"got {getattr(self, name)}."
                )

    def _check_counts(self) -> None:
        for name, size in vars(self).items():
            for count in size if isinstance(size, tuple) else (size,):
                if count is not None or name != "vision_patch_size":
                    whole("CLIPConfig", name, count, least=1)

    @property
    def vision_heads(self) -> int:
        """Heads of the image tower's attention."""
        return self._vision_dim // HEAD_DIM

    @property
    def transformer_heads(self) -> int:
        """Heads of the text tower's attention."""
        return self.transformer_width // HEAD_DIM

    @property
    def _vision_dim(self) -> int:
        """Numbers that the image tower's attention splits into heads."""
        return self.vision_width * (1 if self.vision_patch_size else 32)

    @classmethod
    @checked
    def from_state_dict(cls, state: Mapping[str, Tensor]) -> "CLIPConfig":
        """Return the sizes that a checkpoint's shapes imply, as OpenAI's `build_model` does.

        Raises:
            ValueError: a parameter of CLIP is missing, or has too few axes.
        """
        try:
            return cls(**_vision_sizes(state), **_text_sizes(state))
        except KeyError as missing:
            raise ValueError(
                f"CLIPConfig.from_state_dict: the weights of a CLIP hold {missing}; these do "
                f"not, but {', '.join(list(state)[:3]) or 'nothing'} …; is it another model's?"
            ) from None
        except IndexError:
            raise ValueError(
                "CLIPConfig.from_state_dict: a parameter has fewer axes than CLIP's; is it "
                "another model's?"
            ) from None


def _vision_sizes(state: Mapping[str, Tensor]) -> dict[str, Any]:
    if "visual.proj" in state:
        filters = state["visual.conv1.weight"].shape
        side = _side(state["visual.positional_embedding"])
        return {
            "vision_layers": _count(state, r"visual\.transformer\.resblocks\.(\d+)\."),
            "vision_width": filters[0],
            "vision_patch_size": filters[3],
            "image_resolution": side * filters[3],
        }
    side = _side(state["visual.attnpool.positional_embedding"])
    return {
        "vision_layers": tuple(
            _count(state, rf"visual\.layer{stage}\.(\d+)\.") for stage in (1, 2, 3, 4)
        ),
        "vision_width": state["visual.layer1.0.conv1.weight"].shape[0],
        "vision_patch_size": None,
        "image_resolution": side * 32,
    }


def _text_sizes(state: Mapping[str, Tensor]) -> dict[str, Any]:
    embedding = state["token_embedding.weight"].shape
    return {
        "embed_dim": state["text_projection"].shape[1],
        "context_length": state["positional_embedding"].shape[0],
        "vocab_size": embedding[0],
        "transformer_width": embedding[1],
        "transformer_layers": _count(state, r"transformer\.resblocks\.(\d+)\."),
    }


def _count(state: Mapping[str, Tensor], pattern: str) -> int:
    """Return how many different numbers the keys that begin like this hold."""
    return len({found[1] for key in state if (found := re.match(pattern, key))})


def _side(positions: Tensor) -> int:
    """Return the side of the square grid whose places, and one token more, have positions."""
    return round((positions.shape[0] - 1) ** 0.5)
