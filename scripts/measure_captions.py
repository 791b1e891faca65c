"""What a captioner gets right: fact by fact, with beams of several widths, and how sure it is.

Facts of one caption depend on each other, so their interval is from resampling pictures.
"""

from collections.abc import Callable, Sequence

import numpy as np
from answer_data import Shown

from mmcourse.captioning import PrefixCaptioner, Said, beam, greedy, target_caption
from mmcourse.metrics import CaptionTruth, accuracy_interval, caption_truth, ece
from mmcourse.metrics.caption_truth import TYPES
from mmcourse.world import Scene

BATCH = 250
Found = dict[str, tuple[float, int]]


def show(found: Found) -> None:
    """Print each share with its Wilson interval, which takes the answers for independent."""
    for name, (share, n) in found.items():
        _, low, high = accuracy_interval(round(share * n), n)
        print(f"  {name:38} {share:.4f}  {low:.4f} to {high:.4f}  of {n}")


def captions(
    model: PrefixCaptioner, shown: Shown, decode: Callable[..., list[Said]]
) -> list[Said]:
    """Return a caption for every picture."""
    seen = shown.seen_by(model)
    parts = [decode(model, seen[first : first + BATCH]) for first in range(0, len(seen), BATCH)]
    return [said for part in parts for said in part]


def captioned(said: Sequence[Said], scenes: Sequence[Scene]) -> Found:
    """Return which facts are true, which are told, and how many captions are right or clean."""
    truths = [caption_truth(s, each.text) for s, each in zip(scenes, said, strict=True)]
    total = sum(truths, CaptionTruth())
    found: Found = {}
    for name, part, whole, share in (
        ("true", total.true, total.stated, total.share_true),
        ("told", total.told, total.facts, total.share_told),
    ):
        found[f"facts {name}"] = share(), sum(whole.values())
        for kind in TYPES:
            if whole.get(kind):
                found[f"{kind} {name}"] = part.get(kind, 0) / whole[kind], whole[kind]
    n = len(said)
    exact = [target_caption(s) == each.text for s, each in zip(scenes, said, strict=True)]
    words = [
        sorted(target_caption(s).split()) == sorted(each.text.split())
        for s, each in zip(scenes, said, strict=True)
    ]
    found["exact sentence"] = sum(exact) / n, n
    found["right words"] = sum(words) / n, n
    found["captions without a false fact"] = sum(t.share_true() == 1 for t in truths) / n, n
    for layout in ("single", "pair", "group"):
        rows = [row for row, scene in enumerate(scenes) if scene.layout == layout]
        if rows:
            right = sum(exact[row] for row in rows)
            found[f"exact sentence, {layout}"] = right / len(rows), len(rows)
    return found


def interval(said: Sequence[Said], scenes: Sequence[Scene], share: str) -> tuple[float, float]:
    """Return the 95 % interval of a share of facts, by resampling pictures 2,000 times."""
    part, whole = ("true", "stated") if share == "true" else ("told", "facts")
    counts = np.array(
        [
            [sum(getattr(truth, name).values()) for name in (part, whole)]
            for truth in (
                caption_truth(s, each.text) for s, each in zip(scenes, said, strict=True)
            )
        ]
    )
    rng = np.random.default_rng(0)
    drawn = counts[rng.integers(len(counts), size=(2000, len(counts)))].sum(1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return float(low), float(high)


def by_width(model: PrefixCaptioner, shown: Shown, widths: Sequence[int] = range(1, 9)) -> None:
    """Print how many facts are invented and left out, for several widths of the beam."""
    for penalty in (0.0, 1.0):
        for k in widths:
            said = captions(
                model, shown, lambda m, x, k=k, p=penalty: beam(m, x, k, length_penalty=p)
            )
            found = captioned(said, shown.pairs.scenes)
            likely = np.mean([each.logprob for each in said])
            print(
                f"  width {k}, length penalty {penalty:g}: invented "
                f"{1 - found['facts true'][0]:.4f} of facts, in "
                f"{1 - found['captions without a false fact'][0]:.4f} of captions; told "
                f"{found['facts told'][0]:.4f}; mean log-probability {likely:.4f}"
            )


def by_threshold(model: PrefixCaptioner, shown: Shown) -> None:
    """Print how many captions are said, and how many of them are false, for some thresholds."""
    said = captions(model, shown, greedy)
    sure = np.array([each.probability for each in said])
    scenes = shown.pairs.scenes
    true = np.array(
        [
            caption_truth(s, each.text).share_true() == 1
            for s, each in zip(scenes, said, strict=True)
        ]
    )
    gap = ece(np.stack([1 - sure, sure], 1), true.astype(int))
    print(f"  all true {true.mean():.4f}, mean confidence {sure.mean():.4f}, ECE {gap:.4f}")
    for threshold in np.arange(10) / 10:
        kept = sure >= threshold
        false = 1 - true[kept].mean() if kept.any() else 0.0
        print(
            f"  threshold {threshold:.1f}: said {kept.mean():.4f}, false of these {false:.4f}"
        )
