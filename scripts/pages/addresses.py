"""Which file of the repository becomes which page of the site."""

from pathlib import Path

from pages.workbooks import notebooks

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
}
"""Documents, and where each stands in the folder that Sphinx reads; any other stands on top."""


def addresses(root: Path) -> dict[str, str]:
    """Return where each file that has a page stands in the folder that Sphinx reads."""
    there = [*sorted(root.glob("*.md")), *sorted(root.glob("docs/*.md"))]
    others = {path.relative_to(root).as_posix(): f"{path.stem.lower()}.md" for path in there}
    books = [path.relative_to(root) for path in notebooks(root)]
    return {
        **{name: page for name, page in DOCUMENTS.items() if (root / name).is_file()},
        **{name: page for name, page in others.items() if name not in DOCUMENTS},
        **{
            path.as_posix(): f"{path.parts[0].replace('notebooks', 'lessons')}/{path.name}"
            for path in books
        },
    }
