"""Answers without looking: how far the question alone goes.

Whatever it gets right, a model with eyes gets no credit for (arXiv 1612.00837, section 5). In
the drawn world "what colour is the bus?" is better answered with "yellow" than by chance.
"""

from typing import final

from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.boundary.signature import checked
from mmcourse.vqa.answers import ANSWERS
from mmcourse.vqa.reader import QuestionReader, at_end, sizes


@final
class QuestionOnly(nn.Module):
    """A question, and a linear layer.

    Args:
        width: numbers in a token of the question; a multiple of 32.
        layers: of the question's transformer.

    Raises:
        ValueError: a number is out of range.

    >>> from mmcourse.vqa.answers import question_tokens
    >>> model = QuestionOnly(width=32, layers=1)
    >>> model(question_tokens()(["is there a cat?"])).shape
    torch.Size([1, 44])
    """

    @checked
    def __init__(self, *, width: int = 128, layers: int = 2) -> None:
        super().__init__()
        _, _, width, layers = sizes("QuestionOnly", 1, 1, width, layers)
        self.reader = QuestionReader(width, layers)
        self.answer = nn.Linear(width, len(ANSWERS))

    @checked
    def forward(self, questions: Int[Tensor, "batch length"]) -> Float[Tensor, "batch answers"]:
        """Return the logits of all answers to questions from `question_tokens()`."""
        return self.answer(at_end(self.reader(questions), questions))
