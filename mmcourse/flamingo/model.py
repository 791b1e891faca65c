"""Flamingo in miniature: a frozen language model that looks, through gates, at frozen pictures.

The recipe of arXiv 2204.14198: nothing of what both models knew is touched; all that learns is
a resampler and the gated layers between theirs (`Sight`). Differs from the paper: a language
model of word games alone, and a document in which every chunk is one picture and one word.
"""

from typing import final

from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import restore
from mmcourse.flamingo.gates import GatedCrossAttention
from mmcourse.flamingo.interleave import own_picture
from mmcourse.flamingo.language import GameLanguageModel
from mmcourse.flamingo.resampler import Resampler
from mmcourse.transformer import WIDEST


@final
class Sight(nn.Module):
    """All that learns: what pictures are made into, and where words may look at it.

    Args:
        dim: numbers in the feature of a place.
        places: of a picture.
        width: numbers in a token of the language model.
        layers: of it.
        latents: tokens that a picture is made into.

    Raises:
        ValueError: a number is out of range.
    """

    @checked
    def __init__(
        self,
        dim: int = 256,
        places: int = 16,
        *,
        width: int = 128,
        layers: int = 4,
        latents: int = 2,
    ) -> None:
        super().__init__()
        layers = whole("Sight", "layers", layers, least=1, most=WIDEST)
        self.resampler = Resampler(dim, places, width=width, latents=latents)
        self.resblocks = nn.ModuleList(GatedCrossAttention(width) for _ in range(layers))


@final
class Flamingo(nn.Module):
    """What is the next word of a document with pictures?

    Args:
        language: reads the words; its weights are frozen.
        sight: shows it the pictures.

    Raises:
        ValueError: the one has more layers than the other.
    """

    @checked
    def __init__(self, language: GameLanguageModel, sight: Sight) -> None:
        super().__init__()
        if len(sight.resblocks) != (layers := len(language.convolutions)):
            raise ValueError(
                f"Flamingo: sight must have the {layers} layers of the language model; got "
                f"{len(sight.resblocks)}."
            )
        self.language, self.sight = language.requires_grad_(requires_grad=False), sight

    @checked
    def forward(
        self,
        tokens: Int[Tensor, "batch length"],
        pictures: Float[Tensor, "batch pictures places dim"],
    ) -> Float[Tensor, "batch length words"]:
        """Return, at every word, the logits of the word after it.

        Args:
            tokens: documents in numbers of `game_words()`.
            pictures: grids of the pictures of each, in the order of its marks; what is left
                over is not seen.
        """
        batch, n = pictures.shape[:2]
        latents = self.sight.resampler(pictures.flatten(0, 1))
        # (batch * pictures, latents, width) -> (batch, pictures * latents, width)
        seen = latents.unflatten(0, (batch, n)).flatten(1, 2)
        may = own_picture(tokens, n).repeat_interleave(latents.shape[1], 2)
        return self.language(
            tokens, lambda number, x: self.sight.resblocks[number](x, seen, may)
        )


def load_flamingo() -> Flamingo:
    """Return the shipped model, ready to be asked.

    >>> import torch
    >>> load_flamingo()(torch.tensor([[3, 5]]), torch.zeros(1, 1, 16, 256)).shape
    torch.Size([1, 2, 56])
    """
    language = restore(GameLanguageModel(), "word-game")
    return Flamingo(language, restore(Sight(), "flamingo")).eval()
