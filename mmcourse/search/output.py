"""What a search prints: lines for people or JSON for programs, and notes on the side."""

import json
from dataclasses import dataclass
from typing import final

from mmcourse.terminal import never_saw, printable, say, show_lines


@final
@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a search found.

    Args:
        query: what was asked for, as JSON says it.
        model: which model looked, as the user named it.
        results: path and score of each picture found, the best first.
        skipped: path of each file that was left out, and why.
        unknown_words: of the query, which the model never saw.
        pictures: how many were searched.
        notes: what else a person should know, a sentence each.
    """

    query: str | dict[str, object]
    model: str
    results: tuple[tuple[str, float], ...]
    skipped: tuple[tuple[str, str], ...] = ()
    unknown_words: tuple[str, ...] = ()
    pictures: int = 0
    notes: tuple[str, ...] = ()


def show(answer: Answer, *, as_json: bool) -> None:
    """Print the results on standard output, and what is to be said about them on the other.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
    """
    show_lines([as_text(answer)] if as_json else as_lines(answer))
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
            "results": [
                {"path": path, "score": round(score, 6)} for path, score in answer.results
            ],
            "skipped": [{"path": path, "reason": reason} for path, reason in answer.skipped],
            "unknown_words": [*answer.unknown_words],
        }
    )


def as_lines(answer: Answer) -> list[str]:
    """Return rank, score and name of each result.

    >>> as_lines(Answer(query="a cat", model="tiny", results=(("cat.png", 0.3125),)))
    ['1  0.312  cat.png']
    """
    wide = len(str(len(answer.results)))
    return [
        f"{rank:>{wide}}  {score:.3f}  {printable(path)}"
        for rank, (path, score) in enumerate(answer.results, start=1)
    ]


def remarks(answer: Answer, *, as_json: bool) -> list[str]:
    """Return what is to be said besides the results: notes, counts, and what was skipped."""
    lines = [] if as_json else list(answer.notes)
    if answer.unknown_words:
        lines.append(never_saw(answer.model, answer.unknown_words))
    skipped = len(answer.skipped)
    lines.append(
        f"{_counted(answer.pictures, 'picture')} searched, {_counted(skipped, 'file')} skipped"
        + (":" if skipped else ".")
    )
    return lines + [
        f"  {printable(path)}: {printable(reason)}" for path, reason in answer.skipped
    ]


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
