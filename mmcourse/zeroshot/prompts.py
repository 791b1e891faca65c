"""Prompts: the names of classes put into templates.

Leaves out which templates to choose, and grammar: the article of a template stays as it is.
"""

from collections.abc import Sequence

from mmcourse.boundary.signature import checked
from mmcourse.tokenizer.pieces import cleaned

TEMPLATE = "a photo of a {}."
"""The one that CLIP's authors begin with (arXiv 2103.00020, section 3.1.4)."""


@checked
def prompts(names: Sequence[str], templates: str | Sequence[str]) -> list[list[str]]:
    """Return for each name its prompts, one for each template.

    Args:
        names: of the classes, all different.
        templates: one text or several, each with one {} where the name goes.

    Raises:
        ValueError: there is none, a name is blank or occurs twice for the tokenizer, which
            ignores case, space and the ways to write a letter, or a template has not exactly
            one {}.

    >>> prompts(["cat", "dog"], ["{}", "a photo of a {}."])
    [['cat', 'a photo of a cat.'], ['dog', 'a photo of a dog.']]
    """
    return filled("prompts", names, templates)


def filled(
    operation: str, names: Sequence[str], templates: str | Sequence[str]
) -> list[list[str]]:
    """Return what `prompts` returns, for a function that has asked for strings already.

    Raises:
        ValueError: as for `prompts`, in the name of that function.
    """
    templates = [templates] if isinstance(templates, str) else templates
    for what, texts in (("names", names), ("templates", templates)):
        if not texts:
            raise ValueError(f"{operation}: {what} must be at least one; got none.")
    _require_different(operation, names)
    _require_places(operation, templates)
    return [[template.format(name) for template in templates] for name in names]


def _require_different(operation: str, names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        key = cleaned(name)
        if not key:
            raise ValueError(f"{operation}: a name must not be blank; got {name!r}.")
        if key in seen:
            raise ValueError(
                f"{operation}: names must be different, or neither can win; got "
                f"{seen[key]!r} and {name!r}; leave one out."
            )
        seen[key] = name


def _require_places(operation: str, templates: Sequence[str]) -> None:
    for template in templates:
        if template.count("{}") != 1 or set("{}") & set(template.replace("{}", "", 1)):
            raise ValueError(
                f"{operation}: a template must have exactly one {{}} where the name goes, and "
                f"no other brace; got {template!r}; write it without an f before the quote."
            )
