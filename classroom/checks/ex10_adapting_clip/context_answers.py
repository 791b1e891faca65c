"""Answers to 10.4, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Tensor

from classroom.checks.question import Answer, Mistake

Places = Callable[[Tensor, int, int], Tensor]


def _shared(context: Tensor, classes: int) -> Tensor:
    return context.expand(classes, -1, -1)


def _behind_start(words: Tensor, shared: Tensor) -> Tensor:
    return torch.cat([words[:, :1], shared, words[:, 1:]], dim=1)


def _in_turn(places: Tensor, length: int, _: int) -> Tensor:
    return places[:length]


def _before_inserting(places: Tensor, length: int, vectors: int) -> Tensor:
    """Return places as the words had them alone, and none for the context."""
    none = torch.zeros_like(places[:vectors])
    return torch.cat([places[:1], none, places[1 : length - vectors]])


def _names_keep_theirs(places: Tensor, length: int, vectors: int) -> Tensor:
    """Return places as the words had them alone, and the same again for the context."""
    return torch.cat([places[:1], places[1 : 1 + vectors], places[1 : length - vectors]])


def _context_from_0(places: Tensor, length: int, vectors: int) -> Tensor:
    return torch.cat([places[:1], places[:vectors], places[1 : length - vectors]])


def _context_alone(places: Tensor, length: int, vectors: int) -> Tensor:
    kept = torch.zeros(len(places), 1)
    kept[1 : 1 + vectors] = 1
    return (places * kept)[:length]


def build(
    *,
    share: Callable[[Tensor, int], Tensor] = _shared,
    join: Callable[[Tensor, Tensor], Tensor] = _behind_start,
    place: Places = _in_turn,
    learn: Callable[[Tensor], Tensor] = lambda context: context,
) -> Answer:
    """Return an answer that does each step in its own way."""

    def answer(words: Tensor, context: Tensor, places: Tensor) -> Tensor:
        shared = share(learn(context), len(words))
        joined = join(words, shared)
        return joined + place(places, joined.shape[1], shared.shape[1])

    return answer


def _one_each(words: Tensor, context: Tensor, places: Tensor) -> Tensor:
    joined = torch.cat([words[:, :1], context[:, None], words[:, 1:]], dim=1)
    return joined + places[: joined.shape[1]]


def _some_each(words: Tensor, context: Tensor, places: Tensor) -> Tensor:
    own = context.reshape(len(words), -1, context.shape[1])
    joined = torch.cat([words[:, :1], own, words[:, 1:]], dim=1)
    return joined + places[: joined.shape[1]]


def _cut(words: Tensor, context: Tensor, places: Tensor) -> Tensor:
    joined = _behind_start(words, _shared(context, len(words)))[:, : words.shape[1]]
    return joined + places[: joined.shape[1]]


def _cut_last(words: Tensor, context: Tensor, places: Tensor) -> Tensor:
    """Return the context where the last of the words stood, without as many words."""
    vectors, length = len(context), words.shape[1]
    kept = words[:, 1 : max(1, length - vectors)]
    joined = torch.cat([words[:, :1], _shared(context, len(words)), kept], dim=1)
    return joined + places[: joined.shape[1]]


def _first_name_alone(words: Tensor, context: Tensor, places: Tensor) -> Tensor:
    return build()(words[:1], context, places)


MISTAKES = (
    Mistake(
        name="after-the-name",
        message='The learned vectors stand after the name. They take the place of "a photo of '
        'a": behind the start token, before the name.',
        changes={"join": lambda words, shared: torch.cat([words, shared], dim=1)},
        variants=(
            {"join": lambda words, mid: torch.cat([words[:, :-1], mid, words[:, -1:]], dim=1)},
            {"join": lambda words, mid: torch.cat([words[:, :2], mid, words[:, 2:]], dim=1)},
        ),
    ),
    Mistake(
        name="before-the-start",
        message="The learned vectors stand before the start token, which must stay first. Put "
        "them behind it.",
        changes={"join": lambda words, shared: torch.cat([shared, words], dim=1)},
    ),
    Mistake(
        name="replaced-start-token",
        message="The start token is gone. Keep words[:, :1] in front of the learned vectors.",
        changes={"join": lambda words, shared: torch.cat([shared, words[:, 1:]], dim=1)},
    ),
    Mistake(
        name="start-token-twice",
        message="The start token stands there twice: behind the learned vectors go on with "
        "words[:, 1:].",
        changes={"join": lambda words, mid: torch.cat([words[:, :1], mid, words], dim=1)},
    ),
    Mistake(
        name="name-overwritten",
        message="The learned vectors replace words of the name. Nothing is replaced: what "
        "stood behind the start token moves further back.",
        changes={
            "join": lambda words, shared: torch.cat(
                [words[:, :1], shared, words[:, 1 + shared.shape[1] :]], dim=1
            )
        },
    ),
    Mistake(
        name="cut-to-the-old-length",
        message="You cut at the old length, and the end token is lost, at which the text's "
        "vector is read. The result is longer by the number of learned vectors.",
        answer=_cut,
        variants=(_cut_last,),
    ),
    Mistake(
        name="one-context-per-class",
        message="You gave each class a vector of its own. One context is shared: every class "
        "gets all learned vectors, as context.expand(classes, -1, -1) has them.",
        answer=_one_each,
        variants=(_some_each,),
    ),
    Mistake(
        name="first-name-alone",
        message="Only the first class is there. Every class gets its prompt.",
        answer=_first_name_alone,
    ),
    Mistake(
        name="positions-forgotten",
        message="The places' vectors are missing: the tower would not know the order. Add "
        "places[:length] once all is joined.",
        changes={"place": lambda *_: torch.zeros(())},
    ),
    Mistake(
        name="positions-before-inserting",
        message="You added the places' vectors before you put the context in: it has none, and "
        "the name has those of where it stood before. Join first, then add.",
        changes={"place": _before_inserting},
    ),
    Mistake(
        name="positions-not-moved",
        message="The name moved back, its places' vectors did not. Join first; then add "
        "places[:length] to all of it.",
        changes={"place": _names_keep_theirs},
        variants=({"place": _context_from_0},),
    ),
    Mistake(
        name="positions-of-the-context-alone",
        message="Only the learned vectors got places' vectors. Words need theirs, too.",
        changes={"place": _context_alone},
    ),
    Mistake(
        name="places-shifted",
        message="The start token stands at place 0: add the *first* rows of places.",
        changes={"place": lambda places, length, _: places[-length:]},
        variants=({"place": lambda places, length, _: places[1 : length + 1]},),
    ),
    Mistake(
        name="places-multiplied",
        message="You multiplied by the places' vectors. Add them.",
        answer=lambda words, context, places: (
            _behind_start(words, _shared(context, len(words)))
            * places[: words.shape[1] + len(context)]
        ),
    ),
    Mistake(
        name="detached",
        message="The numbers are right, but no gradient reaches context, so it learns nothing. "
        "Leave out detach, .data, numpy and torch.tensor(…).",
        changes={"learn": lambda context: context.detach()},
    ),
    Mistake(
        name="turned-round",
        message="The learned vectors stand in reverse order. In front of the name, the first "
        "one comes first.",
        changes={"learn": lambda context: context.flip(0)},
    ),
    Mistake(
        name="one-vector",
        message="You made one vector of several. Each learned vector is a word of its own.",
        changes={"learn": lambda context: context.mean(dim=0, keepdim=True)},
        variants=(
            {"learn": lambda context: context.sum(dim=0, keepdim=True)},
            {"learn": lambda context: context[:1]},
            {"learn": lambda context: context.mean(dim=0, keepdim=True).expand_as(context)},
        ),
    ),
)
