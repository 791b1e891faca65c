"""What the reference says of one name: how it is called, its docstring, and who uses it."""

from pathlib import Path

import griffe

from pages.meanings import Links
from pages.source import methods, parameters, sections
from pages.uses import uses
from pages.wording import prose
from pages.workbooks import link_to

EXAMPLE = "\n\n>>> "
Kind = griffe.ParameterKind
Section = griffe.DocstringSectionKind
STARS = {Kind.var_positional: "*", Kind.var_keyword: "**"}


def entry(name: str, thing: griffe.Object, root: Path) -> str:
    """Return the entry of a name, as an object of Sphinx's Python domain."""
    parts = told(thing, root)
    if thing.is_class:
        parts += [_directive(one.name, one, told(one, root)) for one in methods(thing).values()]
    if found := uses(root).get(name):
        parts.append(f"**Used in** {', '.join(map(link_to, found))}")
    return _directive(name, thing, parts)


def told(thing: griffe.Object, root: Path) -> list[str]:
    """Return what a docstring says: text, arguments, result, errors, and last its example."""
    every, link = sections(thing), Links(thing, root)
    texts = [f"\n\n{one.value}" for one in every if one.kind is Section.text]
    before = "".join(text.partition(EXAMPLE)[0] for text in texts)
    example = "".join("".join(text.partition(EXAMPLE)[1:]) for text in texts)
    parts = [link.prose(before), _arguments(thing, every, link), _result(thing, every, link)]
    parts += [_errors(every, link), prose(example)]
    return [part for part in parts if part]


def _directive(name: str, thing: griffe.Object, parts: list[str]) -> str:
    """Return an object of the Python domain; one within a class has a shorter fence."""
    fence = "`" * (5 if thing.parent.is_class else 6)
    body = "\n\n".join(parts)
    return f"{fence}{{py:{_kind(thing)}}} {name}{_call(thing)}\n\n{body}\n{fence}"


def _kind(thing: griffe.Object) -> str:
    """Return what Sphinx calls a sort of object."""
    if thing.is_attribute:
        return "property" if "property" in thing.labels else "data"
    if thing.is_class:
        return "exception" if thing.name.endswith("Error") else "class"
    return "method" if thing.parent.is_class else "function"


def _call(thing: griffe.Object) -> str:
    """Return how a thing is called, without types; of a constant nothing."""
    if thing.is_attribute:
        return ""
    words: list[str] = []
    for one in parameters(thing):
        last = words[-1] if words else ""
        if one.kind is Kind.keyword_only and not ("*" in words or last.startswith("*")):
            words.append("*")
        default = f"={one.default}" if one.default is not None and one.kind not in STARS else ""
        words.append(f"{STARS.get(one.kind, '')}{one.name}{default}")
    return f"({', '.join(words)})"


def _arguments(thing: griffe.Object, every: list[griffe.DocstringSection], link: Links) -> str:
    """Return a list of what a call takes: each name, its type, and what is said of it."""
    kinds = (Section.parameters, Section.attributes)
    told_of = {
        one.name: one.description for part in every if part.kind in kinds for one in part.value
    }
    types = {one.name: one.annotation for one in parameters(thing)}
    lines = []
    for name in {**types, **told_of}:
        kind = types.get(name)
        lines.append(f"- **{name}**" + (f" · {link.type(kind)}" if kind is not None else ""))
        if name in told_of:
            lines[-1] += f"\\\n  {_one_line(told_of[name], link)}"
    return "\n".join(lines)


def _result(thing: griffe.Object, every: list[griffe.DocstringSection], link: Links) -> str:
    """Return what a function returns: its type, and what is said of it apart."""
    kind = getattr(thing, "returns", None)
    kind = getattr(thing, "annotation", None) if thing.is_attribute else kind
    said = [
        one.description for part in every if part.kind is Section.returns for one in part.value
    ]
    words = [link.type(kind)] if kind is not None else []
    words += [_one_line(text, link) for text in said]
    sign = "**Is**" if thing.is_attribute else "**Returns**"
    return f"{sign} {'; '.join(words)}" if words and words != ["None"] else ""


def _errors(every: list[griffe.DocstringSection], link: Links) -> str:
    """Return a list of the errors that are raised, and when."""
    raised = [one for part in every if part.kind is Section.raises for one in part.value]
    lines = [f"- `{one.annotation}`: {_one_line(one.description, link)}" for one in raised]
    return "\n".join(["**Raises**", "", *lines]) if lines else ""


def _one_line(text: str, link: Links) -> str:
    return " ".join(link.prose(text).split())
