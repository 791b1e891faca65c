"""What was found, as a page: tables of one model or of several side by side, and a figure.

The same tables are printed, and stand in Markdown and in HTML. Leaves out where the files go
(`report`).
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from mmcourse.plots.chance_bars import draw_chance_bars
from mmcourse.plots.figure import png
from mmcourse.plots.told import say
from mmcourse.probe.minimal import BLIND, CAPTION
from mmcourse.probe.rows import Findings, Row

DRAWN = (CAPTION, BLIND, "Zero-shot names", "Retrieval among 256")
"""The parts that the figure shows."""

INTRODUCTION = (
    "Questions about pictures of the drawn world that the model was never trained on; in "
    "brackets 95 % intervals. Two pictures of a minimal pair are one fact apart, so that who "
    "sees only pictures or only captions is right half of the time exactly."
)
NOTES = {
    CAPTION: "Of each picture, and of its twin; a tie counts half.",
    BLIND: "The caption that suits the average picture better, chosen for both pictures.",
    "Winoground's scores": (
        "Text: both pictures find their caption. Image: both captions find their picture. "
        "Group: all of that. Guessing reaches 1/4, 1/4 and 1/6; who says the same of both, 0."
    ),
    "Zero-shot names": "One thing in the picture; the nearest name of all.",
    "Retrieval among 256": (
        "Ordinary captions, many of which are true of several pictures: no model finds all."
    ),
    "Calibration of kinds": (
        "Cosines times a scale, as probabilities: the model's own, and one fitted on "
        "validation pictures (10,000 at most). The chance of an error is what a calibrated "
        "model shows in so few answers."
    ),
    "Hubs among 256": (
        "An item that is nearest to many queries. Skew: of how often each stands among the ten "
        "nearest. Chance: answers by dice."
    ),
    "Words": "A row at chance says nothing where the words were never read.",
}
"""What is to be said below the heading of a part."""

STYLE = """\
:root { color-scheme: light dark;
        --ink: #1c2126; --soft: #59626d; --paper: #fff; --line: #d8dce2 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --soft: #a2abb5; --paper: #14171a; --line: #363c43 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto 4rem;
       padding: 0 1rem; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin: 2.2rem 0 .3rem }
p { margin: .3rem 0 .7rem } .aside { color: var(--soft); font-size: .94rem }
table { border-collapse: collapse; width: 100% }
.wide { overflow-x: auto }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line) }
td:first-child { min-width: 9rem }
th { color: var(--soft); font-weight: 600; font-size: .875rem }
td + td, th + th { text-align: right } td + td { white-space: nowrap }
h1, p, th:nth-child(2) { overflow-wrap: anywhere }
th + th { width: 13rem } th:nth-last-child(-n+2) { width: 4.5rem }
img { max-width: 100%; height: auto; background: #fff; border-radius: .4rem }
"""

Models = Mapping[str, Findings]
"""What was found, by the name of the model; all were asked the same."""


def tables(models: Models) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each part of the battery with its table, the head first."""
    every = list(models.values())
    head = ["Asked", *models, "Chance", "Answers"]
    for part, rows in every[0].parts().items():
        lines = [
            [
                row.name,
                *(cell(each[row.name]) for each in every),
                _chance(row, every),
                _answers(row),
            ]
            for row in rows
        ]
        yield part, [head, *lines]


def cell(row: Row) -> str:
    """Return a number with its interval, or alone where nothing was left to chance.

    No share is called 1 that is less.

    >>> cell(Row(name="", share=0.5, low=0.45, high=0.55, chance=0.5, answers=9, part=""))
    '0.5 (0.45 to 0.55)'
    """
    if row.low == row.share == row.high:
        return _said(row.share)
    return f"{_said(row.share)} ({_said(row.low)} to {_said(row.high)})"


def printed(findings: Findings) -> list[str]:
    """Return the lines of all tables, with columns that stand below each other."""
    lines = []
    for part, (head, *rows) in tables({"Found": findings}):
        table = [[part, *head[1:]], *([f"  {first}", *rest] for first, *rest in rows)]
        wide = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines += ["  ".join(map(str.ljust, row, wide)).rstrip() for row in table]
        lines.append("")
    return lines[:-1]


def markdown(models: Models, picture: str, alt: str) -> str:
    """Return the page in Markdown.

    Args:
        models: what was found.
        picture: the figure's file, relative to the page.
        alt: what the figure shows.
    """
    models = {_literal(name): found for name, found in models.items()}
    lines = [f"# {title(models)}", "", INTRODUCTION, "", f"![{_literal(alt)}]({picture})"]
    for part, (head, *rows) in tables(models):
        lines += ["", f"## {part}", ""]
        lines += [NOTES[part], ""] if part in NOTES else []
        lines += [_line(head), _line(["---", *["---:"] * (len(head) - 1)]), *map(_line, rows)]
    for line in (*_unread(models), _made(models)):
        lines += ["", line]
    return "\n".join([*lines, ""])


def html(models: Models, picture: bytes, alt: str) -> str:
    """Return the page in HTML; it needs no other file.

    Args:
        models: what was found.
        picture: the figure, a PNG file.
        alt: what it shows.
    """
    heading = escape(title(models))
    source = f"data:image/png;base64,{b64encode(picture).decode()}"
    body = [f"<h1>{heading}</h1>", f"<p>{escape(INTRODUCTION)}</p>"]
    body.append(f'<img src="{source}" alt="{escape(alt)}">')
    for part, (head, *rows) in tables(models):
        body.append(f"<h2>{escape(part)}</h2>")
        body += [f'<p class="aside">{escape(NOTES[part])}</p>'] if part in NOTES else []
        body.append(
            f'<div class="wide" tabindex="0" role="region" aria-label="{escape(part)}"><table>'
            f"{_cells('th', head)}{''.join(_cells('td', row) for row in rows)}</table></div>"
        )
    for line in (*_unread(models), _made(models)):
        code = re.sub("`([^`]+)`", r"<code>\1</code>", escape(line))
        body.append(f'<p class="aside">{code}</p>')
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{heading}</title><style>\n{STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def figure(models: Models) -> tuple[bytes, str]:
    """Return the figure as a PNG file, and what it shows in words."""
    first = next(iter(models.values()))
    rows = [row for row in first.rows if row.part in DRAWN]
    names = [row.name for row in rows]
    found = {model: [each[name] for name in names] for model, each in models.items()}
    drawn, alt = draw_chance_bars(
        names,
        {model: [row.share for row in each] for model, each in found.items()},
        intervals={
            model: [(row.low, row.high) for row in each] for model, each in found.items()
        },
        chance=[float(row.chance or 0) for row in rows],
        title=title(models),
        xlabel="share of right answers",
    )
    return png(drawn), alt


def title(models: Models) -> str:
    """Return what the page is about, in a line."""
    *most, last = models
    names = f"{', '.join(most)} and {last}" if most else last
    return f"What {names} can tell, and what {'they' if most else 'it'} must guess"


def _chance(row: Row, every: Sequence[Findings]) -> str:
    """Return what guessing gives; of an error each model has its own, and the first is said."""
    levels = list(dict.fromkeys(say(each[row.name].chance or 0) for each in every))
    return "–" if row.chance is None else " / ".join(levels)


def _answers(row: Row) -> str:
    return f"{row.answers:,}" if row.answers else "–"


def _said(number: float) -> str:
    text = say(number)
    return f"{min(number, 0.9999):.4f}" if text == "1" and number < 1 else text


def _literal(text: str) -> str:
    """Return a text, such as a file's name, that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _unread(models: Models) -> list[str]:
    """Return for each model the words that it never saw."""
    return [
        f"{name} never saw these words: {', '.join(each.unknown)}."
        for name, each in models.items()
        if each.unknown
    ]


def _made(models: Models) -> str:
    first = next(iter(models.values()))
    return (
        f"Made by `python -m mmcourse probe` with {first.pairs:,} pairs of each sort and the "
        f"seed {first.seed}."
    )
