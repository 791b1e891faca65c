"""What stands beside other people's weights: the activation and the heads of their CLIP.

transformers writes `config.json`, open_clip `open_clip_config.json`. Two models of the same
shapes may have QuickGELU (OpenAI's) or GELU (LAION's and most others), and heads of 64 numbers
or more; with the wrong one nothing fails, and every answer is worse. Leaves out pre-processing.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from torch import nn

from mmcourse.clip.config import HEAD_DIM, CLIPConfig
from mmcourse.clip.names import OPEN_CLIP, OPENAI, TRANSFORMERS
from mmcourse.transformer import QuickGELU

FILES = {TRANSFORMERS: "config.json", OPEN_CLIP: "open_clip_config.json"}
LARGEST = 1_000_000
"""Bytes of such a file; theirs have some thousand."""

OTHER_HEADS = {1280: 80, 1408: 88, 1664: 104}
"""Widths of open_clip's largest image towers, and the numbers in each of their heads."""


@final
@dataclass(frozen=True)
class Settings:
    """What a file of settings says.

    Args:
        quick: whether the activation is QuickGELU; None where nothing says so.
        head_dims: numbers in a head of the image tower and of the text tower.
    """

    quick: bool | None
    head_dims: tuple[int, int] = (HEAD_DIM, HEAD_DIM)


def whose_file(path: Path, names: str) -> str:
    """Return whose file this is: open_clip's plain names are OpenAI's."""
    theirs = path.name.startswith("open_clip_") or path.with_name(FILES[OPEN_CLIP]).is_file()
    return OPEN_CLIP if names == OPENAI and theirs else names


def beside(path: Path, whose: str) -> Settings:
    """Return what stands beside a file of weights by somebody's names.

    Raises:
        ValueError: that file is damaged.
    """
    unsaid = Settings(quick=True if whose == OPENAI else None)
    if whose not in FILES:
        return unsaid
    place = path.with_name(FILES[whose])
    if not place.is_file() or place.stat().st_size > LARGEST:
        return unsaid
    try:
        said = json.loads(place.read_text(encoding="utf-8"))
        return (_of_transformers if whose == TRANSFORMERS else _of_open_clip)(said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{place.name} beside it is damaged ({error})") from error


def refuse_other_heads(settings: Settings, config: CLIPConfig) -> None:
    """Refuse a model whose attention is cut into heads of other sizes than CLIP's.

    Raises:
        ValueError: it is.
    """
    vision, text = settings.head_dims
    if config.vision_patch_size and vision == HEAD_DIM:
        vision = OTHER_HEADS.get(config.vision_width, HEAD_DIM)
    if (vision, text) != (HEAD_DIM, HEAD_DIM):
        raise ValueError(
            f"its heads must have {HEAD_DIM} numbers; got {vision} for pictures and {text} for "
            "texts, as in open_clip's largest"
        )


def use_gelu(model: nn.Module) -> None:
    """Put GELU in the place of QuickGELU, in both towers."""
    for part in list(model.modules()):
        for name, child in part.named_children():
            if isinstance(child, QuickGELU):
                setattr(part, name, nn.GELU())


def _of_transformers(said: Any) -> Settings:
    # A part that is left out has these, the sizes of its ViT-B/32.
    text = {"hidden_size": 512, "num_attention_heads": 8} | said.get("text_config", {})
    vision = {"hidden_size": 768, "num_attention_heads": 12} | said.get("vision_config", {})
    acts = {part.get("hidden_act", "quick_gelu") for part in (text, vision)}
    if not acts < {"quick_gelu", "gelu"}:
        raise ValueError(f"activations {', '.join(sorted(acts))}")
    dims = [part["hidden_size"] // part["num_attention_heads"] for part in (vision, text)]
    return Settings(acts == {"quick_gelu"}, (dims[0], dims[1]))


def _of_open_clip(said: Any) -> Settings:
    model = said["model_cfg"]
    text = {"width": 512, "heads": 8} | model["text_cfg"]
    head = model["vision_cfg"].get("head_width", HEAD_DIM)
    return Settings(bool(model.get("quick_gelu")), (head, text["width"] // text["heads"]))
