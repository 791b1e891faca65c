"""One search, from its options to its answer: the model, the query, the index, the sheet."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from mmcourse.atomic import write_whole
from mmcourse.checkpoints import manifest
from mmcourse.choice import ORDINARY
from mmcourse.clip import CLIP, Preprocess, load
from mmcourse.images import open_rgb
from mmcourse.pixel_budget import most_pixels
from mmcourse.retrieval import Index
from mmcourse.search.contact_sheet import MOST, contact_sheet
from mmcourse.search.dtypes import settled
from mmcourse.search.duplicates import Folded, folded
from mmcourse.search.folder_index import index_of, place_of
from mmcourse.search.options import DTYPES, Options
from mmcourse.search.output import Answer
from mmcourse.search.strangers import strange, strangers
from mmcourse.tokenizer.clip import clip_vocabulary
from mmcourse.unknown_words import never_seen


def answer(options: Options) -> Answer:
    """Return what a search finds, whose pictures have no more pixels than it lets in.

    Raises:
        FileNotFoundError, ValueError, OSError: as for `_answer`.
    """
    options, notes = settled(options)
    with most_pixels(options.max_pixels):
        found = _answer(options)
    return replace(found, notes=(*notes, *found.notes))


def _answer(options: Options) -> Answer:
    """Return what a search finds; the query is read before any picture is encoded.

    Raises:
        FileNotFoundError: there are no such weights.
        ValueError: no model has this name, a text is too long for it, the query's picture
            or recording cannot be read, the folder holds no picture, or the index is another
            model's.
        OSError: the index or the contact sheet cannot be written.
    """
    path = place_of(options)
    model, preprocess = load(
        options.model, device=options.device, dtype=getattr(torch, options.dtype)
    )
    unknown = _unknown(model, options.texts)
    n = model.visual.input_resolution
    picture = None if options.picture is None else open_rgb(options.picture, at_least=n)
    query: Any = options.text if options.sound is None else _heard(options.sound)
    index = index_of(options, path, model, preprocess)
    if picture is not None:
        query = index.compose(image=picture, plus=options.plus, minus=options.minus)
    elif options.plus or options.minus:
        plus = (str(options.text), *options.plus)
        query = index.compose(plus=plus, minus=options.minus)
    found = _found(index, query, options.top)
    results = tuple((str(hit.item), hit.score) for hit, _ in found)
    if options.contact_sheet is not None:
        sheet = contact_sheet(options.folder, results, _heading(options))
        write_whole("search", options.contact_sheet, sheet)
    return Answer(
        query=options.query,
        model=options.model,
        results=results,
        folder=str(index.folder),
        copies=tuple(copies for _, copies in found),
        skipped=tuple((str(each.path), each.reason) for each in index.skipped),
        remembered=frozenset(str(each.path) for each in index.skipped if each.remembered),
        unknown_words=unknown,
        pictures=len(index),
        notes=(
            *_notes(options, model, len(results)),
            *_strange(options, model, preprocess, index),
        ),
    )


def _found(index: Index, query: Any, top: int) -> list[Folded]:
    """Return the best results, copies of a file with the first of them."""
    wanted = top
    while True:
        found = folded(index.search(query, wanted), str(index.folder))
        if len(found) >= top or wanted >= len(index):
            return found[:top]
        wanted *= 2


def _unknown(model: CLIP, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that the model never saw, after checking that it can read each text."""
    vocabulary = clip_vocabulary()
    for text in texts:
        if (ids := len(vocabulary.encode(text)) + 2) > model.context_length:  # start and end
            raise ValueError(
                f"search: a text must fit into {model.context_length} tokens, start and end "
                f"among them; got {ids} for {text[:40]!r}; shorten it."
            )
    return never_seen(model, texts)


def _notes(options: Options, model: CLIP, found: int) -> tuple[str, ...]:
    notes = [f"{options.model}: {model.origin}."] if model.origin else []
    if options.contact_sheet is not None and found > MOST:
        notes.append(f"The contact sheet shows the first {MOST} of {found} results.")
    if options.sound is not None:
        notes += _strange_parts(options.sound)
    if options.model in manifest():
        notes.append(
            f"{options.model} knows only the drawn world of this course: on photos its order "
            "says little; --model ViT-B/32 knows photos."
        )
    return tuple(notes)


def _heard(sound: Path) -> Any:
    """Return the vector of a recording.

    Imported here: a search without sound need not wait for scipy.
    """
    from mmcourse.ears import sound_vector

    return sound_vector(sound)


def _strange_parts(sound: Path) -> list[str]:
    """Return what to say of parts of a recording that were never heard the like of."""
    from mmcourse.ears import sound_distances

    beyond = [distance > 1 for distance in sound_distances(sound)]
    if not any(beyond):
        return []
    return [
        f"{sum(beyond)} of {len(beyond)} parts of {sound.name} do not sound like the drawn "
        "world: for them the order says little."
    ]


def _strange(
    options: Options, model: CLIP, preprocess: Preprocess, index: Index
) -> tuple[str, ...]:
    """Return what to say of pictures that the model never saw the like of, if there are any."""
    if options.model != ORDINARY or options.dtype != DTYPES[0]:
        return ()
    found, looked_at = strangers(model, preprocess, options.folder, [*map(str, index.items)])
    if not found:
        return ()
    return (strange(found, looked_at, "that were looked at"),)


def _heading(options: Options) -> str:
    """Return what was looked for, in a line."""
    if options.sound is not None:
        return f"sounds like {options.sound.name}"
    moved = [f" + {text}" for text in options.plus] + [f" − {text}" for text in options.minus]
    begins = options.text if options.picture is None else f"like {options.picture.name}"
    return f"{begins}" + "".join(moved)
