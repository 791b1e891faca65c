"""The best that any model can do: scores, loss and information from the world's own chances.

Whoever sees a scene and knows the world knows p(text | scene) and p(text). The critic with the
lowest InfoNCE loss is log p(text | scene) - log p(text), for both directions at once (arXiv
1807.03748, section 2.3). A picture shows no more than its scene, so nothing that is learned
from pictures beats it on average. Leaves out critics that see the whole batch at once.
"""

from collections.abc import Sequence as Items
from math import inf, sqrt
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from mmcourse.boundary.signature import checked
from mmcourse.world.scenes.scene import Scene
from mmcourse.world.words.caption import caption_grammar
from mmcourse.world.words.facts import facts
from mmcourse.world.words.grammar import Node
from mmcourse.world.words.text_prior import Memo, TextPrior, safe_log, weigh, words_of


class Information(NamedTuple):
    """An estimate of mutual information, and its standard error, both in nats."""

    nats: float
    error: float


def log_posterior(
    scenes: Items[Scene], texts: Items[str], prior: TextPrior
) -> Float64[np.ndarray, "scenes texts"]:
    """Return log p(text | scene) - log p(text), in nats: the scores of the best critic.

    A softmax over a row gives each text's chance to be the one that was said of this scene,
    the others having been said of scenes unknown; a softmax over a column gives each scene's
    chance to be the one the text was said of. Minus infinity where a text is never said of a
    scene. Exact where `prior` is; an estimated p(text) makes a slightly worse critic.

    Args:
        scenes: pictures' scenes.
        texts: captions.
        prior: p(text) in the world that the texts come from; it decides between ordinary and
            full captions.

    Raises:
        ValueError: a text that `prior` never says, or a scene that has no caption.
        TypeError: something is not a Scene, or not a string.

    A world of two scenes: a view that is said of one alone doubles that one's chance.

    >>> from mmcourse.world.scenes.scene import Thing
    >>> cat = Thing(kind="cat", colour="red", size=0.3, position=(0.4, 0.7), pose="sitting")
    >>> world = [Scene(setting=setting, objects=(cat,)) for setting in ("meadow", "snow")]
    >>> log_posterior(world, ["a grassy meadow"], TextPrior(world)).round(4)
    array([[0.6931],
           [  -inf]])
    """
    grammars = _grammars(scenes, prior)
    return np.stack([_column(grammars, text, prior) for text in _check(texts)], axis=1)


@checked
def bayes_loss(scores: Float64[np.ndarray, "batch batch"]) -> float:
    """Return the symmetric InfoNCE loss of a batch, in nats: what `losses.clip_loss` averages.

    With the scores of `log_posterior` its mean over batches is the lowest that any critic of
    one scene and one text can reach; on a single batch one can be lucky and lie below.

    Args:
        scores: row i and column i belong together.

    Raises:
        ValueError: no square, no row, NaN, plus infinity, or minus infinity for a pair.

    Text 0 is true of scene 0 alone, text 1 of both: (log 2 + 0 + 0 + log 2) / 4

    >>> round(bayes_loss(np.array([[0.0, 0.0], [-np.inf, 0.0]])), 4)
    0.3466
    """
    right = _check_scores(scores)
    both = [(_log_sum(scores, axis) - right).mean() for axis in (0, 1)]
    return float(sum(both) / 2)


@checked
def mutual_information(
    scenes: Items[Scene], texts: Items[str], prior: TextPrior
) -> Information:
    """Return how much a text tells of its scene: the mean of log p(text | scene) / p(text).

    log(batch) - loss of InfoNCE is at most this, on average (arXiv 1807.03748, section 2.3). A
    prior that is estimated from few scenes makes it a little too high.

    Args:
        scenes: independent scenes, at least two.
        texts: row i is a caption of scene i, drawn by `caption`.
        prior: as for `log_posterior`.

    Raises:
        ValueError: scenes and texts that are not pairs, fewer than two, or as `log_posterior`.
        TypeError: as `log_posterior`.

    >>> from mmcourse.world.scenes.scene import Thing
    >>> cat = Thing(kind="cat", colour="red", size=0.3, position=(0.4, 0.7), pose="sitting")
    >>> world = [Scene(setting=setting, objects=(cat,)) for setting in ("meadow", "snow")]
    >>> views = ["a grassy meadow", "a snowy landscape"]
    >>> nats, error = mutual_information(world, views, TextPrior(world))
    >>> round(nats, 4), error
    (0.6931, 0.0)
    """
    if len(scenes) != len(texts) or len(texts) < 2:
        raise ValueError(
            "mutual_information: needs at least two pairs of scene and text; got "
            f"{len(scenes)} scenes and {len(texts)} texts."
        )
    pairs = zip(_grammars(scenes, prior), _check(texts), strict=True)
    values = np.array([_column([grammar], text, prior)[0] for grammar, text in pairs])
    if not np.isfinite(values).all():
        raise ValueError(
            "mutual_information: text i must be a caption of scene i; got "
            f"{texts[int(np.argmin(values))]!r}, which is never said of its scene."
        )
    return Information(float(values.mean()), float(values.std(ddof=1)) / sqrt(len(values)))


def _grammars(scenes: Items[Scene], prior: TextPrior) -> list[Node]:
    if not isinstance(prior, TextPrior):
        raise TypeError(
            f"log_posterior: prior must be a TextPrior; got {type(prior).__name__}; "
            "TextPrior(scenes) makes one from a sample of the world."
        )
    known = [facts(scene, "log_posterior") for scene in scenes]
    if not known:
        raise ValueError("log_posterior: there must be at least one scene; got none.")
    return [caption_grammar(key, prior.chances) for key in known]


def _column(grammars: Items[Node], text: str, prior: TextPrior) -> list[float]:
    """Return one text's score with every grammar."""
    before = prior.logprob(text)
    words = words_of(text, "log_posterior")
    if words is None or before == -inf:
        raise ValueError(
            f"log_posterior: the prior never says {text!r}; build it with more scenes, and "
            "with those that the texts were said of."
        )
    memo: Memo = {}
    return [safe_log(weigh(grammar, words, memo)) - before for grammar in grammars]


def _check(texts: Items[str]) -> Items[str]:
    if isinstance(texts, str) or len(texts) == 0:
        raise ValueError(f"log_posterior: texts must be a sequence of captions; got {texts!r}.")
    return texts


def _check_scores(scores: np.ndarray) -> np.ndarray:
    """Return the diagonal, after refusing what is no square of pairs."""
    if scores.ndim != 2 or scores.shape[0] != scores.shape[1] or len(scores) == 0:
        raise ValueError(
            "bayes_loss: row i and column i must be a pair, so scores must be a square; got "
            f"shape {scores.shape}."
        )
    right = np.diagonal(scores)
    if np.isnan(scores).any() or np.isposinf(scores).any() or np.isneginf(right).any():
        raise ValueError(
            "bayes_loss: scores must not be NaN or plus infinity, nor minus infinity for a "
            "pair: text i must be a caption of scene i."
        )
    return right


def _log_sum(scores: np.ndarray, axis: int) -> np.ndarray:
    highest = scores.max(axis=axis)
    return highest + np.log(np.exp(scores - np.expand_dims(highest, axis)).sum(axis=axis))
