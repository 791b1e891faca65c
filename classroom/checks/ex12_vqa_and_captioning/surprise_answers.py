"""Answers to 12.2, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import Answer, Mistake

Met = tuple[Tensor, Tensor]
"""Logits and the tokens that they are asked for: (batch, asked, words), (batch, asked)."""


def _aligned(logits: Tensor, tokens: Tensor, _: int) -> Met:
    places = logits.shape[1] - tokens.shape[1]
    return logits[:, places - 1 : -1], tokens


def _words(tokens: Tensor, padding: int) -> Tensor:
    return tokens != padding


def _surprise(logits: Tensor, tokens: Tensor) -> Tensor:
    return -logits.log_softmax(-1).gather(-1, tokens[:, :, None])[:, :, 0]


def _mean_word(surprise: Tensor, counted: Tensor) -> Tensor:
    return surprise[counted].mean()


def build(
    *,
    meet: Callable[[Tensor, Tensor, int], Met] = _aligned,
    count: Callable[[Tensor, int], Tensor] = _words,
    surprise: Callable[[Tensor, Tensor], Tensor] = _surprise,
    total: Callable[[Tensor, Tensor], Tensor] = _mean_word,
    last: Callable[[Tensor], Tensor] = lambda loss: loss,
) -> Answer:
    """Return an answer that meets, counts, or sums up in its own way."""

    def answer(logits: Tensor, tokens: Tensor, padding: int) -> Tensor:
        seen, asked = meet(logits, tokens, padding)
        return last(total(surprise(seen, asked), count(asked, padding)))

    return answer


def _places(logits: Tensor, tokens: Tensor) -> int:
    return logits.shape[1] - tokens.shape[1]


def _unshifted(logits: Tensor, tokens: Tensor, _: int) -> Met:
    return logits[:, _places(logits, tokens) :], tokens


def _backwards(logits: Tensor, tokens: Tensor, _: int) -> Met:
    return logits[:, _places(logits, tokens) + 1 :], tokens[:, :-1]


def _twice(logits: Tensor, tokens: Tensor, padding: int) -> Met:
    seen, asked = _aligned(logits, tokens, padding)
    return seen[:, :-1], asked[:, 1:]


def _text_alone(logits: Tensor, tokens: Tensor, padding: int) -> Met:
    seen, asked = _unshifted(logits, tokens, padding)
    return seen[:, :-1], asked[:, 1:]


def _from_the_front(logits: Tensor, tokens: Tensor, _: int) -> Met:
    return logits[:, : tokens.shape[1]], tokens


def _from_the_front_shifted(logits: Tensor, tokens: Tensor, _: int) -> Met:
    return logits[:, : tokens.shape[1] - 1], tokens[:, 1:]


def _before_the_last(logits: Tensor, tokens: Tensor, padding: int) -> Met:
    seen, asked = _aligned(logits, tokens, padding)
    return seen[:, :-1], asked[:, :-1]


def _with_places(label: int | None) -> Callable[[Tensor, Tensor, int], Met]:
    """Return what meets all positions, those of the places with this label, or padding."""

    def meet(logits: Tensor, tokens: Tensor, padding: int) -> Met:
        shape = len(tokens), _places(logits, tokens)
        labels = tokens.new_full(shape, padding if label is None else label)
        return logits[:, :-1], torch.cat([labels, tokens], 1)[:, 1:]

    return meet


def _places_counted(label: int | None, kept: Callable[[Tensor, int], Tensor]) -> Answer:
    """Return an answer that counts all positions of the places, and those of words it keeps."""

    def answer(logits: Tensor, tokens: Tensor, padding: int) -> Tensor:
        seen, asked = _with_places(label)(logits, tokens, padding)
        counted = F.pad(kept(tokens, padding), (_places(logits, tokens) - 1, 0), value=True)
        return _mean_word(_surprise(seen, asked), counted)

    return answer


def _all(tokens: Tensor, _: int = 0) -> Tensor:
    return torch.ones_like(tokens, dtype=torch.bool)


def _but_the_last(tokens: Tensor, padding: int) -> Tensor:
    """Return the words but the last of each caption, its end."""
    words = tokens != padding
    return words & (words.cumsum(1) < words.sum(1, keepdim=True))


def _each_caption(surprise: Tensor, counted: Tensor) -> Tensor:
    return (surprise * counted).sum(1) / counted.sum(1)


def _axes_mixed_up(logits: Tensor, tokens: Tensor, padding: int) -> Tensor:
    seen, asked = _aligned(logits, tokens, padding)
    turned = seen.reshape(len(seen), seen.shape[2], -1)  # transpose(1, 2) would be right
    return F.cross_entropy(turned, asked, ignore_index=padding)


MISTAKES = (
    Mistake(
        name="not-shifted",
        message="Each word is scored by the logits at its own position, where the model has "
        "just been shown it. The position before it guesses it: the first word's is that of "
        "the last place.",
        changes={"meet": _unshifted},
    ),
    Mistake(
        name="shifted-backwards",
        message="You shifted in the wrong direction: logits at a word are asked for the word "
        "before it. They guess the one after it.",
        changes={"meet": _backwards},
    ),
    Mistake(
        name="shifted-twice",
        message="You shifted twice, so each word is guessed from two positions before it. One "
        "step is asked for.",
        changes={"meet": _twice},
    ),
    Mistake(
        name="first-word-left-out",
        message="The first word is not scored. It is guessed at the last place of the picture; "
        "it is the one word that nothing but the picture can tell.",
        changes={"meet": _text_alone},
    ),
    Mistake(
        name="end-left-out",
        message="The end of captions is not scored, or the last column is lost, so the model "
        "never learns to stop there. Only padding is left out.",
        changes={"count": _but_the_last},
        variants=({"meet": _before_the_last},),
    ),
    Mistake(
        name="padding-counted",
        message="Padding is counted: the loss falls as captions in a batch differ more in "
        "length, with nothing learnt. Divide the sum over words by how many words there are.",
        changes={"count": _all},
        variants=(
            {"total": lambda surprise, counted: (surprise * counted).mean()},
            {"total": lambda surprise, counted: (surprise * counted).mean(1).mean()},
        ),
    ),
    Mistake(
        name="prefix-positions-scored",
        message="Positions of the picture are scored, but for the last one they are followed "
        "by no word that anybody could guess. Score the words alone: as many positions as "
        "tokens has columns.",
        answer=_places_counted(0, _words),
        variants=(
            _places_counted(None, _words),
            build(meet=_with_places(0)),
            _places_counted(0, _all),
            _places_counted(None, _all),
        ),
    ),
    Mistake(
        name="words-sought-in-the-prefix",
        message="You took the first positions. The picture's places stand in front: the logits "
        "for words begin at the last place, logits.shape[1] - tokens.shape[1] - 1.",
        changes={"meet": _from_the_front},
        variants=({"meet": _from_the_front_shifted},),
    ),
    Mistake(
        name="captions-averaged",
        message="You took the mean of each caption first, so a word counts more in a short "
        "one. Take one mean over all words of the batch.",
        changes={
            "total": lambda surprise, counted: _each_caption(surprise, counted).mean(),
        },
    ),
    Mistake(
        name="summed",
        message="You added up the words, or those of each caption. Take the mean over all "
        "words of the batch.",
        changes={"total": lambda surprise, counted: surprise[counted].sum()},
        variants=({"total": lambda surprise, counted: (surprise * counted).sum(1).mean()},),
    ),
    Mistake(
        name="not-averaged",
        message="You return several numbers. Take one mean over all words of the batch.",
        changes={"total": lambda surprise, counted: surprise[counted]},
        variants=(
            {"total": lambda surprise, counted: surprise * counted},
            {"total": _each_caption},
        ),
    ),
    Mistake(
        name="softmax-twice",
        message="cross_entropy takes logits and makes the softmax itself; you gave it "
        "probabilities.",
        changes={"surprise": lambda logits, tokens: _surprise(logits.softmax(-1), tokens)},
    ),
    Mistake(
        name="no-softmax",
        message="You took the logits of the words as they are. log_softmax makes "
        "log-probabilities of them; its sign turned round is the surprise.",
        changes={
            "surprise": lambda logits, tokens: -logits.gather(-1, tokens[..., None])[..., 0]
        },
    ),
    Mistake(
        name="no-logarithm",
        message="You averaged probabilities. The surprise of a word is -log of its own.",
        changes={"surprise": lambda logits, tokens: (-_surprise(logits, tokens)).exp()},
        variants=(
            {"surprise": lambda logits, tokens: 1 - (-_surprise(logits, tokens)).exp()},
            {"surprise": lambda logits, tokens: -(-_surprise(logits, tokens)).exp()},
        ),
    ),
    Mistake(
        name="sign",
        message="You return the mean log-probability, which is below 0. A loss is its "
        "negative.",
        changes={"last": torch.neg},
    ),
    Mistake(
        name="bits",
        message="Your logarithm is that of base 2. Nats are asked for: the natural one.",
        changes={"last": lambda loss: loss / torch.tensor(2.0).log()},
    ),
    Mistake(
        name="perplexity",
        message="You return the perplexity, exp of the loss. The mean surprise is asked for.",
        changes={"last": torch.exp},
    ),
    Mistake(
        name="axes-mixed-up",
        message="reshape does not exchange axes, so logits of one position came to another. "
        "cross_entropy wants (batch, words, positions): transpose(1, 2); or flatten(0, 1).",
        answer=_axes_mixed_up,
    ),
)
