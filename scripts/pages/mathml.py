"""Formulas as MathML, written when the site is built: a page needs no script to show them.

An extension of Sphinx. Browsers draw MathML themselves, Chromium since its version 109. LaTeX
spaces a formula by what each sign does in it; MathML has to be told of some: a minus before a
number, a function before its argument. Leaves out numbered equations: no page has one.
"""

import re
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from docutils import nodes
from latex2mathml.converter import convert

LONG = 40
"""Characters of LaTeX; what has fewer fits the width of a phone."""

MATHML = "http://www.w3.org/1998/Math/MathML"
THIN = "0.167em"
UNSPACED = ("/", "\N{DOUBLE VERTICAL LINE}")
PRIME = "\N{PRIME}"
SIGNS = ("+", "\N{MINUS SIGN}")
ElementTree.register_namespace("", MATHML)


def mathml(latex: str, *, block: bool = False) -> str:
    r"""Return a formula of LaTeX as an element of MathML, which also keeps the LaTeX.

    >>> mathml("x").partition("alttext=")[2]
    '"x"><mrow><mi>x</mi></mrow></math>'
    """
    said = re.sub(r"(\\text\w*\{[^{}]*)\\_", r"\1_", latex)  # it would show the backslash
    formula = ElementTree.fromstring(convert(said, display="block" if block else "inline"))
    formula.set("alttext", latex.strip())
    for power in formula.iter(f"{{{MATHML}}}msup"):
        _lower(power)
    for row in formula.iter(f"{{{MATHML}}}mrow"):
        _space(row)
    return ElementTree.tostring(formula, encoding="unicode")


def _lower(power: Element) -> None:
    """Write a prime beside its letter: the sign is a raised one, and would be raised twice."""
    if power[1].text == PRIME:
        power.tag, power[1].tag = f"{{{MATHML}}}mrow", f"{{{MATHML}}}mo"
        power[1].attrib |= {"lspace": "0", "rspace": "0"}


def _space(row: Element) -> None:
    """Set apart what LaTeX would, and nothing else."""
    spaced: list[Element] = []
    for one in row:
        before = spaced[-1] if spaced else None
        if _is(one, *UNSPACED) and one.get("fence") is None:
            one.attrib |= {"lspace": "0", "rspace": "0", "stretchy": "false"}
        if _is(one, *SIGNS) and before is not None and _expects_more(before):
            one.set("form", "prefix")
        if before is not None and _apart(before, one):
            spaced.append(Element(f"{{{MATHML}}}mspace", width=THIN))
        spaced.append(one)
    row[:] = spaced


def _apart(one: Element, other: Element) -> bool:
    """Return whether there is a thin space between two neighbours: one is a function's name."""
    if _is_function(one):
        return other.tag != f"{{{MATHML}}}mo" or _is(other, UNSPACED[1])
    return _is_function(other) and (one.tag != f"{{{MATHML}}}mo" or _is(one, UNSPACED[1]))


def _is_function(element: Element) -> bool:
    """Return whether it is the name of a function, such as log, perhaps with an index."""
    if element.tag in (f"{{{MATHML}}}msub", f"{{{MATHML}}}msup"):
        element = element[0]
    text = element.text or ""
    return element.tag == f"{{{MATHML}}}mi" and len(text) > 1 and text.isalpha()


def _expects_more(element: Element) -> bool:
    """Return whether a sign after it belongs to what follows, as in (−1 or = −1."""
    closing = (")", "]", UNSPACED[1], "|")
    return element.tag == f"{{{MATHML}}}mo" and not _is(element, *closing)


def _is(element: Element, *signs: str) -> bool:
    return element.tag == f"{{{MATHML}}}mo" and element.text in signs


def visit_inline(translator: Any, node: nodes.Element) -> None:
    """Write a formula within a line; one too long for a phone scrolls there."""
    latex = node.astext()
    kind = 'class="formula long" tabindex="0"' if len(latex) > LONG else 'class="formula"'
    translator.body.append(f"<span {kind}>{mathml(latex)}</span>")
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
