"""One question, from its words to an answer: read, look, choose among what it can be."""

from mmcourse.ask.options import EXAMPLES, Options
from mmcourse.ask.output import Answered, as_line, as_text, beside
from mmcourse.checkpoints import restore
from mmcourse.eyes import FOREIGN, Eyes, reason
from mmcourse.images import UnreadableImageError
from mmcourse.terminal import FURTHER, printable, say, show_lines
from mmcourse.vqa import CrossAttentionVQA, reply_to, understood

MODEL = "vqa"


def ask(options: Options) -> None:
    """Answer a question, and print the answer; the question is read before the picture.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
        FileNotFoundError: weights are missing.
        ValueError: the question is none that the model learnt, the file is no picture, there is
            no such device, or weights are damaged.
    """
    question = read(options.question)
    eyes = Eyes(options.device)
    model = restore(CrossAttentionVQA(), MODEL).to(eyes.device)
    try:
        seen = eyes.look(options.file)
    except UnreadableImageError as error:
        raise ValueError(f"ask: {printable(reason(error))}") from error
    found = Answered(
        path=str(options.file),
        question=options.question,
        reply=reply_to(model, seen.grid, question),
        distance=seen.distance,
    )
    show_lines([as_text(found) if options.as_json else as_line(found, FOREIGN)])
    for line in beside(found):
        say(f"ask: {line}")


def read(question: str) -> str:
    """Return a question as the model learnt to read it.

    Raises:
        ValueError: it holds words that the model never learnt, or is of no form that it did.
    """
    try:
        return understood(question)
    except ValueError as error:
        why = str(error).partition(": ")[2].removesuffix(".")
        raise ValueError(FURTHER.join([f"ask: {why}; ask such as:", *EXAMPLES])) from None
