"""Weights of a CLIP by other people's names: recognised, and given OpenAI's.

open_clip (https://github.com/mlfoundations/open_clip) says the same names as OpenAI, at times
behind `module.` or, for the text tower, `text.`; transformers (`CLIPModel` in
https://github.com/huggingface/transformers) has names of its own, and attention's three
matrices apart. What no weight tells, the activation and the heads, stands in the file of
settings that both put beside their weights. Leaves out towers that CLIP does not have.
"""

import re
from collections.abc import Collection, Mapping

import torch
from torch import Tensor

OPENAI, OPEN_CLIP, TRANSFORMERS = "OpenAI's", "open_clip's", "transformers'"

OTHERS = (
    ("lora_", "what LoRA adds to a model; merge it into the model first"),
    ("visual.trunk.", "a CLIP whose image tower is timm's"),
    ("text.transformer.encoder.", "a CLIP whose text tower is a BERT"),
    ("text.transformer.embeddings.", "a CLIP whose text tower is a BERT"),
    ("logit_bias", "a SigLIP"),
    ("text_model.head.", "a SigLIP"),
    ("text_decoder.", "a CoCa or a BLIP, which write"),
    ("visual_encoder.", "a BLIP"),
    ("blocks.", "an image tower of timm's alone"),
    ("encoder.layer.", "a BERT or a ViT alone"),
    ("vision_model.encoder.layers.0.self_attn.qkv", "an EVA-CLIP"),
    ("visual.blocks.", "an EVA-CLIP"),
)
"""How a weight's name begins, and whose it is."""

HALF = {"text_model.": "vision_model.", "vision_model.": "text_model."}

RENAMED = (
    (r"(text|vision)_model\.encoder\.layers\.", r"\1_model.transformer.resblocks."),
    (r"\.self_attn\.out_proj\.", r".attn.out_proj."),
    (r"\.layer_norm([12])\.", r".ln_\1."),
    (r"\.mlp\.fc1\.", r".mlp.c_fc."),
    (r"\.mlp\.fc2\.", r".mlp.c_proj."),
    (r"^text_model\.final_layer_norm\.", r"ln_final."),
    (r"^text_model\.embeddings\.token_embedding\.", r"token_embedding."),
    (r"^text_model\.embeddings\.position_embedding\.weight$", r"positional_embedding"),
    (r"^text_model\.", r""),
    (r"^vision_model\.pre_layrnorm\.", r"visual.ln_pre."),  # their spelling
    (r"^vision_model\.post_layernorm\.", r"visual.ln_post."),
    (r"^vision_model\.embeddings\.class_embedding$", r"visual.class_embedding"),
    (r"^vision_model\.embeddings\.patch_embedding\.", r"visual.conv1."),
    (r"^vision_model\.embeddings\.position_embedding\.weight$", r"visual.positional_embedding"),
    (r"^vision_model\.", r"visual."),
    (r"^text_projection\.weight$", r"text_projection"),
    (r"^visual_projection\.weight$", r"visual.proj"),
)
"""Patterns of transformers' names, and what they become, in this order."""

TURNED = ("text_projection", "visual.proj")
"""Matrices that transformers keeps the other way round."""

PLACES = re.compile(r"\.embeddings\.position_ids$|^attn_mask$")
"""What is counted, not learnt."""


def by_openai(state: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], str]:
    """Return the weights of a CLIP by OpenAI's names, and whose names they had.

    Raises:
        ValueError: they are known to be another model's.

    >>> by_openai({"module.logit_scale": torch.zeros(())})
    ({'logit_scale': tensor(0.)}, "open_clip's")
    """
    found = {name: tensor for name, tensor in state.items() if not PLACES.search(name)}
    bare = {name.removeprefix("module."): tensor for name, tensor in found.items()}
    _refuse_others(bare)
    if any(name.startswith("text_model.") for name in bare):
        return _from_transformers(bare), TRANSFORMERS
    ours = {name.removeprefix("text."): tensor for name, tensor in bare.items()}
    return ours, OPENAI if ours.keys() == found.keys() else OPEN_CLIP


def _refuse_others(names: Collection[str]) -> None:
    """Refuse what begins like another model's weights, or is half a CLIP."""
    for beginning, whose in OTHERS:
        if any(name.startswith(beginning) or f".{beginning}" in name for name in names):
            raise ValueError(f"they are those of {whose}")
    for there, missing in HALF.items():
        begins = [name.startswith((there, missing)) for name in names]
        if any(begins) and not any(name.startswith(missing) for name in names):
            raise ValueError(f"they are half a CLIP: there is {there[:-1]}, no {missing[:-1]}")


def _from_transformers(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return transformers' weights by OpenAI's names, attention's three matrices as one."""
    renamed: dict[str, Tensor] = {}
    thirds: dict[str, dict[str, Tensor]] = {}
    for name, tensor in state.items():
        ours = name
        for pattern, become in RENAMED:
            ours = re.sub(pattern, become, ours)
        if part := re.fullmatch(r"(.*)\.self_attn\.([qkv])_proj\.(weight|bias)", ours):
            thirds.setdefault(f"{part[1]}.attn.in_proj_{part[3]}", {})[part[2]] = tensor
        else:
            renamed[ours] = tensor.T if ours in TURNED else tensor
    for name, parts in thirds.items():
        if parts.keys() != set("qkv"):
            raise ValueError(f"{name} must have q, k and v; got {', '.join(parts)}")
        renamed[name] = torch.cat([parts[each] for each in "qkv"])
    return renamed
