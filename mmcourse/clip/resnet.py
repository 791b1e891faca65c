"""CLIP's modified ResNet: convolutions, read out by one attention layer.

Residual network (arXiv 1512.03385) with three changes: a stem of three convolutions and an
average pool, an average pool before every stride ("blur", arXiv 1904.11486), and attention
pooling in place of the last average (arXiv 2103.00020, section 2.4).
Parameter names are those of OpenAI's checkpoints.
"""

from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

EXPANSION = 4
"""A bottleneck's output has this many times the channels of its middle."""


@final
class Bottleneck(nn.Module):
    """1×1 down, 3×3, 1×1 up; added to its input. A stride is an average pool."""

    def __init__(self, inputs: int, planes: int, stride: int) -> None:
        super().__init__()
        outputs = planes * EXPANSION
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.avgpool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.conv3 = nn.Conv2d(planes, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = (
            nn.Sequential(
                OrderedDict(
                    [
                        ("-1", nn.AvgPool2d(stride)),
                        ("0", nn.Conv2d(inputs, outputs, 1, bias=False)),
                        ("1", nn.BatchNorm2d(outputs)),
                    ]
                )
            )
            if stride > 1 or inputs != outputs
            else None
        )

    def forward(self, x: Float[Tensor, "batch c h w"]) -> Float[Tensor, "batch c2 h2 w2"]:
        """Return the input, downsampled if need be, plus what the block adds; never below 0."""
        out = self.bn1(self.conv1(x)).relu_()  # in place: nothing needs what it was before
        out = self.bn2(self.conv2(out)).relu_()
        out = self.bn3(self.conv3(self.avgpool(out)))
        return (out + (x if self.downsample is None else self.downsample(x))).relu_()


@final
class AttentionPool2d(nn.Module):
    """One attention layer whose only query is the mean of all places."""

    def __init__(self, side: int, width: int, heads: int, output_dim: int) -> None:
        super().__init__()
        self.heads = heads
        self.positional_embedding = nn.Parameter(torch.randn(side**2 + 1, width) * width**-0.5)
        self.k_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.c_proj = nn.Linear(width, output_dim)

    def forward(
        self, x: Float[Tensor, "batch width rows columns"]
    ) -> tuple[Float[Tensor, "batch dim"], Float[Tensor, "batch heads 1 tokens"]]:
        """Return one vector per picture, and how much it took from the mean and each place."""
        places = x.flatten(2).mT  # (batch, width, rows, columns) -> (batch, tokens, width)
        tokens = torch.cat([places.mean(1, keepdim=True), places], dim=1)
        tokens = tokens + self.positional_embedding.to(tokens.dtype)
        queries, keys, values = (
            projection(part).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for projection, part in (
                (self.q_proj, tokens[:, :1]),
                (self.k_proj, tokens),
                (self.v_proj, tokens),
            )
        )  # each (batch, heads, tokens, head_dim)
        scores = (queries * queries.shape[-1] ** -0.5) @ keys.mT
        attention = scores.softmax(-1).to(values.dtype)
        return self.c_proj((attention @ values).transpose(1, 2).flatten(1)), attention


@final
class ModifiedResNet(nn.Module):
    """Stem, four stages of bottlenecks, attention pooling.

    Args:
        layers: blocks in each of the four stages.
        output_dim: length of the embedding.
        heads: attention heads of the pooling; they divide 32 `width`.
        input_resolution: width and height of the pictures, in pixels; a multiple of 32.
        width: channels after the stem.
    """

    def __init__(
        self,
        *,
        layers: tuple[int, int, int, int],
        output_dim: int,
        heads: int,
        input_resolution: int,
        width: int,
    ) -> None:
        super().__init__()
        self.input_resolution = input_resolution
        self.conv1 = nn.Conv2d(3, width // 2, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width // 2)
        self.conv2 = nn.Conv2d(width // 2, width // 2, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width // 2)
        self.conv3 = nn.Conv2d(width // 2, width, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.avgpool = nn.AvgPool2d(2)
        self.layer1 = _stage(width, width, layers[0], stride=1)
        self.layer2 = _stage(4 * width, 2 * width, layers[1], stride=2)
        self.layer3 = _stage(8 * width, 4 * width, layers[2], stride=2)
        self.layer4 = _stage(16 * width, 8 * width, layers[3], stride=2)
        self.attnpool = AttentionPool2d(input_resolution // 32, 32 * width, heads, output_dim)
        self._initialise(32 * width)

    def forward(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch dim"]:
        """Return one embedding per picture."""
        return self.attnpool(self._last_stage(images))[0]

    def grid(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch tokens dim"]:
        """Return the places of the third stage, row by row from the top left.

        The third stage has four times as many places as the last (4 × 4 for 64 pixels).
        """
        *_, third = islice(self.stages(images), 4)
        return third.flatten(2).mT

    def stages(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Iterator[Float[Tensor, "batch channels rows columns"]]:
        """Yield what the stem knows of each place, then what each of the four stages does."""
        x = self._stem(images)
        yield x
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            yield x

    def with_attention(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> tuple[Float[Tensor, "batch dim"], list[Float[Tensor, "batch heads 1 tokens"]]]:
        """Return the embeddings, and the pooling's attention; token 0 is the mean place."""
        embeddings, attention = self.attnpool(self._last_stage(images))
        return embeddings, [attention]

    def _stem(self, images: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b width h2 w2"]:
        x = self.bn1(self.conv1(images)).relu_()
        x = self.bn2(self.conv2(x)).relu_()
        return self.avgpool(self.bn3(self.conv3(x)).relu_())

    def _last_stage(self, images: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b c h2 w2"]:
        *_, last = self.stages(images)
        return last

    def _initialise(self, width: int) -> None:
        """Start as OpenAI's release: every block adds nothing at first (arXiv 1706.02677, 5.1).

        The stem's own bn3 must keep its weight of 1: a stem that gives 0 never learns.
        """
        pool = self.attnpool
        for linear in (pool.q_proj, pool.k_proj, pool.v_proj, pool.c_proj):
            nn.init.normal_(linear.weight, std=width**-0.5)
        for name, parameter in self.named_parameters():
            if name.startswith("layer") and name.endswith("bn3.weight"):
                nn.init.zeros_(parameter)


def _stage(inputs: int, planes: int, blocks: int, stride: int) -> nn.Sequential:
    first = Bottleneck(inputs, planes, stride)
    others = (Bottleneck(planes * EXPANSION, planes, stride=1) for _ in range(blocks - 1))
    return nn.Sequential(first, *others)
