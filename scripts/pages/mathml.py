"""Formulas as MathML, written when the site is built: a page needs no script to show them.

An extension of Sphinx. Browsers draw MathML themselves, Chromium since its version 109. Leaves
out numbered equations: no page has one.
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

LONG = 40
"""Characters of LaTeX; what has fewer fits the width of a phone."""


def mathml(latex: str, *, block: bool = False) -> str:
    r"""Return a formula of LaTeX as an element of MathML, which also keeps the LaTeX.

    >>> print(mathml(r"x^2"))  # doctest: +ELLIPSIS
    <math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" alttext="x^2">...
    """
    display = "block" if block else "inline"
    latex = re.sub(r"(\\text\w*\{[^{}]*)\\_", r"\1_", latex)  # it shows the backslash in texts
    said = f'display="{display}" alttext="{escape(latex.strip())}"'
    return convert(latex, display=display).replace(f'display="{display}"', said, 1)


def visit_inline(translator: Any, node: nodes.Element) -> None:
    """Write a formula within a line; one too long for a phone scrolls there."""
    kind = (
        'class="formula long" tabindex="0"' if len(node.astext()) > LONG else 'class="formula"'
    )
    translator.body.append(f"<span {kind}>{mathml(node.astext())}</span>")
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.Element) -> None:
    """Write a formula on a line of its own, which scrolls where the page is narrower."""
    translator.body.append(
        f'<div class="formula" tabindex="0">{mathml(node.astext(), block=True)}</div>'
    )
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx of it."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
