"""09.5: an index of a folder that is kept in a file: written once, asked often, never stale.

How many pictures the model encodes is counted at each question: all at first, none at the
second, then only what is new or changed. Leaves out files that are no pictures, and two
programs at once, to which `mmcourse.retrieval` sees.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from classroom.checks.ex09_retrieval.asking_answers import (
    MISTAKES,
    _unit,
    build,
)
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)
from classroom.checks.tiny import NAMES, picture, tiny
from mmcourse.clip import tokenize

CLEAR = 2e-3
"""How far cosines are apart at least: rounding must move no rank."""

Files = list[tuple[str, Any]]


def harness(
    answer: "Answer",
    before: "Any",
    after: "Any",
    queries: list[str],
    k: int,
    later: float = 0.4,
) -> "list[Any]":
    """Return what is found for four questions, how many pictures were encoded, what is kept.

    What changes is so many seconds younger than what was there, and older than the file
    `kept`, unless it is a minute younger or more. Where that is more than a second, all files
    have the same size, so that their times alone tell.
    """
    import os
    import tempfile
    from pathlib import Path
    from unittest.mock import patch

    from PIL import Image

    from mmcourse.clip import CLIP

    encode, encoded = CLIP.encode_image, [0]

    def counted(model: "Any", images: "Any") -> "Any":
        encoded[0] += len(images)
        return encode(model, images)

    def put(folder: "Path", files: "Any", since: float) -> None:
        time = 1_700_000_000_200_000_000 + int(1e9 * since)
        for name, pixels in files:
            path = folder / name
            path.unlink(missing_ok=True)
            if pixels is not None:
                Image.fromarray(pixels).save(path)
                if abs(later) > 1:  # behind its end nobody reads a PNG
                    os.truncate(path, 100_000)
                os.utime(path, ns=(time, time))

    with tempfile.TemporaryDirectory() as place:
        folder, kept = Path(place, "photos"), Path(place, "kept.index")
        folder.mkdir()
        put(folder, before, 0)
        told = []
        for number, query in enumerate(queries):
            if number == 2:
                put(folder, after, later)
                if later >= 60 and kept.is_file():
                    os.utime(kept, (1_700_000_050, 1_700_000_050))
            encoded[0] = 0
            with patch.object(CLIP, "encode_image", counted):
                found = answer(query, folder, kept, k)
            names = [one if isinstance(one, tuple) else str(one) for one in found]
            names = [x.replace(place, "PLACE") if isinstance(x, str) else x for x in names]
            told.append([names, encoded[0], kept.is_file()])
    return told


def measure(
    outcome: Any, before: Files, after: Files, queries: list[str], *_: Any
) -> list[Any]:
    """Return what was found each time, and in words whether that took no needless work."""
    new = sum(pixels is not None for _, pixels in after)
    allowed = [len(before), 0, new, 0][: len(queries)]
    words = []
    for (found, encoded, kept), most in zip(outcome, allowed, strict=True):
        work = "nothing encoded in vain" if encoded <= most else "pictures encoded again"
        words.append([found, work, "kept" if kept else "nothing kept"])
    return words


@torch.no_grad()
def _table(pictures: list[np.ndarray], queries: list[str]) -> tuple[Tensor, Tensor]:
    """Return the cosine of each question with each picture, and the pictures' lengths."""
    model, preprocess = tiny()
    vectors = model.encode_image(
        torch.stack([preprocess(Image.fromarray(x)) for x in pictures])
    )
    texts = model.encode_text(tokenize(queries))
    return _unit(texts) @ _unit(vectors).T, vectors.norm(dim=1)


def _tells(table: Tensor, lengths: Tensor, count: int, k: int) -> bool:
    """Return whether ranks are clear, and show what is stale or is not normalised.

    Columns are the pictures before, then what the second one is changed into, then a new one;
    the first one is removed.
    """

    def ranks(rows: slice, columns: list[int], scale: Tensor) -> list[list[int]]:
        scores = (table * scale)[rows][:, columns]
        best = scores.argsort(dim=1, descending=True)[:, :k].tolist()
        return [[columns[place] for place in row] for row in best]

    if (table.sort(dim=1).values.diff(dim=1) < CLEAR).any():
        return False
    first, then, one = slice(0, 2), slice(2, 4), torch.ones(())
    now = [*range(2, count), count, count + 1]
    right, stale = ranks(then, now, one), ranks(then, [*now[:-2], 1, count + 1], one)
    old = [[count if column == 1 else column for column in row] for row in stale]
    never = ranks(then, [*range(count), count + 1], one)
    if not all(any(count + 1 in row for row in found) for found in (right, old, never)):
        return False
    longer = ranks(first, [*range(count)], lengths) != ranks(first, [*range(count)], one)
    return old != right and ranks(then, [*now, 0], one) != right and longer


def _drawn(rng: np.random.Generator, count: int, k: int) -> tuple[Any, ...]:
    """Return a folder, then what is removed, changed and new in it, questions, and k."""
    while True:
        kinds = rng.permutation(NAMES)[: count + 2].tolist()
        drawn = [picture(rng, kind) for kind in kinds]
        asked = [kinds[2], kinds[1], kinds[0], kinds[count + 1]]
        queries = [f"a photo of a {kind}" for kind in asked]
        if not _tells(*_table(drawn, queries), count, k):
            continue
        names = [f"{int(number):03}.png" for number in rng.permutation(1000)[: count + 1]]
        before = list(zip(names, drawn[:count], strict=False))
        after = [(names[0], None), (names[1], drawn[count]), (names[count], drawn[count + 1])]
        return before, after, queries, k


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    drawn = _drawn(np.random.default_rng(9), 3, 2)
    before, _after, queries, k = drawn
    return [
        shown("a folder, asked once", before, [], queries[:1], k),
        shown("asked again, changed, asked twice", *drawn, 100.0),
    ]


def _once(rng: np.random.Generator) -> Sequence[Case]:
    before, _, queries, k = _drawn(rng, 4, 3)
    return [hidden("asked twice", before, [], queries[:2], k)]


def _changed(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one removed, one changed, one new", *_drawn(rng, 4, 2), -100.0),
        hidden("changed within a second", *_drawn(rng, 3, 2), 0.4),
        hidden("changed half a minute later", *_drawn(rng, 3, 2), 30.0),
    ]


def _sure(run: Callable[..., Any], *arguments: Any) -> bool:
    return all(kept == "kept" for _, _, kept in run(*arguments))


def _saved_work(run: Callable[..., Any], *arguments: Any) -> bool:
    return all(work == "nothing encoded in vain" for _, work, _ in run(*arguments))


ASK_FOLDER = Question(
    number="09.5",
    function="ask_folder",
    reference=build(),
    harness=harness,
    measure=measure,
    told="It writes these pictures into a folder, asks two questions, removes, changes and "
    "adds a file, asks two more, and counts the pictures that the model encodes.",
    build=build,
    rtol=0,
    atol=1e-3,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="encoded once, asked twice", points=1, cases=_once),
        Property(name="what changed is noticed", points=2, cases=_changed),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="kept",
            message="After a question, something must stand in the file `kept`.",
            holds=_sure,
        ),
        Invariance(
            name="work",
            message="Pictures were encoded that the index knew already: at the second question "
            "none, later only what is new or changed.",
            holds=_saved_work,
        ),
    ),
)
