"""Fill the templates beside this file; every value is escaped, and a missing one is an error.

`frame.html` is what all pages share: a policy that forbids every script and every request,
and how they look, by day, by night and on a phone.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def filled(template: str, **values: object) -> str:
    """Return a template's text with these values in it."""
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
