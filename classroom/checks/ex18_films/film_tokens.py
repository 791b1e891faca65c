"""18.1: what is seen and heard of a film as one row of tokens, each with its moment and side.

Leaves out the encoders that make a vector of half a frame, or of a piece of sound.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

Part = Callable[[Tensor, Tensor], Tensor]
Film = tuple[Tensor, Tensor, Tensor, Tensor]


def _both_sides(heard: Tensor, _: Tensor) -> Tensor:
    return heard[:, :, None]


def _of_the_frame(moments: Tensor, _: Tensor) -> Tensor:
    return moments[:, None]


def _of_the_side(sides: Tensor, _: Tensor) -> Tensor:
    return sides


def _frame_by_frame(placed: Tensor) -> Tensor:
    return placed.flatten(1, 2)  # (batch, frames, places, width) -> (batch, tokens, width)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`film_tokens`, with steps that may be replaced; each part is told the shape of `seen`."""

    sound: Part = _both_sides
    moment: Part = _of_the_frame
    side: Part = _of_the_side
    row: Callable[[Tensor], Tensor] = _frame_by_frame

    def __call__(self, seen: Tensor, heard: Tensor, moments: Tensor, sides: Tensor) -> Tensor:
        """Return one row of tokens for each film."""
        placed = seen + self.sound(heard, seen) + self.moment(moments, seen)
        return self.row(placed + self.side(sides, seen))


film_tokens = Steps()
"""One row of tokens for each film, frame by frame."""


def _normal(rng: np.random.Generator, *shape: int) -> Tensor:
    return torch.from_numpy(rng.standard_normal(shape)).float()


def _drawn(rng: np.random.Generator, batch: int, frames: int, places: int, width: int) -> Film:
    return (
        _normal(rng, batch, frames, places, width),
        _normal(rng, batch, frames, width),
        _normal(rng, frames, width),
        _normal(rng, places, width),
    )


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    seen = torch.tensor([[[[1.0], [2.0]], [[3.0], [4.0]]]])
    heard, moments = torch.tensor([[[10.0], [20.0]]]), torch.tensor([[100.0], [200.0]])
    sides, none = torch.tensor([[1000.0], [2000.0]]), torch.zeros(2, 1)
    return [
        shown("two frames", seen, heard, moments, sides),
        shown("silent, nothing is placed", seen, 0 * heard, none, none),
        shown("only moments", 0 * seen, 0 * heard, moments, none),
    ]


def _films(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five frames, two halves", *_drawn(rng, 3, 5, 2, 4)),
        hidden("three frames, four quarters", *_drawn(rng, 2, 3, 4, 5)),
        hidden("one film", *_drawn(rng, 1, 6, 2, 3)),
    ]


def _sides(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("as many frames as halves", *_drawn(rng, 3, 2, 2, 5)),
        hidden("as many films as frames", *_drawn(rng, 4, 4, 2, 3)),
        hidden("three of everything", *_drawn(rng, 3, 3, 3, 3)),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one place a frame", *_drawn(rng, 2, 5, 1, 3)),
        hidden("one frame", *_drawn(rng, 2, 1, 3, 4)),
    ]


def _cycled(vectors: Tensor, seen: Tensor) -> Tensor:
    """Return moments as token i has number i mod frames."""
    frames, places = seen.shape[1:3]
    return vectors[torch.arange(frames * places) % frames].view(frames, places, -1)


def _by_halves(sides: Tensor, seen: Tensor) -> Tensor:
    """Return sides as the first tokens have the first, and so on."""
    frames, places = seen.shape[1:3]
    return sides[torch.arange(frames * places) // frames].view(frames, places, -1)


def _first_only(heard: Tensor, seen: Tensor) -> Tensor:
    return torch.cat([heard[:, :, None], torch.zeros_like(seen[:, :, 1:])], dim=2)


def _nothing(_: Tensor, seen: Tensor) -> Tensor:
    return torch.zeros_like(seen)


def _law(part: int, message: str, name: str) -> Invariance:
    """Return the law that one part alone, of all the others nothing, comes out rightly."""

    def holds(run: Callable[..., Any], *film: Tensor) -> bool:
        alone = [one if place == part else 0 * one for place, one in enumerate(film)]
        right = film_tokens(*alone)
        return bool(np.allclose(run(*alone), right, rtol=1e-3, atol=1e-3))

    return Invariance(name=name, message=message, holds=holds)


MISTAKES = (
    Mistake(
        name="time-forgotten",
        message="Your tokens do not know when they are: to a transformer the film is a heap of "
        "frames. Add moments[t] to the tokens of frame t.",
        changes={"moment": _nothing},
    ),
    Mistake(
        name="moments-by-token",
        message="You gave moments to tokens, not to frames: both halves of frame t have "
        "moment t. moments[:, None] stands beside the halves.",
        changes={"moment": _cycled},
    ),
    Mistake(
        name="moments-beside-places",
        message="You added moments as they are, so that they stand beside the places of a "
        "frame: place p gets moment p, if there are as many. moments[:, None] stands beside "
        "the frames.",
        changes={"moment": lambda moments, _: moments},
    ),
    Mistake(
        name="sides-forgotten",
        message="Your tokens do not know which half they are. Add sides[p] to place p of every "
        "frame.",
        changes={"side": _nothing},
    ),
    Mistake(
        name="sides-by-token",
        message="You gave sides to the tokens in a row. Place p of every frame has sides[p].",
        changes={"side": _by_halves},
    ),
    Mistake(
        name="side-by-side",
        message="Your row holds all left halves first, then all right ones. It goes frame by "
        "frame: flatten frames and places as they stand.",
        changes={"row": lambda placed: placed.transpose(1, 2).flatten(1, 2)},
    ),
    Mistake(
        name="sound-forgotten",
        message="Nothing of the sound is in your tokens. Add heard[:, t] to all places of "
        "frame t.",
        changes={"sound": _nothing},
    ),
    Mistake(
        name="sound-on-one-side",
        message="You added the sound to the first place alone. Nobody knows yet who is heard: "
        "all places of the frame get it.",
        changes={"sound": _first_only},
    ),
    Mistake(
        name="sound-without-time",
        message="You added the sound of the whole film to every frame. Who hops just then is "
        "what tells who is heard: frame t gets heard[:, t].",
        changes={"sound": lambda heard, _: heard.mean(dim=1)[:, None, None]},
        variants=({"sound": lambda heard, _: heard.sum(dim=1)[:, None, None]},),
    ),
    Mistake(
        name="sound-in-tokens-of-its-own",
        message="You gave the sound tokens of its own. Here it is added to what is seen, so "
        "that there are frames · places tokens.",
        answer=lambda seen, heard, moments, sides: torch.cat(
            [seen + moments[:, None] + sides, (heard + moments)[:, :, None]], dim=2
        ).flatten(1, 2),
        variants=(
            lambda seen, heard, moments, sides: torch.cat(
                [(seen + moments[:, None] + sides).flatten(1, 2), heard + moments], dim=1
            ),
        ),
    ),
    Mistake(
        name="not-a-row",
        message="Your tokens still stand in frames and places. One row is asked for: (batch, "
        "frames · places, width).",
        changes={"row": lambda placed: placed},
    ),
    Mistake(
        name="one-token-a-frame",
        message="You made one token of a frame, so nobody knows any more whose colour is "
        "whose. Keep its places apart.",
        changes={"row": lambda placed: placed.mean(dim=2)},
        variants=({"row": lambda placed: placed.sum(dim=2)},),
    ),
    Mistake(
        name="places-side-by-side-in-width",
        message="You put the places of a frame side by side into one wide token. Each is a "
        "token of its own.",
        changes={"row": lambda placed: placed.flatten(2)},
    ),
)

FILM_TOKENS = Question(
    number="18.1",
    function="film_tokens",
    reference=film_tokens,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="several frames and places", points=2, cases=_films),
        Property(name="as many frames as places, or as films", points=1, cases=_sides),
        Property(name="one place, one frame", points=1, cases=_one),
    ),
    mistakes=MISTAKES,
    invariances=(
        _law(0, "What is seen alone does not come out frame by frame, place by place.", "seen"),
        _law(1, "Of the sound alone, each place of frame t must get heard[:, t].", "heard"),
        _law(2, "Of the moments alone, each place of frame t must get moments[t].", "moments"),
        _law(3, "Of the sides alone, place p of each frame must get sides[p].", "sides"),
    ),
)
