"""CLIP: two towers, one space (Radford et al., arXiv 2103.00020).

Surface and parameter names are those of OpenAI's package, so that its checkpoints load with
`strict=True`. Leaves out training (`losses`, `train`) and files (`load`).
"""

import math
from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.boundary.signature import checked
from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.resnet import ModifiedResNet
from mmcourse.clip.text import by_length, skip_padding, text_feature
from mmcourse.clip.vit import VisionTransformer
from mmcourse.similarity import unit
from mmcourse.transformer import LayerNorm, Transformer, causal_mask

FIRST_SCALE = 1 / 0.07
"""The scale that training starts from (section 2.5)."""


@final
class CLIP(nn.Module):
    """An image tower, a text tower, and the scale that multiplies their cosines.

    The text tower's parameters lie beside `visual`, as in OpenAI's checkpoints.
    """

    STAND_INS_HAVE = ("encode_text", "logit_scale")
    """Whatever has these may be passed where a CLIP is asked for, such as OpenAI's own."""

    @checked
    def __init__(self, config: CLIPConfig) -> None:
        super().__init__()
        width = config.transformer_width
        self.context_length = config.context_length
        self.vocab_size = config.vocab_size
        self.origin = ""  # in words, of weights that came by other people's names
        self.visual = _image_tower(config)
        self.transformer = Transformer(
            width, config.transformer_layers, config.transformer_heads
        )
        self.token_embedding = nn.Embedding(config.vocab_size, width)
        self.positional_embedding = nn.Parameter(
            0.01 * torch.randn(config.context_length, width)
        )
        self.ln_final = LayerNorm(width)
        self.text_projection = nn.Parameter(width**-0.5 * torch.randn(width, config.embed_dim))
        self.logit_scale = nn.Parameter(torch.tensor(math.log(FIRST_SCALE)))
        nn.init.normal_(self.token_embedding.weight, std=0.02)

    @property
    def dtype(self) -> torch.dtype:
        """The precision that both towers compute in."""
        return self.visual.conv1.weight.dtype

    def encode_image(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch dim"]:
        """Return one embedding per picture, not normalised.

        Args:
            images: from `preprocess`, all of the tower's resolution.

        Raises:
            TypeError: no tensor of floats.
            ValueError: another shape.
        """
        return self.visual(self._checked_images("encode_image", images))

    def image_grid(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch tokens dim"]:
        """Return what the image tower knows of each place, row by row from the top left.

        A ViT gives its patches after the last layer; a ResNet the places of its third stage,
        which has four times as many as the last.

        Args:
            images: as for `encode_image`.

        Raises:
            TypeError: no tensor of floats.
            ValueError: another shape.
        """
        return self.visual.grid(self._checked_images("image_grid", images))

    def image_attention(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> tuple[Float[Tensor, "batch dim"], list[Float[Tensor, "batch heads queries tokens"]]]:
        """Return the embeddings, and the attention of every layer that has one, with gradient.

        Token 0 is a ViT's class token, or the mean of a ResNet's places (one layer: its
        pooling, with that mean as the only query); the others are places, row by row.

        Args:
            images: as for `encode_image`.

        Raises:
            TypeError: no tensor of floats.
            ValueError: another shape.
        """
        return self.visual.with_attention(self._checked_images("image_attention", images))

    def encode_text(self, tokens: Int[Tensor, "batch length"]) -> Float[Tensor, "batch dim"]:
        """Return one embedding per text, not normalised, read at its end token.

        Places after the longest text's end are skipped, and a few long texts encoded apart from
        many short ones, which changes nothing (`text`).

        Args:
            tokens: from `tokenize`; the end token is the one with the largest id.

        Raises:
            TypeError: `tokens` is no tensor of int32 or int64.
            ValueError: no tokens, more than the tower's context, or one that it does not have.
        """
        self._check_tokens("encode_text", tokens)
        if not len(tokens):
            return self.text_projection.new_empty(0, self.text_projection.shape[1])
        groups = by_length(tokens)
        features = torch.cat([self._text_features(tokens[rows]) for rows in groups])
        return features[torch.cat(groups).argsort()]  # in the order in which they came

    def text_hidden(
        self, tokens: Int[Tensor, "batch length"]
    ) -> Float[Tensor, "batch length width"]:
        """Return every token after the last layer, normalised; none has seen a later one.

        Raises:
            TypeError: as for `encode_text`.
            ValueError: as for `encode_text`.
        """
        self._check_tokens("text_hidden", tokens)
        return self._text_hidden(tokens)

    def forward(
        self, image: Float[Tensor, "n 3 height width"], text: Int[Tensor, "m length"]
    ) -> tuple[Float[Tensor, "n m"], Float[Tensor, "m n"]]:
        """Return the scaled cosines of every picture with every text, and their transpose."""
        image_features = unit(self.encode_image(image))
        text_features = unit(self.encode_text(text))
        logits_per_image = self.logit_scale.exp() * image_features @ text_features.T
        return logits_per_image, logits_per_image.T

    def _text_features(self, tokens: Tensor) -> Tensor:
        tokens = skip_padding(tokens)
        return text_feature(self._text_hidden(tokens), tokens) @ self.text_projection

    def _text_hidden(self, tokens: Tensor) -> Tensor:
        length = tokens.shape[1]
        embedded = self.token_embedding(tokens).to(self.dtype)
        positions = self.positional_embedding[:length].to(self.dtype)
        mask = causal_mask(length).to(embedded.device)
        return self.ln_final(self.transformer(embedded + positions, mask))

    def _check_tokens(self, operation: str, tokens: Tensor) -> None:
        if not isinstance(tokens, Tensor) or tokens.dtype not in (torch.int32, torch.int64):
            raise TypeError(
                f"{operation}: tokens must be a tensor of int32 or int64; got "
                f"{getattr(tokens, 'dtype', type(tokens).__name__)}; clip.tokenize(texts) "
                "makes one."
            )
        self._require_here(operation, "tokens", tokens)
        if tokens.ndim != 2 or not 1 <= tokens.shape[1] <= self.context_length:
            raise ValueError(
                f"{operation}: tokens must have shape (batch, 1 to {self.context_length}); got "
                f"{tuple(tokens.shape)}; clip.tokenize(texts) makes them."
            )
        if tokens.is_meta or torch.compiler.is_compiling() or not tokens.numel():
            return  # nobody knows what is in it, or nothing is
        if not 0 <= int(tokens.min()) <= int(tokens.max()) < self.vocab_size:
            raise ValueError(
                f"{operation}: tokens must be from 0 to {self.vocab_size - 1}; got "
                f"{int(tokens.min())} to {int(tokens.max())}; they are another vocabulary's."
            )

    def _checked_images(self, operation: str, images: Tensor) -> Tensor:
        if not isinstance(images, Tensor) or not images.is_floating_point():
            raise TypeError(
                f"{operation}: images must be a tensor of floats; got "
                f"{getattr(images, 'dtype', type(images).__name__)}; "
                "preprocess(picture).unsqueeze(0) makes one."
            )
        side = self.visual.input_resolution
        if images.ndim != 4 or tuple(images.shape[1:]) != (3, side, side):
            raise ValueError(
                f"{operation}: images must have shape (batch, 3, {side}, {side}); got "
                f"{tuple(images.shape)}; preprocess(picture).unsqueeze(0) makes one."
            )
        self._require_here(operation, "images", images)
        return images.to(self.dtype)

    def _require_here(self, operation: str, name: str, tensor: Tensor) -> None:
        here = self.logit_scale.device
        if tensor.device != here:
            raise ValueError(
                f"{operation}: {name} must be on {here}, as the model is; got {tensor.device}; "
                f"{name}.to({str(here)!r}) moves them."
            )


def _image_tower(config: CLIPConfig) -> VisionTransformer | ModifiedResNet:
    if isinstance(config.vision_layers, tuple):
        return ModifiedResNet(
            layers=config.vision_layers,
            output_dim=config.embed_dim,
            heads=config.vision_heads,
            input_resolution=config.image_resolution,
            width=config.vision_width,
        )
    assert config.vision_patch_size is not None  # CLIPConfig checks that they go together
    return VisionTransformer(
        input_resolution=config.image_resolution,
        patch_size=config.vision_patch_size,
        width=config.vision_width,
        layers=config.vision_layers,
        heads=config.vision_heads,
        output_dim=config.embed_dim,
    )
