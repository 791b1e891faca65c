"""Say of a tag whether it names this edition, and what the changes say of that edition.

The release workflow calls it. Leaves out building and publishing: those are the workflow's.

usage: python scripts/release.py v1.0.0   (prints its notes; 1 if the tag is of another version)
"""

import argparse
import re
import sys
import tomllib

from lessons import ROOT


def version() -> str:
    """Return the version of the project."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def check_tag(tag: str) -> None:
    """Raise ValueError unless a tag is `v` and the version of the project."""
    if tag != f"v{version()}":
        raise ValueError(
            f"release: expected the tag v{version()}, as pyproject.toml says; got {tag}. "
            "Move the tag, or the version with CHANGELOG.md and CITATION.cff."
        )


def notes(changes: str, edition: str) -> str:
    """Return what the changes say of an edition, without its heading.

    Raises:
        ValueError: they say nothing of it.
    """
    pattern = rf"^## {re.escape(edition)} \([^)\n]+\)\n(.*?)(?=^## |\Z)"
    found = re.search(pattern, changes, re.MULTILINE | re.DOTALL)
    if not found or not found[1].strip():
        raise ValueError(f"release: expected a section {edition} (date) in CHANGELOG.md.")
    return found[1].strip() + "\n"


def main(words: list[str]) -> int:
    """Print the notes of the edition that a tag names; return an exit status."""
    parser = argparse.ArgumentParser(description="say of a tag whether it names this edition")
    parser.add_argument("tag", help="such as v1.0.0")
    tag = parser.parse_args(words).tag
    try:
        check_tag(tag)
        print(notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version()), end="")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
