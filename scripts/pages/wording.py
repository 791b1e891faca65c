"""Types and docstrings of the package in words and in MyST.

A shape stands in a signature as `Float[Tensor, "batch dim"]`; on a page it is said as
"Tensor (batch, dim) of floats". A docstring's doctests and formulas become blocks of code.
"""

import re
from collections.abc import Callable
from textwrap import dedent

KINDS = {
    "Bool": "truth values",
    "Float": "floats",
    "Float32": "floats of 32 bits",
    "Float64": "floats of 64 bits",
    "Int": "integers",
    "Int16": "integers of 16 bits",
    "Num": "numbers",
    "Shaped": "anything",
    "UInt8": "integers from 0 to 255",
}
"""What jaxtyping calls the numbers in an array, and what a page calls them."""

ONE = {"Bool": "one truth value", "Float": "one float", "Int": "one integer"}
"""The same for arrays without axes."""

SHAPED = re.compile(r"\b(\w+)\[([\w.]+(?: \| [\w.]+)*), '([^']*)'\]")
WORD = re.compile(r"(?<![\w.])[A-Z]\w*")
CODE = re.compile(r"(`+[^`]+`+)")
MARKED = re.compile(r"([_<$])")
"""What MyST would read as more than itself; asterisks are meant."""


def said(annotation: str, link: Callable[[str], str] = str) -> str:
    """Return a type in words; `link` may make a link of each name in it.

    >>> said("tuple[Float[Tensor, 'batch dim'], Int[Tensor, '']]")
    'tuple[Tensor (batch, dim) of floats, Tensor of one integer]'
    """
    words = escaped(SHAPED.sub(_shape, annotation)).replace("*", "\\*")
    return WORD.sub(lambda found: link(found[0]), words)


def prose(text: str, link: Callable[[str], str] = str, cite: Callable[[str], str] = str) -> str:
    r"""Return a docstring's text in MyST.

    Args:
        text: with its first line, and nothing indented that is no code.
        link: may make a link of each `name` in backticks.
        cite: may make links within the rest of the text.

    >>> print(prose("Return a half:\n\n    x / 2"))
    Return a half:
    <BLANKLINE>
    ```text
    x / 2
    ```
    """
    return "\n\n".join(_block(part, link, cite) for part in _parts(text))


def escaped(text: str) -> str:
    """Return a text as MyST that shows it as it is; `code` stays code."""
    pieces = CODE.split(text)  # text and code in turn
    pieces[::2] = [MARKED.sub(r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def first_paragraph(text: str) -> str:
    """Return what a docstring says before its first blank line."""
    return " ".join(text.strip().partition("\n\n")[0].split())


def _shape(found: re.Match[str]) -> str:
    """Return an array of jaxtyping's in words."""
    array = found[2].replace("np.ndarray", "array").replace(" | ", " or ")
    if not found[3].strip():
        return f"{array} of {ONE[found[1]]}"
    return f"{array} ({', '.join(found[3].split())}) of {KINDS[found[1]]}"


def _parts(text: str) -> list[str]:
    """Return paragraphs; indented ones that follow each other are one, as are doctests."""
    parts: list[str] = []
    for part in filter(str.strip, re.split(r"\n\s*\n", text.strip("\n"))):
        if parts and _language(part) and _language(part) == _language(parts[-1]):
            parts[-1] += f"\n\n{part}"
        else:
            parts.append(part.rstrip())
    return parts


def _language(part: str) -> str:
    """Return what a block of code is written in, and nothing for text."""
    if part.lstrip().startswith(">>>"):
        return "pycon"
    return "text" if part.startswith("    ") else ""


def _block(part: str, link: Callable[[str], str], cite: Callable[[str], str]) -> str:
    if language := _language(part):
        return f"```{language}\n{dedent(part)}\n```"
    pieces = CODE.split(part)  # text and code in turn
    pieces[::2] = [cite(escaped(piece)) for piece in pieces[::2]]
    pieces[1::2] = [link(code) for code in pieces[1::2]]
    return "".join(pieces)
