"""Captions of sounds: time tokens stand before the words, where a picture's places stood.

The decoder is the captioner of pictures, given other words; `greedy`, `beam` and `sample` work
on it as they are. Pooled, all tokens are averaged into one first: then what happened is kept,
and when it happened is gone. The task is that of AudioCaps (Kim et al., NAACL 2019); leaves
out every recording that was not drawn.
"""

from typing import final

from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.audio.tower import TIME_STRIDE, TimeTokens
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.captioning import PrefixCaptioner
from mmcourse.transformer import WIDEST
from mmcourse.world import sound_words

FRAMES = 186
"""Of three seconds, as `log_mel` makes them by default."""


@final
class AudioCaptioner(nn.Module):
    """What is the next word, given a recording?

    Args:
        width: numbers in a token; a multiple of 32.
        layers: of the decoder.
        frames: of a recording; 186 are three seconds.
        pooled: whether the decoder sees the mean of all time tokens alone.

    Raises:
        ValueError: a number is out of range.

    >>> import torch
    >>> model = AudioCaptioner(width=32, layers=1)
    >>> model(torch.zeros(2, 48, 186), model.decoder.tokens(["a cat once", "a car"])).shape
    torch.Size([2, 5, 55])
    """

    @checked
    def __init__(
        self, width: int = 128, layers: int = 3, *, frames: int = FRAMES, pooled: bool = False
    ) -> None:
        super().__init__()
        frames = whole("AudioCaptioner", "frames", frames, least=16, most=WIDEST)
        self.pooled = pooled
        self.time_tokens = TimeTokens(width)
        places = 1 if pooled else -(-frames // TIME_STRIDE)
        self.decoder = PrefixCaptioner(
            width, places, width=width, layers=layers, words=sound_words()
        )

    @checked
    def features(
        self, mels: Float[Tensor, "batch mels frames"]
    ) -> Float[Tensor, "batch places dim"]:
        """Return what the decoder looks at: time tokens, or their mean as a single one.

        Args:
            mels: from `log_mel`, of 48 bands.

        Raises:
            ValueError: there are other bands, too few frames, or one is not finite.
        """
        tokens = self.time_tokens(mels)
        return tokens.mean(1, keepdim=True) if self.pooled else tokens

    @checked
    def forward(
        self, mels: Float[Tensor, "batch mels frames"], tokens: Int[Tensor, "batch length"]
    ) -> Float[Tensor, "batch length words"]:
        """Return, at every word, the logits of the word after it.

        Raises:
            ValueError: there are more words than a caption has, or as for `features`.
        """
        return self.decoder(self.features(mels), tokens)
