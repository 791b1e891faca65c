"""Links between files become links between pages, and lead nowhere else."""

import pytest
from pages.links import pictures, relinked

PAGES = {
    "README.md": "readme.md",
    "docs/tiny.md": "cards/tiny.md",
    "notebooks/07_using.ipynb": "lessons/07_using.ipynb",
    "exercises/07_using/07_using.ipynb": "exercises/07_using.ipynb",
}


@pytest.mark.parametrize(
    ("here", "text", "expected"),
    [
        ("README.md", "[a](docs/tiny.md)", "[a](cards/tiny.md)"),
        ("README.md", "[a](docs/tiny.md#data)", "[a](cards/tiny.md#data)"),
        ("README.md", "[`a`\nand b](docs/tiny.md)", "[`a`\nand b](cards/tiny.md)"),
        ("docs/tiny.md", "[a](../README.md)", "[a](../readme.md)"),
        ("notebooks/07_using.ipynb", "[a](07_using.ipynb)", "[a](07_using.ipynb)"),
        (
            "notebooks/07_using.ipynb",
            "[a](../exercises/07_using/07_using.ipynb)",
            "[a](../exercises/07_using.ipynb)",
        ),
        (
            "exercises/07_using/07_using.ipynb",
            "[a](../../notebooks/07_using.ipynb)",
            "[a](../lessons/07_using.ipynb)",
        ),
        ("README.md", "[a](https://arxiv.org/abs/1)", "[a](https://arxiv.org/abs/1)"),
        ("README.md", "[a](#there)", "[a](#there)"),
        ("README.md", "[the licence](LICENSE)", "the licence (`LICENSE`)"),
        ("README.md", "[LICENSE](LICENSE)", "`LICENSE`"),
        ("README.md", "[`LICENSE`](LICENSE)", "`LICENSE`"),
        ("docs/tiny.md", "![a: b](p.png)", "![a: b](/figures/docs/p.png)"),
        ("README.md", "`x[i](docs/tiny.md)`", "`x[i](docs/tiny.md)`"),
        ("README.md", "```\n[a](docs/tiny.md)\n```", "```\n[a](docs/tiny.md)\n```"),
        ("README.md", "`a` [b](docs/tiny.md) `c`", "`a` [b](cards/tiny.md) `c`"),
    ],
)
def test_a_link_leads_to_a_page(here, text, expected):
    assert relinked(text, here, PAGES) == expected


def test_pictures_are_found_from_the_root():
    text = "![a](p.png) [b](../bench/q.png) ![c](https://x.org/r.png) [d](tiny.md)"
    assert pictures(text, "docs/tiny.md") == {"docs/p.png", "bench/q.png"}
