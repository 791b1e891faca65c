"""One question, from its words to an answer: read, look, choose among what it can be."""

import re
from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.ask.options import EXAMPLES, Options
from mmcourse.ask.output import Answered, as_line, as_text
from mmcourse.checkpoints import restore
from mmcourse.eyes import FOREIGN, Eyes, reason
from mmcourse.images import UnreadableImageError
from mmcourse.terminal import FURTHER, printable, say, show_lines
from mmcourse.vqa import ANSWERS, CrossAttentionVQA, question_tokens, statements
from mmcourse.vqa.statements import NOUNS
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import plural

MODEL = "vqa"


def ask(options: Options) -> None:
    """Answer a question, and print the answer; the question is read before the picture.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
        FileNotFoundError: weights are missing.
        ValueError: the question is none that the model learnt, the file is no picture, there is
            no such device, or weights are damaged.
    """
    tokens, possible = read(options.question)
    eyes = Eyes(options.device)
    model = restore(CrossAttentionVQA(), MODEL).to(eyes.device)
    try:
        seen = eyes.look(options.file)
    except UnreadableImageError as error:
        raise ValueError(f"ask: {printable(reason(error))}") from error
    [chances] = answered(model, seen.grid, tokens)
    ranked = sorted(((chances[each], each) for each in possible), reverse=True)
    found = Answered(
        path=str(options.file),
        question=options.question,
        answers=tuple((each, chance) for chance, each in ranked),
        distance=seen.distance,
        doubted=doubted(model, seen.grid, options.question),
    )
    show_lines([as_text(found) if options.as_json else as_line(found, FOREIGN)])
    if found.doubted and not found.foreign:
        things = ", ".join(f"no {name}" for name in found.doubted)
        say(f"ask: the model sees {things} there, which the question takes for granted.")


def doubted(
    model: CrossAttentionVQA, grid: Float[Tensor, "1 places dim"], question: str
) -> tuple[str, ...]:
    """Return the things that a question takes for granted, and of which none is seen."""
    names = granted(question)
    if not names:
        return ()
    asked = question_tokens()([with_articles(f"is there a {name}?") for name in names])
    chances = answered(model, grid.expand(len(names), -1, -1), asked)
    pairs = zip(names, chances, strict=True)
    return tuple(name for name, chance in pairs if chance["no"] > chance["yes"])


def granted(question: str) -> tuple[str, ...]:
    """Return the things that a question speaks of as if they were there.

    >>> granted("is the cat to the left of the cars?"), granted("is there a dog?")
    (('cat', 'car'), ())
    """
    words = _words(question)
    if " ".join(words).startswith(("is there", "are there", "can you see")):
        return ()
    return tuple(name for name in NOUNS if not {name, plural(name)}.isdisjoint(words))


@torch.no_grad()
def answered(
    model: CrossAttentionVQA,
    grids: Float[Tensor, "n places dim"],
    questions: Int[Tensor, "n length"],
) -> list[dict[str, float]]:
    """Return the probability of every answer to each question."""
    logits, _ = model(grids, questions.to(grids.device))
    return [dict(zip(ANSWERS, row, strict=True)) for row in logits.softmax(1).tolist()]


def read(question: str) -> tuple[Int[Tensor, "1 length"], Mapping[str, str]]:
    """Return a question's tokens, and the answers that it can have.

    Raises:
        ValueError: it holds words that the model never learnt, or is of no form that it did.
    """
    known = question_tokens()
    unknown = [word for word in _words(question) if word not in known.ids and word != "an"]
    if unknown:
        named = ", ".join(map(printable, dict.fromkeys(unknown)))
        raise _unread(f"must be in words that the model learnt; it never learnt {named:.200}")
    plain = " ".join(question.split())
    try:
        return known(plain), statements(plain)
    except ValueError:
        sorts = "a kind, a colour, one to four, a side, a direction, yes or no"
        form = f"must be of a form that the model learnt, whose answer is {sorts}"
        raise _unread(f"{form}; got {printable(plain):.120}") from None


def _unread(why: str) -> ValueError:
    return ValueError(FURTHER.join([f"ask: a question {why}; ask such as:", *EXAMPLES]))


def _words(question: str) -> list[str]:
    return re.findall(r"[^\s.,?!;:]+", question.lower())
