"""The same CLIP twice: ours with random weights, and other people's with the same ones."""

from dataclasses import dataclass

import torch
from peers import import_peer
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from mmcourse.clip import CLIP, CLIPConfig

SIZES = {
    "embed_dim": 24,
    "context_length": 11,
    "vocab_size": 37,
    "transformer_width": 64,
    "transformer_layers": 2,
}
SMALL = {
    "vit": CLIPConfig(
        vision_layers=3, vision_width=128, vision_patch_size=8, image_resolution=40, **SIZES
    ),
    "resnet": CLIPConfig(
        vision_layers=(2, 1, 3, 1),
        vision_width=8,
        vision_patch_size=None,
        image_resolution=96,
        **SIZES,
    ),
}
TEXT = {
    "context_length": 77,
    "vocab_size": 49408,
    "transformer_width": 512,
    "transformer_layers": 12,
}
REAL = {
    "ViT-B/32": CLIPConfig(
        embed_dim=512,
        image_resolution=224,
        vision_layers=12,
        vision_width=768,
        vision_patch_size=32,
        **TEXT,
    ),
    "RN50": CLIPConfig(
        embed_dim=1024,
        image_resolution=224,
        vision_layers=(3, 4, 6, 3),
        vision_width=64,
        vision_patch_size=None,
        **TEXT,
    ),
}
PARTS = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
"""What transformers calls the parts of a block, and OpenAI."""


def random_clip(config, seed=1, dtype=torch.float32):
    """Return an evaluated CLIP in which no weight is 0 or 1 by construction."""
    torch.manual_seed(seed)
    model = CLIP(config)
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith("running_var") or (tensor.ndim == 1 and name.endswith("weight")):
                tensor.uniform_(0.5, 1.5)
            elif tensor.ndim == 1 and tensor.is_floating_point():
                tensor.normal_(std=0.1)
        model.logit_scale.fill_(2.0)
    return model.eval().to(dtype)


@dataclass
class Batch:
    """Pictures, and texts of different lengths, padded to the full context."""

    images: torch.Tensor
    tokens: torch.Tensor


def random_batch(config, dtype=torch.float32, pictures=3, texts=5):
    """Return a batch in which the texts end at different places, none at the last."""
    generator = torch.Generator().manual_seed(2)
    side, length, end = config.image_resolution, config.context_length, config.vocab_size - 1
    images = torch.randn(pictures, 3, side, side, generator=generator, dtype=dtype)
    tokens = torch.zeros(texts, length, dtype=torch.long)
    for row in range(texts):
        stop = 2 + row * (length - 4) // texts
        tokens[row, :stop] = torch.randint(1, end, (stop,), generator=generator)
        tokens[row, stop] = end
    return Batch(images, tokens)


class Undrawn(TorchFunctionMode):
    """Leaves new weights as they lie in memory: no time is lost on those that are replaced."""

    DRAWS = (Tensor.normal_, Tensor.uniform_, Tensor.erfinv_)

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if func in self.DRAWS:
            return args[0]
        return (torch.empty if func is torch.randn else func)(*args, **(kwargs or {}))


def open_clip_twin(model, config):
    """Return open_clip's model with the same weights."""
    peer = import_peer("open_clip.model")
    vision = peer.CLIPVisionCfg(
        layers=config.vision_layers,
        width=config.vision_width,
        patch_size=config.vision_patch_size,
        image_size=config.image_resolution,
    )
    text = peer.CLIPTextCfg(
        context_length=config.context_length,
        vocab_size=config.vocab_size,
        width=config.transformer_width,
        heads=config.transformer_heads,
        layers=config.transformer_layers,
    )
    twin = peer.CLIP(config.embed_dim, vision, text, quick_gelu=True)
    twin.load_state_dict(model.state_dict())
    return twin.eval().to(model.dtype)


def openai_twin(model, config):
    """Return the model that OpenAI's own code builds; it rounds to float16 on the way."""
    twin = import_peer("clip.model").build_model(dict(model.state_dict()))
    assert twin.visual.input_resolution == config.image_resolution
    return twin.float()


def transformers_twin(model, config):
    """Return Hugging Face's model with the same weights; it has no ResNet."""
    peer = import_peer("transformers")
    text = {
        "vocab_size": config.vocab_size,
        "hidden_size": config.transformer_width,
        "intermediate_size": 4 * config.transformer_width,
        "num_hidden_layers": config.transformer_layers,
        "num_attention_heads": config.transformer_heads,
        "max_position_embeddings": config.context_length,
        "hidden_act": "quick_gelu",
        "bos_token_id": config.vocab_size - 2,
        "eos_token_id": config.vocab_size - 1,
    }
    vision = {
        "hidden_size": config.vision_width,
        "intermediate_size": 4 * config.vision_width,
        "num_hidden_layers": config.vision_layers,
        "num_attention_heads": config.vision_heads,
        "image_size": config.image_resolution,
        "patch_size": config.vision_patch_size,
        "hidden_act": "quick_gelu",
    }
    twin = peer.CLIPModel(
        peer.CLIPConfig(text_config=text, vision_config=vision, projection_dim=config.embed_dim)
    )
    twin.load_state_dict(to_transformers(model.state_dict()))
    return twin.eval().to(model.dtype)


def to_transformers(state):
    """Return tensors by OpenAI's names under those of transformers."""
    renamed = {
        "logit_scale": state["logit_scale"],
        "text_projection.weight": state["text_projection"].T,
        "visual_projection.weight": state["visual.proj"].T,
        "text_model.embeddings.token_embedding.weight": state["token_embedding.weight"],
        "text_model.embeddings.position_embedding.weight": state["positional_embedding"],
        "vision_model.embeddings.class_embedding": state["visual.class_embedding"],
        "vision_model.embeddings.patch_embedding.weight": state["visual.conv1.weight"],
        "vision_model.embeddings.position_embedding.weight": state[
            "visual.positional_embedding"
        ],
    }
    norms = {
        "text_model.final_layer_norm": "ln_final",
        "vision_model.pre_layrnorm": "visual.ln_pre",  # their spelling
        "vision_model.post_layernorm": "visual.ln_post",
    }
    for kind in ("weight", "bias"):
        for theirs, ours in norms.items():
            renamed[f"{theirs}.{kind}"] = state[f"{ours}.{kind}"]
        for theirs, ours in (("text_model", ""), ("vision_model", "visual.")):
            renamed |= _blocks(state, theirs, ours, kind)
    return renamed


def _blocks(state, theirs, ours, kind):
    renamed, layer = {}, 0
    while (block := f"{ours}transformer.resblocks.{layer}") + ".ln_1.weight" in state:
        twin = f"{theirs}.encoder.layers.{layer}"
        thirds = state[f"{block}.attn.in_proj_{kind}"].chunk(3)
        for name, third in zip("qkv", thirds, strict=True):
            renamed[f"{twin}.self_attn.{name}_proj.{kind}"] = third
        renamed[f"{twin}.self_attn.out_proj.{kind}"] = state[f"{block}.attn.out_proj.{kind}"]
        for part, same in PARTS.items():
            renamed[f"{twin}.{part}.{kind}"] = state[f"{block}.{same}.{kind}"]
        layer += 1
    return renamed


TWINS = {"open_clip": open_clip_twin, "openai": openai_twin, "transformers": transformers_twin}


@dataclass
class Difference:
    """The largest absolute differences, and the largest values they are differences of."""

    features: float
    gradients: float
    feature_size: float
    gradient_size: float


def difference(model, config, name, batch):
    """Return how far our features, and the gradients of all weights, are from a twin's."""
    with Undrawn():
        twin = TWINS[name](model, config)
    ours, theirs = _features(model, batch), _features(twin, batch)
    _backward(model, ours[-1])
    _backward(twin, theirs[-1])
    gradients = {key: weight.grad for key, weight in model.named_parameters()}
    if name == "transformers":
        gradients = to_transformers(gradients)
    others = {key: weight.grad for key, weight in twin.named_parameters()}
    assert gradients.keys() == others.keys()
    return Difference(
        features=_largest(a - b for a, b in zip(ours, theirs, strict=True)),
        gradients=_largest(gradients[key] - others[key] for key in others),
        feature_size=_largest(ours),
        gradient_size=_largest(gradients.values()),
    )


def _features(model: nn.Module, batch):
    """Return image features, text features and logits."""
    if hasattr(model, "encode_image"):
        images, texts = model.encode_image(batch.images), model.encode_text(batch.tokens)
    else:
        images = model.visual_projection(model.vision_model(batch.images).pooler_output)
        texts = model.text_projection(model.text_model(batch.tokens).pooler_output)
    cosines = torch.cosine_similarity(images[:, None], texts[None], dim=-1)
    return images, texts, model.logit_scale.exp() * cosines


def _backward(model: nn.Module, logits):
    """Fill in the gradients of the loss of pictures that the first texts belong to."""
    model.zero_grad()
    functional.cross_entropy(logits, torch.arange(len(logits))).backward()


def _largest(tensors):
    return max(tensor.detach().abs().max().item() for tensor in tensors)
