"""What a search prints: lines for people or JSON for programs, and notes on the side."""

import json
import os
import re
from dataclasses import dataclass
from itertools import islice
from typing import final

from mmcourse.terminal import colours, faint, never_saw, printable, say, show_lines

MOST = 10
"""Reasons of which people are told; a program reads all."""


@final
@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a search found.

    Args:
        query: what was asked for, as JSON says it.
        model: which model looked, as the user named it.
        results: path and score of each picture found, the best first.
        folder: the absolute path that these are relative to.
        copies: of each result, the paths of the same file elsewhere in the folder.
        skipped: path of each file that was left out, and why.
        remembered: of these, the paths that an earlier search had told of.
        unknown_words: of the query, which the model never saw.
        pictures: how many were searched.
        notes: what else a person should know, a sentence each.
    """

    query: str | dict[str, object]
    model: str
    results: tuple[tuple[str, float], ...]
    skipped: tuple[tuple[str, str], ...] = ()
    folder: str = ""
    copies: tuple[tuple[str, ...], ...] = ()
    remembered: frozenset[str] = frozenset()
    unknown_words: tuple[str, ...] = ()
    pictures: int = 0
    notes: tuple[str, ...] = ()


def show(answer: Answer, *, as_json: bool) -> None:
    """Print the results on standard output, and what is to be said about them on the other.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
    """
    show_lines([as_text(answer)] if as_json else as_lines(answer, colour=colours()))
    for line in remarks(answer, as_json=as_json):
        say(line)


def as_text(answer: Answer) -> str:
    """Return an answer as JSON; see the docstring of `mmcourse.search`.

    >>> as_text(Answer(query="a cat", model="tiny", results=()))[:34]
    '{"query": "a cat", "model": "tiny"'
    """
    return json.dumps(
        {
            "query": answer.query,
            "model": answer.model,
            "folder": answer.folder,
            "results": [
                {
                    "path": path,
                    "file": os.path.join(answer.folder, path),  # noqa: PTH118 - no UTF-8 at times
                    "score": round(score, 6),
                    "copies": [*copies],
                }
                for (path, score), copies in _results(answer)
            ],
            "skipped": [{"path": path, "reason": reason} for path, reason in answer.skipped],
            "unknown_words": [*answer.unknown_words],
        }
    )


def as_lines(answer: Answer, *, colour: bool = False) -> list[str]:
    """Return rank, score and name of each result, and how many copies it has.

    >>> as_lines(Answer(query="a cat", model="tiny", results=(("cat.png", 0.3125),)))
    ['1  0.312  cat.png']
    """
    wide = len(str(len(answer.results)))
    return [
        faint(f"{rank:>{wide}}  {score:.3f}", colour=colour)
        + f"  {printable(path)}"
        + (f"  (and {_counted(len(copies), 'copy', 'copies')})" if copies else "")
        for rank, ((path, score), copies) in enumerate(_results(answer), start=1)
    ]


def _results(answer: Answer) -> list[tuple[tuple[str, float], tuple[str, ...]]]:
    copies = answer.copies or ((),) * len(answer.results)
    return list(zip(answer.results, copies, strict=True))


def remarks(answer: Answer, *, as_json: bool) -> list[str]:
    """Return what is to be said besides the results: notes, counts, and what was skipped."""
    lines = [] if as_json else list(answer.notes)
    if answer.unknown_words:
        lines.append(never_saw(answer.model, answer.unknown_words))
    return lines + _of_skipped(answer)


def _of_skipped(answer: Answer) -> list[str]:
    """Return how many files were skipped, and why the new ones were, a reason a line."""
    fresh = [each for each in answer.skipped if each[0] not in answer.remembered]
    known = len(answer.skipped) - len(fresh)
    line = f"{_counted(answer.pictures, 'picture')} searched, "
    line += f"{_counted(len(answer.skipped), 'file')} skipped"
    line += f", {known:,} of them as before (--json lists them)" if known else ""
    alike: dict[str, list[tuple[str, str]]] = {}  # whatever the numbers in them
    for path, reason in fresh:
        alike.setdefault(re.sub(r"\d+", "", reason), []).append((path, reason))
    lines = [line + (":" if fresh else ".")]
    for (path, reason), *others in islice(alike.values(), MOST):
        more = f" and {_counted(len(others), 'other')}" if others else ""
        lines.append(f"  {printable(path)}{more}: {printable(reason)}")
    left = sum(map(len, islice(alike.values(), MOST, None)))
    return lines + ([f"  and {_counted(left, 'other')}: --json lists all."] if left else [])


def _counted(number: int, thing: str, things: str | None = None) -> str:
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
