"""Which file of the repository becomes which page of the site."""

from pathlib import Path

DOCUMENTS = {
    "README.md": "readme.md",
    "INSTRUCTORS.md": "instructors.md",
    "CONTRIBUTING.md": "contributing.md",
    "STYLE.md": "style.md",
    "CHANGELOG.md": "changes.md",
    "bench/RESULTS.md": "bench/results.md",
    "bench/PRECISION.md": "bench/precision.md",
    "docs/applications.md": "cards/applications.md",
    "docs/foreign.md": "cards/foreign.md",
    "docs/parity.md": "cards/parity.md",
    "docs/probe.md": "cards/probe.md",
    "docs/tiny.md": "cards/tiny.md",
    "docs/world.md": "cards/world.md",
    "docs/glossary.md": "glossary.md",
    "docs/looking_back.md": "looking_back.md",
    "docs/published.md": "published.md",
    "docs/scale.md": "scale.md",
    "docs/commands.md": "commands.md",
    "docs/devices.md": "devices.md",
    "docs/places.md": "places.md",
    "docs/upgrading.md": "upgrading.md",
}
"""Documents, and where each stands in the folder that Sphinx reads."""


def addresses(root: Path) -> dict[str, str]:
    """Return where each document, lesson and exercise stands in the folder that Sphinx reads.

    Raises:
        ValueError: a document in the top folder or in docs/ has no page.
    """
    there = [*root.glob("*.md"), *root.glob("docs/*.md")]
    unknown = {path.relative_to(root).as_posix() for path in there} - set(DOCUMENTS)
    if unknown:
        raise ValueError(f"addresses: give each document a page; none is given to {unknown}.")
    lessons = [f"notebooks/{path.name}" for path in sorted(root.glob("notebooks/*.ipynb"))]
    exercises = [path.relative_to(root) for path in sorted(root.glob("exercises/*/*.ipynb"))]
    return {
        **{name: page for name, page in DOCUMENTS.items() if (root / name).is_file()},
        **{name: name.replace("notebooks/", "lessons/") for name in lessons},
        **{path.as_posix(): f"exercises/{path.name}" for path in exercises},
    }
