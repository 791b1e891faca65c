"""Lessons and exercises as pages: what they showed when they were last run.

A page shows every cell. What is folded in the notebook is folded on the page: claims (with the
numbers that the course measured, and where it claims them to lie), helpers, answers of quizzes.
Pictures become files with their alt texts, and their captions stand below them. What needs a
kernel says so: gaps to fill in, sliders, a microphone. A guess that nobody made was passed over
in silence when the notebook ran. Leaves out running anything.
"""

import ast
import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from html import escape

import nbformat
from make_looking_back import table
from nbformat import NotebookNode

from mmcourse.lesson.claims import Range
from pages.documents import unfolded

Claimed = Mapping[str, tuple[float | bool, Range]]
"""What a lesson claims: each number, and where it is claimed to lie, by its name."""

KEPT_METADATA = ("kernelspec", "language_info")
TO_RUN = "*You read this as it was last run. To run it, guess and change it: `make lab`.*"
TO_FILL = "In the notebook you fill the gap, run the cell, and are told whether it is right."
TO_SLIDE = "Stands still here. In the notebook, sliders move it."
TO_TYPE = "Stands still here. In the notebook, you type and it answers."
TO_SPEAK = "In the notebook, a button here records what you say."
TO_PLAY = {"explore": TO_SLIDE, "query_box": TO_TYPE}
"""What a page says below a figure to play with, by what draws it."""

CAPTION = re.compile(r"\s*<p><em>")
SOUND = re.compile(
    r'<audio\s+controls="controls"\s*>\s*<source src="([^"]*)".*?</audio>', re.DOTALL
)


def page(
    notebook: NotebookNode,
    name: str,
    claimed: Claimed,
    relink: Callable[[str], str],
    below: Sequence[str] = (),
) -> tuple[NotebookNode, dict[str, bytes]]:
    """Return a notebook as a page, and the pictures that it shows, by their files' names.

    Args:
        notebook: as it was last run; it stays as it is.
        name: of the folder that its pictures lie in, such as "04_temperature".
        claimed: what the lesson claims; empty for an exercise.
        relink: turns a text's links into links between pages.
        below: texts for the end of the page.
    """
    cells: list[NotebookNode] = []
    pictures: dict[str, bytes] = {}
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            cells.append(_text(cell, unfolded(relink(cell.source))))
        elif cell.source.strip():
            cells.append(_shown(cell, f"{name}/{place:03}", claimed, pictures))
    cells.insert(1, nbformat.v4.new_markdown_cell(TO_RUN, id="to-run"))
    for place, text in enumerate(below):
        cells.append(nbformat.v4.new_markdown_cell(text, id=f"below-{place}"))
    metadata = {
        key: notebook.metadata[key] for key in KEPT_METADATA if key in notebook.metadata
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata), pictures


def _shown(
    cell: NotebookNode, name: str, claimed: Claimed, pictures: dict[str, bytes]
) -> NotebookNode:
    """Return a cell of code for a page; add its pictures to those there are."""
    tags = cell.metadata.get("tags", [])
    if "claims" in tags:
        return _text(cell, claims(cell.source, claimed))
    outputs = _outputs(cell.outputs, name, pictures)
    if "yours" in tags:
        outputs = [_note(TO_FILL)]
    if "play" in tags:
        outputs = _stills(cell.source, outputs)
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    if hidden and not outputs:
        return _text(cell, _fold("Code that is folded in the notebook", _code(cell.source)))
    kept: dict[str, object] = {}
    if hidden:
        prompt = {"code_prompt_show": "Code that is folded in the notebook"}
        kept = {"tags": ["hide-input"], "mystnb": prompt}
    return nbformat.v4.new_code_cell(
        cell.source,
        id=cell.id,
        metadata=kept,
        outputs=outputs,
        execution_count=cell.execution_count,
    )


def claims(source: str, claimed: Claimed) -> str:
    """Return the text of a fold that holds the claims of a cell, and its code.

    >>> text = claims(
    ...     'claim("share right", share, 0.9, 1)', {"share right": (0.97, Range(0.9, 1))}
    ... )
    >>> print(text.partition("```")[0].strip())
    <details class="claims">
    <summary>Claimed: share right</summary>
    <BLANKLINE>
    | Claim | Measured | Claimed |
    |---|---|---|
    | share right | 0.97 | 0.9 to 1 |
    """
    found = {name: claimed[name] for name in _named(source, claimed)}
    if not found:
        return _fold("What is claimed of these numbers", _code(source), "claims")
    rows = "\n".join(table((_plain(name), *claim) for name, claim in found.items()))
    first, more = next(iter(found)), len(found) - 1
    label = f"Claimed: {escape(first)}" + f" and {more} more" * bool(more)
    return _fold(label, f"{rows}\n{_code(source)}", "claims")


def _named(source: str, claimed: Claimed) -> list[str]:
    """Return the names of a cell's claims; one put together stands for all that fit it."""
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    calls = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "claim"]
    patterns = [_pattern(call.args[0]) for call in sorted(calls, key=lambda call: call.lineno)]
    return [name for one in patterns for name in claimed if re.fullmatch(one, name)]


def _pattern(name: ast.expr) -> str:
    """Return what the name of a claim looks like: what stands in braces may be anything."""
    if isinstance(name, ast.Constant):
        return re.escape(str(name.value))
    parts = name.values if isinstance(name, ast.JoinedStr) else []
    return "".join(_pattern(one) if isinstance(one, ast.Constant) else ".+" for one in parts)


def _outputs(
    outputs: Sequence[NotebookNode], name: str, pictures: dict[str, bytes]
) -> list[NotebookNode]:
    """Return outputs whose pictures are files, each with its alt text and its caption."""
    shown: list[NotebookNode] = []
    for place, output in enumerate(outputs):
        data = output.get("data", {})
        if "image/png" in data and "text/html" not in data:
            file = f"{name}-{place}.png"
            pictures[file] = b64decode(data["image/png"])
            shown.append(_html(_figure(file, output.metadata["image/png"])))
        elif CAPTION.match(data.get("text/html", "")) and _is_figure(shown):
            told = f"<figcaption>{data['text/html']}</figcaption></figure>"
            shown[-1] = _html(shown[-1].data["text/html"].replace("</figure>", told))
        elif "mmcourse-voice" in data.get("text/html", ""):
            shown.append(_note(TO_SPEAK))
        elif SOUND.search(data.get("text/html", "")):
            shown.append(_html(SOUND.sub(_sound, data["text/html"].strip())))
        else:
            shown.append(output)
    return shown


def _figure(file: str, told: Mapping[str, object]) -> str:
    """Return a figure whose picture is read once it comes into sight."""
    size = "".join(f' {side}="{told[side]}"' for side in ("width", "height") if side in told)
    source = f'src="../pictures/{file}" alt="{escape(str(told["alt"]))}"'
    return f'<figure class="shown"><img {source}{size} loading="lazy"></figure>'


def _is_figure(shown: Sequence[NotebookNode]) -> bool:
    """Return whether the last output is a figure that has no caption yet."""
    html = shown[-1].get("data", {}).get("text/html", "") if shown else ""
    return html.startswith('<figure class="shown">') and "<figcaption>" not in html


def _sound(found: re.Match[str]) -> str:
    return f'<audio controls preload="metadata" aria-label="A sound" src="{found[1]}"></audio>'


def _stills(source: str, outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a cell to play with, and what the page cannot do, if anything."""
    if any("<script" in one.get("data", {}).get("text/html", "") for one in outputs):
        return outputs
    if any(TO_SPEAK in one.get("data", {}).get("text/html", "") for one in outputs):
        return outputs
    notes = [note for call, note in TO_PLAY.items() if re.search(rf"\b{call}\(", source)]
    return [*outputs, *map(_note, notes[:1])]


def _html(text: str) -> NotebookNode:
    return nbformat.v4.new_output("display_data", {"text/html": text})


def _note(text: str) -> NotebookNode:
    return _html(f'<p class="in-the-notebook">{text}</p>')


def _text(cell: NotebookNode, text: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(text, id=cell.id)


def _fold(label: str, text: str, kind: str = "code") -> str:
    return f'<details class="{kind}">\n<summary>{label}</summary>\n\n{text}\n\n</details>\n'


def _code(source: str) -> str:
    return f"```python\n{source}\n```"


def _plain(text: str) -> str:
    """Return a text that means nothing but itself in Markdown; of a bar takes care `table`."""
    return re.sub(r"([\\`*_$\[\]<>])", r"\\\1", text)
