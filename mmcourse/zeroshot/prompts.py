"""Prompts: the names of classes put into templates.

Leaves out which templates to choose, and grammar: the article of a template stays as it is.
"""

from collections.abc import Sequence

TEMPLATE = "a photo of a {}."
"""The one that CLIP's authors begin with (arXiv 2103.00020, section 3.1.4)."""


def prompts(names: Sequence[str], templates: str | Sequence[str]) -> list[list[str]]:
    """Return for each name its prompts, one for each template.

    Args:
        names: of the classes, all different.
        templates: one text or several, each with one {} where the name goes.

    Raises:
        TypeError: names or templates are no sequence of strings; one string alone is no
            sequence of names.
        ValueError: there is none, a name is blank or occurs twice for the tokenizer, which
            ignores case and space, or a template has not exactly one {}.

    >>> prompts(["cat", "dog"], ["{}", "a photo of a {}."])
    [['cat', 'a photo of a cat.'], ['dog', 'a photo of a dog.']]
    """
    names, templates = _names(names), _templates(templates)
    return [[template.format(name) for template in templates] for name in names]


def _names(names: Sequence[str]) -> list[str]:
    listed = _strings("names", names, "['cat', 'dog']")
    seen: dict[str, str] = {}
    for name in listed:
        key = " ".join(name.lower().split())
        if not key:
            raise ValueError(f"build_classifier: a name must have a letter; got {name!r}.")
        if key in seen:
            raise ValueError(
                "build_classifier: names must be different, or none of the two can win; got "
                f"{seen[key]!r} and {name!r}; leave one out."
            )
        seen[key] = name
    return listed


def _templates(templates: str | Sequence[str]) -> list[str]:
    if isinstance(templates, str):
        templates = [templates]
    listed = _strings("templates", templates, f"[{TEMPLATE!r}]")
    for template in listed:
        if template.count("{}") != 1 or set("{}") & set(template.replace("{}", "", 1)):
            raise ValueError(
                "build_classifier: a template must have exactly one {} where the name goes, "
                f"and no other brace; got {template!r}; write it without an f before the quote."
            )
    return listed


def _strings(what: str, texts: Sequence[str], example: str) -> list[str]:
    if isinstance(texts, str) or not isinstance(texts, Sequence):
        raise TypeError(
            f"build_classifier: {what} must be a list of strings; got "
            f"{texts!r}; pass one such as {example}."
        )
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(
                f"build_classifier: {what} must be strings; got {text!r} among them."
            )
    if not texts:
        raise ValueError(f"build_classifier: {what} must be at least one; got none.")
    return list(texts)
