"""A film is watched once, in a transformer; then each question looks for its answer in it.

Each frame's two tokens get the token of its moment's sound added: what sounds while something
hops then stands in one place. A vector says which moment, another which half, and the tokens
exchange what they know. A question is the sum of its words' vectors; it looks at the film by
cross-attention (lesson 12), so a film that is watched once may be asked a hundred times. Large
models put the tokens before a language model's words instead (Video-LLaMA, arXiv 2306.02858,
section 2.1). Leaves out answers in sentences, and the order of a question's words.
"""

from typing import final

import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.tokenizer.words import PADDING, require_tokens
from mmcourse.transformer import WIDEST, LayerNorm, QuickGELU, Transformer
from mmcourse.video.answers import film_tokens
from mmcourse.video.encoders import FrameEncoder, PieceEncoder
from mmcourse.vqa.cross_attention import CrossAttention
from mmcourse.world import FILM_ANSWERS
from mmcourse.world.sounds_and_films.duet import FRAMES

HEAD_DIM = 32
SPREAD = 0.6
"""Of the first vectors for moments and halves: much smaller ones are drowned by what is seen,
and the order of the frames is learnt late."""

LOOKS = 2


@final
class Look(nn.Module):
    """A question looks at a film, then thinks about what it found."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ln_1 = LayerNorm(width)
        self.look = CrossAttention(width, width // HEAD_DIM)
        self.ln_2 = LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), QuickGELU(), nn.Linear(4 * width, width)
        )

    def forward(self, questions: Tensor, film: Tensor) -> Tensor:
        """Return the questions with what they found."""
        questions = questions + self.look(self.ln_1(questions), film)[0]
        return questions + self.mlp(self.ln_2(questions))


@final
class VideoQA(nn.Module):
    """Answers questions about films with sound.

    Args:
        width: numbers in a token; a multiple of 32.
        layers: of the transformer that watches.

    Raises:
        ValueError: a number is out of range.

    >>> model = VideoQA(width=32, layers=1)
    >>> film = torch.zeros(2, 10, 32, 32, 3, dtype=torch.uint8), torch.zeros(2, 10, 48, 11)
    >>> questions = film_tokens()(["what do you hear?", "what colour is the cat?"])
    >>> model(*film, questions[:, None]).shape
    torch.Size([2, 1, 19])
    """

    @checked
    def __init__(self, width: int = 96, layers: int = 3) -> None:
        super().__init__()
        width = whole("VideoQA", "width", width, least=HEAD_DIM, most=WIDEST)
        if width % HEAD_DIM:
            raise ValueError(f"VideoQA: width must be a multiple of {HEAD_DIM}; got {width}.")
        layers = whole("VideoQA", "layers", layers, least=0, most=WIDEST)
        self.frames = FrameEncoder(width)
        self.pieces = PieceEncoder(width)
        self.moment_embedding = nn.Parameter(SPREAD * torch.randn(FRAMES, 1, width))
        self.side_embedding = nn.Parameter(SPREAD * torch.randn(2, width))
        self.transformer = Transformer(width, layers, width // HEAD_DIM)
        self.ln_film = LayerNorm(width)
        self.word_embedding = nn.Embedding(len(film_tokens()), width, padding_idx=PADDING)
        self.resblocks = nn.ModuleList(Look(width) for _ in range(LOOKS))
        self.ln_final = LayerNorm(width)
        self.answer = nn.Linear(width, len(FILM_ANSWERS))

    @checked
    def watch(
        self,
        pictures: UInt8[Tensor, "batch 10 32 32 3"],
        sounds: Float[Tensor, "batch 10 48 11"],
    ) -> Float[Tensor, "batch places width"]:
        """Return what a film's tokens know, two a frame.

        Raises:
            ValueError: a number is not finite.
        """
        seen = self.frames(pictures)  # (batch, frames, 2, width)
        heard = self.pieces(sounds)[:, :, None]
        placed = seen + heard + self.moment_embedding + self.side_embedding
        return self.ln_film(self.transformer(placed.flatten(1, 2)))

    @checked
    def reply(
        self,
        film: Float[Tensor, "batch places width"],
        questions: Int[Tensor, "batch asked length"],
    ) -> Float[Tensor, "batch asked answers"]:
        """Return the logits of all answers.

        Args:
            film: from `watch`.
            questions: from `film_tokens()`, several about each film.

        Raises:
            ValueError: a number stands for no word.
        """
        weight = self.word_embedding.weight
        require_tokens("VideoQA", "questions", questions, len(weight), weight.device)
        x = self.word_embedding(questions).sum(2)
        for block in self.resblocks:
            x = block(x, film)
        return self.answer(self.ln_final(x))

    @checked
    def forward(
        self,
        pictures: UInt8[Tensor, "batch 10 32 32 3"],
        sounds: Float[Tensor, "batch 10 48 11"],
        questions: Int[Tensor, "batch asked length"],
    ) -> Float[Tensor, "batch asked answers"]:
        """Return the logits of all answers to the questions about each film.

        Raises:
            ValueError: as for `watch` and `reply`.
        """
        return self.reply(self.watch(pictures, sounds), questions)
