"""Answers to 09.5, a right one and the mistakes that are known."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import (
    Answer,
    Mistake,
)
from classroom.checks.tiny import tiny
from mmcourse.clip import tokenize

Stamp = tuple[int, int]


def _size_and_time(file: Path) -> Stamp:
    return file.stat().st_size, file.stat().st_mtime_ns


def _other_stamp(old: Stamp, file: Path, _: Path) -> bool:
    return old != _size_and_time(file)


def _younger(_: Stamp, file: Path, kept: Path) -> bool:
    return file.stat().st_mtime_ns > kept.stat().st_mtime_ns


def _unit(rows: Tensor) -> Tensor:
    return F.normalize(rows, dim=-1)


def _descending(scores: Tensor) -> Tensor:
    return scores.argsort(descending=True)


def _names(names: list[str], rows: list[int], _: Any) -> list[Any]:
    return [names[row] for row in rows]


def build(  # noqa: PLR0913 - one keyword for each thing that goes wrong
    *,
    changed: Callable[[Stamp, Path, Path], bool] = _other_stamp,
    read: bool = True,
    refresh: bool = True,
    forget: bool = True,
    save: Callable[[bool], bool] = lambda _: True,
    unit: Callable[[Tensor], Tensor] = _unit,
    rank: Callable[[Tensor], Tensor] = _descending,
    cut: Callable[[Tensor, int], Tensor] = lambda rows, k: rows[:k],
    tell: Callable[[list[str], list[int], Any], list[Any]] = _names,
) -> Answer:
    """Return an answer that keeps, looks up or reports in its own way."""

    @torch.no_grad()
    def answer(query: str, folder: Path, kept: Path, k: int) -> list[Any]:
        model, preprocess = tiny()
        first = not kept.exists()
        known = torch.load(kept) if read and not first else {}
        index = {} if forget and refresh else dict(known)
        for file in sorted(folder.glob("*.png")) if refresh or not known else []:
            if file.name not in known or changed(known[file.name][0], file, kept):
                vector = unit(model.encode_image(preprocess(Image.open(file))[None])[0])
                known[file.name] = _size_and_time(file), vector
            index[file.name] = known[file.name]
        if save(first):
            torch.save(index, kept)
        text = model.encode_text(tokenize([query]))[0]
        names = list(index)
        scores = torch.stack([vector for _, vector in index.values()]) @ _unit(text)
        return tell(names, cut(rank(scores), k).tolist(), (scores, folder))

    return answer


def _scored(names: list[str], rows: list[int], more: Any) -> list[Any]:
    return [(names[row], float(more[0][row])) for row in rows]


def _all_again(query: str, folder: Path, kept: Path, k: int) -> list[Any]:
    """Begin anew as soon as one file is not as it was."""
    if kept.exists():
        known = {name: stamp for name, (stamp, _) in torch.load(kept).items()}
        if known != {file.name: _size_and_time(file) for file in folder.glob("*.png")}:
            kept.unlink()
    return build()(query, folder, kept, k)


MISTAKES = (
    Mistake(
        name="nothing-kept",
        message="Nothing stands in the file `kept` after a question, so the next program "
        "must encode everything again. Save names, stamps and vectors there.",
        changes={"save": lambda _: False},
    ),
    Mistake(
        name="never-read",
        message="You write the file and never read it: all pictures are encoded anew for "
        "each question. Take from it what is known.",
        changes={"read": False},
    ),
    Mistake(
        name="never-refreshed",
        message="Once the file is there, you no longer look into the folder: what is new, "
        "changed or gone goes unnoticed. Look at the files at every question.",
        changes={"refresh": False},
    ),
    Mistake(
        name="names-only",
        message="You know files by their names alone, so that a changed one keeps its old "
        "vector. Remember size and time of each file, too: file.stat().",
        changes={"changed": lambda *_: False},
    ),
    Mistake(
        name="size-only",
        message="You know a changed file by its size alone, and another picture may have the "
        "same. Compare its time, too: file.stat().st_mtime_ns.",
        changes={"changed": lambda old, file, _: file.stat().st_size != old[0]},
    ),
    Mistake(
        name="younger-only",
        message="You encode a file anew only where it is younger than `kept`. A picture may "
        "be replaced by an older one: remember size and time of each file, and compare both.",
        changes={"changed": _younger},
    ),
    Mistake(
        name="newer-only",
        message="You encode a file anew only where its time is later than before. A picture "
        "may be replaced by an older one: whatever is not as it was has changed.",
        changes={"changed": lambda old, file, _: file.stat().st_mtime_ns > old[1]},
        variants=(
            {"changed": lambda old, file, _: int(file.stat().st_mtime) > old[1] // 10**9},
        ),
    ),
    Mistake(
        name="whole-seconds",
        message="You compare times in whole seconds, and a file may change twice in one. "
        "Compare st_mtime_ns, or st_mtime as it is, and the size.",
        changes={"changed": lambda old, file, _: int(file.stat().st_mtime) != old[1] // 10**9},
    ),
    Mistake(
        name="all-encoded-again",
        message="As soon as one file is not as it was, you encode all of them again. Keep what "
        "is known of the others: encode what is new or changed alone.",
        answer=_all_again,
    ),
    Mistake(
        name="removed-stay",
        message="A file that is gone is still found. Let the index hold the files that are "
        "in the folder now, and no others.",
        changes={"forget": False},
    ),
    Mistake(
        name="saved-once",
        message="What is new or changed is encoded at every question again. Write the file "
        "whenever something in it is new.",
        changes={"save": lambda first: first},
    ),
    Mistake(
        name="pictures-not-normalised",
        message="The pictures' vectors have any length, so that long ones come first. "
        "Divide each by its length.",
        changes={"unit": lambda rows: rows},
    ),
    Mistake(
        name="ascending-sort",
        message="The best picture does not come first: sorting goes upwards unless told "
        "otherwise.",
        changes={"rank": torch.argsort},
        variants=({"cut": lambda rows, k: rows[:k].flip(0)},),
    ),
    Mistake(
        name="k-ignored",
        message="You return all pictures. Cut the sorted list after k.",
        changes={"cut": lambda rows, _: rows},
    ),
    Mistake(
        name="not-sorted",
        message="These are the first pictures of the folder. Sort by cosine before you cut.",
        changes={"rank": lambda scores: torch.arange(len(scores))},
    ),
    Mistake(
        name="with-cosines",
        message="You return more than names. A list of names is asked for, best first.",
        changes={"tell": _scored},
    ),
    Mistake(
        name="with-folder",
        message="Your names are whole paths. file.name is the name alone.",
        changes={"tell": lambda names, rows, more: [str(more[1] / names[row]) for row in rows]},
    ),
)
