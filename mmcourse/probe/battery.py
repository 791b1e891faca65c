"""The battery: every question that a CLIP is asked, in one call.

Leaves out the command (`mmcourse.probe`) and the page (`page`).
"""

from collections.abc import Callable, Iterator
from math import isfinite

import numpy as np
from jaxtyping import Bool
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.clip.model import CLIP
from mmcourse.probe import calibration, galleries, minimal, zero_shot
from mmcourse.probe.options import LEAST_PAIRS, MOST_PAIRS, MOST_SEED, PAIRS
from mmcourse.probe.rows import Findings, Row, counted
from mmcourse.probe.vectors import Model, Seen
from mmcourse.probe.words import Listener
from mmcourse.tokenizer.clip import clip_vocabulary
from mmcourse.world import COLOURS, KINDS, SCENES
from mmcourse.world.words.twins import TWINS

NAMES: dict[str, tuple[Callable[[Model, Seen], Bool[Tensor, " n"]], int]] = {
    "one of 21 kinds": (zero_shot.kind, len(KINDS)),
    "one of 11 colours, kind given": (zero_shot.colour, len(COLOURS)),
    "one of 13 settings": (zero_shot.scene, len(SCENES)),
}
"""What is named without a labelled example, and how many names there are to choose from."""


@checked
def probe(
    model: CLIP,
    *,
    pairs: int = PAIRS,
    seed: int = 0,
    told: Callable[[str], object] | None = None,
) -> Findings:
    """Return what a CLIP knows of the drawn world, and what it misses: a row for each measure.

    Minimal pairs of eight sorts (`world.minimal_pairs`) with Winoground's scores, zero-shot
    names, retrieval and hubs among 256, calibration, and the words it was asked in that it
    never saw. Pictures are drawn at the resolution that the model reads; all are of the test
    split, but those that a scale is fitted on. Every row has a 95 % interval and what chance
    gives.

    Args:
        model: a CLIP in evaluation mode, ours or OpenAI's.
        pairs: minimal pairs of each sort, and pictures to name.
        seed: that all chance comes from.
        told: is called with the name of each part before it begins.

    Raises:
        ValueError: the model is in training mode or does not read CLIP's tokens, or a number
            is out of range.
    """
    pairs = whole("probe", "pairs", pairs, least=LEAST_PAIRS, most=MOST_PAIRS)
    seed = whole("probe", "seed", seed, least=0, most=MOST_SEED)
    _check(model)
    listener = Listener(model)
    asked, say = Model(model, listener), told or str  # str() says nothing
    rows = [
        *_minimal(asked, pairs, seed, say),
        *_named(asked, pairs, seed, say),
        *_found(asked, pairs, seed, say),
        listener.row(),
    ]
    unknown = tuple(listener.unknown())
    return Findings(rows=tuple(rows), unknown=unknown, pairs=pairs, seed=seed)


def _check(model: CLIP) -> None:
    if model.training:
        raise ValueError(
            "probe: the model must be in evaluation mode; got one in training mode, whose "
            "answers depend on the batch; call model.eval()."
        )
    expected, found = len(clip_vocabulary()), model.token_embedding.num_embeddings
    if found != expected:
        raise ValueError(
            f"probe: the model must read CLIP's {expected:,} tokens; got an embedding of "
            f"{found:,}; checkpoints.save(model, path, vocabulary=ids) writes a compact "
            "model so that clip.load gives it all of them."
        )
    scale = model.logit_scale.item()
    if not isfinite(model.logit_scale.exp().item()):
        raise ValueError(
            "probe: the model's logit_scale must be the logarithm of a finite scale; got "
            f"{scale:g}; CLIP's is at most ln 100, which is 4.6."
        )


def _minimal(model: Model, n: int, seed: int, say: Callable[[str], object]) -> Iterator[Row]:
    rng, rows, captions = np.random.default_rng([seed, 2]), list[Row](), []
    for number, kind in enumerate(TWINS):
        say(f"minimal pairs: {kind}")
        table, alone = minimal.ask(model, kind, n, np.random.default_rng([seed, 3, number]))
        rows += minimal.rows(kind, table, rng)
        captions.append(alone)
    parts = (minimal.CAPTION, minimal.PICTURE, minimal.BOTH)
    yield from sorted(rows, key=lambda row: parts.index(row.part))
    yield minimal.blind(np.concatenate(captions), rng)


def _named(model: Model, n: int, seed: int, say: Callable[[str], object]) -> Iterator[Row]:
    say("zero-shot names and calibration")
    seen = model.draw(n, [seed, 4], split="test", n_objects=1)
    for name, (ask, classes) in NAMES.items():
        yield counted("Zero-shot names", name, ask(model, seen), 1 / classes)
    fitted_on = model.draw(n, [seed, 5], split="validation", n_objects=1)
    yield from calibration.rows(model, fitted_on, seen, np.random.default_rng([seed, 6]))


def _found(model: Model, n: int, seed: int, say: Callable[[str], object]) -> Iterator[Row]:
    say("retrieval and hubs")
    tables = galleries.ask(model, n, seed)
    yield from galleries.rows(tables, np.random.default_rng([seed, 7]))
