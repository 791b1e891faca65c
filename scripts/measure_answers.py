"""What a shipped captioner or answerer gets right, on scenes that it was never trained on.

Each number is a share with the number of things behind it.

usage: python scripts/measure_answers.py NAME [--split test] [--n 4000]
       NAME is a shipped model, or zero-shot; a captioner is also asked with beams 1 to 8 wide
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch
from answer_data import Shown
from answer_recipes import RECIPES
from measure_captions import (
    BATCH,
    Found,
    by_threshold,
    by_width,
    captioned,
    captions,
    interval,
    show,
)
from torch import Tensor, nn

from mmcourse.captioning import PrefixCaptioner, greedy
from mmcourse.checkpoints import restore
from mmcourse.vqa import (
    ANSWERS,
    CrossAttentionVQA,
    PooledVQA,
    asked_about,
    question_tokens,
    touches,
    touching_chance,
    zero_shot_answers,
)
from mmcourse.world import masks

ASKED = ("kind", "colour", "count", "position", "yes/no")
"""The types of questions that are counted together; relations are reported beside them."""

SEEN = ("kind", "colour")
"""The types whose answer can be seen on the thing itself; where and how many it is cannot."""


@torch.no_grad()
def answers(model: nn.Module | None, shown: Shown) -> tuple[list[str], Tensor | None]:
    """Return the answers of a model, or of `tiny` without training, and where it looked."""
    rows = [row for row, _ in shown.asked]
    if model is None:
        texts = [each.text for _, each in shown.asked]
        return zero_shot_answers(shown.model, shown.pooled[rows], texts), None
    tokens, said, looked = question_tokens()([each.text for _, each in shown.asked]), [], []
    for first in range(0, len(rows), BATCH):
        part, asked = rows[first : first + BATCH], tokens[first : first + BATCH]
        if isinstance(model, CrossAttentionVQA):
            logits, attention = model(shown.grid[part], asked)
            looked.append(attention)
        elif isinstance(model, PooledVQA):
            logits = model(shown.pooled[part], asked)
        else:
            logits = model(asked)
        said += [ANSWERS[answer] for answer in logits.argmax(1).tolist()]
    return said, torch.cat(looked) if looked else None


def answered(said: Sequence[str], shown: Shown) -> Found:
    """Return the share of right answers, by type and for those of `ASKED` together."""
    right = defaultdict(list)
    for each, (row, question) in zip(said, shown.asked, strict=True):
        hit = each == question.answer
        right[question.type].append(hit)
        if question.type in ASKED:
            right["answers"].append(hit)
        if question.type == "colour" and shown.pairs.scenes[row].layout == "pair":
            right["colour of one of two"].append(hit)
        if question.type == "kind" and shown.pairs.scenes[row].layout == "pair":
            right["kind of one of two"].append(hit)
    return {name: (sum(hits) / len(hits), len(hits)) for name, hits in sorted(right.items())}


def pointed(looked: Tensor, shown: Shown, size: int = 64) -> Found:
    """Return how often the strongest place touches what is asked about, and a random one."""
    drawn: dict[int, np.ndarray] = {}
    hits, chances = defaultdict(list), defaultdict(list)
    for place, (row, question) in enumerate(shown.asked):
        scene = shown.pairs.scenes[row]
        things = asked_about(scene, question)
        if row not in drawn:
            drawn[row] = masks(scene, size)
        mask = torch.from_numpy(drawn[row][list(things)].any(0))[None]
        if not things or not mask.any():
            continue
        names = [
            f"looks at it, {question.type}",
            f"looks at it, {question.type}, {scene.layout}",
        ]
        for name in [*names, *(["looks at it"] if question.type in SEEN else [])]:
            hits[name].append(bool(touches(looked[place][None], mask)))
            chances[f"{name}, by chance"].append(float(touching_chance(mask, looked.shape[1])))
    return {
        name: (sum(shares) / len(shares), len(shares))
        for name, shares in sorted((hits | chances).items())
    }


def measure(model: nn.Module, n: int = 4000) -> Found:
    """Return what the manifest says of a model: on test scenes, and on held-out pairs."""
    found: Found = {}
    for split, number in (("test", n), ("held-out", n // 4)):
        shown, before = Shown(split, number), "" if split == "test" else f"{split} "
        if isinstance(model, PrefixCaptioner):
            part = captioned(captions(model, shown, greedy), shown.pairs.scenes)
        else:
            said, looked = answers(model, shown)
            part = answered(said, shown)
            part |= {} if looked is None else pointed(looked, shown)
        found |= {before + name: value for name, value in part.items()}
    return {name: (round(share, 4), count) for name, (share, count) in found.items()}


def main(arguments: list[str]) -> int:
    """Print what one model does on pictures of one split."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", choices=[*RECIPES, "zero-shot"])
    parser.add_argument("--split", default="test")
    parser.add_argument("--n", type=int, default=4000)
    chosen = parser.parse_args(arguments)
    shown, name = Shown(chosen.split, chosen.n), chosen.name
    model = None if name == "zero-shot" else restore(RECIPES[name].make(), name)
    if isinstance(model, PrefixCaptioner):
        said = captions(model, shown, greedy)
        show(captioned(said, shown.pairs.scenes))
        for share in ("true", "told"):
            low, high = interval(said, shown.pairs.scenes, share)
            print(f"  facts {share}: {low:.4f} to {high:.4f}, pictures resampled")
        by_threshold(model, shown)
        by_width(model, shown)
        return 0
    given, looked = answers(model, shown)
    show(answered(given, shown))
    if looked is not None:
        show(pointed(looked, shown))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
