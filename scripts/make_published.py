"""Write the page of what others measured of released models: docs/published.md.

usage: python scripts/make_published.py
"""

import sys
import tomllib
from typing import Any

from lessons import ROOT

DATA, PAGE = ROOT / "docs" / "published.toml", ROOT / "docs" / "published.md"
COLUMNS = ("imagenet", "flickr_text", "flickr_image", "coco_text", "coco_image")

TEXT = """\
# What others measured

The lessons measure `tiny`, on drawings. These are numbers of OpenAI's nine released models, and
of later ones, on photos, which were not measured here: each comes from its source. Written from
`docs/published.toml` by `python scripts/make_published.py`.

## Zero-shot, in per cent

ImageNet: top-1 of 1,000 names, with 80 templates. Flickr30k (1,000 pictures) and COCO (5,000):
recall at 1, text → image and image → text. Five captions belong to a picture, which makes the
second direction the easier one. In brackets, what CLIP's paper is reported to say.

{models}

Numbers of one model from two hands differ by up to {gap:.1f} points. Do not read a difference
of that size between two models as one of the models.

## Later models

Sorted by ImageNet. COCO as above: recall at 1 of 5,000 photos. The two columns do not put the
models in the same order, so choose by the one that is like your task.

{later}

## The eight photos of lesson 07

Cosines of ViT-B/32 between each photo and its text, and the highest of the seven other texts.
The texts are OpenAI's, each after the words "This is".

{photos}

All eight rows have their own photo first. A right pair has {low:.2f} to {high:.2f}, a wrong one
at most {wrong:.2f}: no cosine comes near 1, and lesson 04 says why that is enough.

## Sources

{sources}
"""


def data() -> dict[str, Any]:
    """Return the numbers and their sources."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def models_table(found: dict[str, Any]) -> str:
    """Return a line for each model, with the paper's numbers in brackets."""
    lines = [
        "| Model | ImageNet | Flickr30k, text → image | image → text | COCO, text → image "
        "| image → text |",
        "|---|---|---|---|---|---|",
    ]
    for name, numbers in found["models"].items():
        said = found["paper"].get(name, {})
        cells = [
            f"{numbers[column]:.1f}" + (f" ({said[column]:.1f})" if column in said else "")
            for column in COLUMNS
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def later_table(found: dict[str, Any]) -> str:
    """Return a line for each later model: size, both numbers, licence."""
    lines = [
        "| Model | Parameters, millions | Vector | ImageNet | COCO, text → image | Licence |",
        "|---|---|---|---|---|---|",
    ]
    lines += (
        f"| {name} | {one['parameters']:.0f} | {one['vector']} | {one['imagenet']:.1f} "
        f"| {one['coco_text']:.1f} | {one['licence']} |"
        for name, one in found["later"].items()
    )
    return "\n".join(lines)


def photos_table(found: dict[str, Any]) -> str:
    """Return a line for each photo: its own text's cosine, and the best of the others."""
    photos = found["photos"]
    lines = ["| Photo | Its own text | Cosine | Best other text |", "|---|---|---|---|"]
    columns = zip(*photos["cosines"], strict=True)  # the data have a row for each text
    rows = zip(photos["names"], photos["texts"], columns, strict=True)
    for place, (name, text, cosines) in enumerate(rows):
        own, other = cosines[place], max(cosines[:place] + cosines[place + 1 :])
        lines.append(f"| {name} | {text} | {own:.2f} | {other:.2f} |")
    return "\n".join(lines)


def page() -> str:
    """Return the whole page."""
    found = data()
    cosines = found["photos"]["cosines"]
    own = [row[place] for place, row in enumerate(cosines)]
    others = [one for i, row in enumerate(cosines) for j, one in enumerate(row) if i != j]
    gaps = [
        abs(number - found["models"][name][column])
        for name, said in found["paper"].items()
        for column, number in said.items()
    ]
    told = found["sources"].values()
    sources = (f"- [{one['title']}]({one['url']}): {one['says']}" for one in told)
    return TEXT.format(
        models=models_table(found),
        later=later_table(found),
        photos=photos_table(found),
        gap=max(gaps),
        low=min(own),
        high=max(own),
        wrong=max(others),
        sources="\n".join(sources),
    )


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
