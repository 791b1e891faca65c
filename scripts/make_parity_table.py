"""Measure how far our CLIP is from other people's with the same weights; write docs/parity.md.

usage: python scripts/make_parity_table.py
"""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "open_clip": "open_clip_torch",
    "openai": "clip-anytorch",
    "transformers": "transformers",
}
PAGE = """\
# Parity

How far `mmcourse.clip` is from other people's CLIP. Both get the same random weights and the
same inputs: pictures of random numbers, and texts of different lengths. Features are those of
pictures and texts, not normalised, and the scaled cosines. Gradients are those of every weight,
for the contrastive loss of pictures against texts. Each number is the largest absolute
difference; in brackets stands the largest value it is a difference of.

{table}

The small models have a vision transformer of 3 layers, or a ResNet of 2, 1, 3 and 1 blocks, and
a text tower of 2 layers. `clip-anytorch` repackages OpenAI's own code: its layer norm is always
computed in float32, so it has no row in float64. transformers has no ResNet. OpenAI's code
rounds weights to float16 while it loads them, so ours are rounded first. Released sizes are
compared in float32, in which the released models are used.

Made on the CPU with torch {torch} by `python scripts/make_parity_table.py`; the last digits
differ between machines. `tests/mmcourse/clip/test_parity.py` holds differences in float32 below
1e-5 (of the largest gradient, where that is above 1), and in float64 below 1e-10.
"""


def rows() -> Iterator[str]:
    """Yield the rows of the table, one comparison each."""
    sys.path.insert(0, str(ROOT / "tests" / "helpers"))
    from twins import REAL, SMALL, TWINS, difference, random_batch, random_clip

    from mmcourse.clip import convert_weights

    for name, config in {**SMALL, **REAL}.items():
        label, size = (f"small {name}", 3) if name in SMALL else (name, 1)
        for dtype in (torch.float64, torch.float32)[name in REAL :]:
            model = random_clip(config)
            convert_weights(model)
            model.to(dtype)
            batch = random_batch(config, dtype, pictures=size, texts=size + 1)
            for peer in TWINS:
                if (peer, config.vision_patch_size) == ("transformers", None):
                    continue
                if (peer, dtype) == ("openai", torch.float64):
                    continue
                found = difference(model, config, peer, batch)
                package = PACKAGES[peer]
                yield (
                    f"| {label} | {str(dtype).removeprefix('torch.')} | {package} "
                    f"{version(package)} | {found.features:.0e} ({found.feature_size:.1f}) "
                    f"| {found.gradients:.0e} ({found.gradient_size:.1f}) |"
                )


def main() -> int:
    """Write the page, and print its table."""
    lines = ["| Sizes | Numbers | Peer | Features | Gradients |", "|---|---|---|---|---|"]
    for row in rows():
        print(row, flush=True)
        lines.append(row)
    page = PAGE.format(table="\n".join(lines), torch=torch.__version__)
    (ROOT / "docs" / "parity.md").write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
