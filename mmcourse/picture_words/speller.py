"""The transformer and the tokenizer together: from a sentence to a picture, and back.

Leaves out training them (`scripts/train_tokenizer.py`, `scripts/train_picture_words.py`), and
choosing among several (`best`).
"""

from collections.abc import Sequence
from typing import final

import torch
from jaxtyping import UInt8
from torch import Tensor

from mmcourse.autoencoder import as_images, as_pixels
from mmcourse.boundary.signature import checked
from mmcourse.captioning.said import Said
from mmcourse.checkpoints import restore
from mmcourse.codebook.tokenizer import PictureTokenizer, load_tokenizer
from mmcourse.picture_words.net import PictureWords
from mmcourse.picture_words.spell import GUIDANCE, TEMPERATURE, TOP_K, spell
from mmcourse.picture_words.tell import tell
from mmcourse.picture_words.text import text_rows

BATCH = 64


@final
class Speller:
    """What spells pictures, and reads them.

    Args:
        model: of words and codes.
        tokenizer: from pictures to codes and back.
    """

    def __init__(self, model: PictureWords, tokenizer: PictureTokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer

    @checked
    @torch.no_grad()
    def paint(
        self,
        prompts: Sequence[str],
        *,
        generator: torch.Generator,
        guidance: float = GUIDANCE,
        temperature: float = TEMPERATURE,
        top_k: int | None = TOP_K,
    ) -> UInt8[Tensor, "batch 64 64 3"]:
        """Return one picture of each prompt: red, green, blue from 0 to 255.

        Args:
            prompts: in the words of the drawn world, "a red cat at sunset"; at most fifteen.
            generator: as for `spell`; so are the others.
            guidance: 0 ignores the prompt, 1 follows it as in training, more exaggerates it.
            temperature: divides the logits.
            top_k: how many of the likeliest codes are drawn from; None takes all.

        Raises:
            ValueError: there is no prompt, one is longer or holds an unknown word, or a number
                is out of range.
        """
        rows = text_rows(self.model.tokens, prompts).to(self.model.order_embedding.device)
        painted = [
            self.tokenizer.decode(
                spell(
                    self.model,
                    part,
                    generator=generator,
                    guidance=guidance,
                    temperature=temperature,
                    top_k=top_k,
                )
            )
            for part in torch.split(rows, BATCH)
        ]
        return as_pixels(torch.cat(painted))

    @checked
    @torch.no_grad()
    def tell(self, pixels: UInt8[Tensor, "batch 64 64 3"]) -> list[Said]:
        """Return what is said of pictures.

        Args:
            pixels: red, green, blue from 0 to 255.

        Raises:
            ValueError: there is no picture.
        """
        images = as_images(pixels.numpy(force=True)).to(self.model.order_embedding.device)
        return [
            said
            for part in torch.split(images, BATCH)
            for said in tell(self.model, self.tokenizer.encode(part))
        ]


@checked
def load_speller(device: str | None = None) -> Speller:
    """Return the shipped speller.

    Args:
        device: where it runs; None takes the GPU if there is one.
    """
    tokenizer = load_tokenizer(device)
    here = next(tokenizer.parameters()).device
    return Speller(restore(PictureWords(), "picture-words").to(here), tokenizer)
