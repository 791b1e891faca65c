"""What a battery finds: a row for each measure, with its interval and what chance gives.

Leaves out how anything is measured.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Bool, Float
from torch import Tensor

from mmcourse.metrics import accuracy_interval, mean_interval, paired_bootstrap

DRAWS = 2_000
"""How often a bootstrap draws anew."""


@final
@dataclass(frozen=True, kw_only=True)
class Row:
    """One measure.

    Args:
        name: what was asked; no other row has it.
        share: what was found: a share of right answers, or what the name says (an error, a
            scale, a skew).
        low: the lower end of its 95 % interval.
        high: the upper end; both are `share` where nothing was left to chance.
        chance: what guessing gives; None where nothing is guessed.
        answers: how many answers it was computed from.
        part: of the battery.
    """

    name: str
    share: float
    low: float
    high: float
    chance: float | None
    answers: int
    part: str


@final
@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that a battery finds out about a model; `findings["binding"]` is one row.

    Args:
        rows: in their order.
        unknown: the words it was asked in that it never saw, sorted.
        pairs: minimal pairs of each sort, and pictures.
        seed: that all chance came from.
    """

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]
    pairs: int
    seed: int

    def __getitem__(self, name: str) -> Row:
        """Return the row of this name.

        Raises:
            KeyError: there is none.
        """
        known = {row.name: row for row in self.rows}
        if name not in known:
            raise KeyError(f"Findings: name must be one of {', '.join(known)}; got {name!r}.")
        return known[name]

    def parts(self) -> dict[str, list[Row]]:
        """Return the rows of each part of the battery."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.part, []).append(row)
        return found

    def as_data(self) -> dict[str, Any]:
        """Return all of it as JSON holds it; numbers have six digits that count."""
        return {
            "pairs": self.pairs,
            "seed": self.seed,
            "rows": [
                {
                    key: float(f"{value:.6g}") if isinstance(value, float) else value
                    for key, value in asdict(row).items()
                }
                for row in self.rows
            ],
            "unknown_words": list(self.unknown),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Findings":
        """Return what `as_data` was made of."""
        return cls(
            rows=tuple(Row(**row) for row in data["rows"]),
            unknown=tuple(data["unknown_words"]),
            pairs=data["pairs"],
            seed=data["seed"],
        )


def counted(
    part: str, name: str, right: Bool[Tensor, " n"] | Bool[np.ndarray, " n"], chance: float
) -> Row:
    """Return the row of independent answers, with Wilson's interval."""
    share, low, high = accuracy_interval(int(right.sum()), len(right))
    return Row(
        part=part, name=name, share=share, low=low, high=high, chance=chance, answers=len(right)
    )


def resampled(  # noqa: PLR0913 - a row must say what it is
    part: str,
    name: str,
    scores: Float[np.ndarray, " n"],
    chance: float,
    rng: np.random.Generator,
    *,
    each: int = 1,
    shares: bool = True,
) -> Row:
    """Return the row of a mean, with a percentile bootstrap interval.

    Where all scores are 0 or all 1, no draw differs, and the interval of a share is Wilson's.
    Where only a few differ from all others it comes out too narrow.

    Args:
        part: of the battery.
        name: of the measure.
        scores: independent of each other.
        chance: what guessing gives.
        rng: advanced.
        each: answers behind each score.
        shares: whether they are shares, which losses are not.
    """
    if shares and set(scores.tolist()) in ({0.0}, {1.0}):
        share, low, high = accuracy_interval(int(scores.sum()), len(scores))
    else:
        share, low, high = paired_bootstrap(scores, 0 * scores, rng, draws=DRAWS)
    answers = each * len(scores)
    return Row(
        part=part, name=name, share=share, low=low, high=high, chance=chance, answers=answers
    )


def over_galleries(
    part: str,
    name: str,
    values: Sequence[float],
    chance: float,
    *,
    each: int,
    limits: tuple[float, float] = (0.0, 1.0),
) -> Row:
    """Return the row of a mean over galleries, which are independent of each other.

    Answers within one are not, so that the interval is Student's over the galleries, cut off
    where no mean can lie. Where all are 0 or all 1 it is Wilson's, over all answers.

    Args:
        part: of the battery.
        name: of the measure.
        values: one a gallery.
        chance: what guessing gives.
        each: answers in each gallery.
        limits: the lowest and highest that a value can be.
    """
    answers = each * len(values)
    if set(values) in ({0.0}, {1.0}):
        share, low, high = accuracy_interval(round(values[0] * answers), answers)
    else:
        share, low, high = mean_interval(values)
        low, high = max(low, limits[0]), min(high, limits[1])
    return Row(
        part=part, name=name, share=share, low=low, high=high, chance=chance, answers=answers
    )
