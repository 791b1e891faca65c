"""What beginnings of 12.3 are ranked by in answers that are wrong."""

import numpy as np

from classroom.checks.ex12_vqa_and_captioning.search import END, Beginning


def newest(one: Beginning, _: float) -> float:
    """Return the log-probability of the newest word alone."""
    return one.logs[-1]


def probabilities(one: Beginning, _: float) -> float:
    """Return the sum of probabilities."""
    return float(np.exp(one.logs).sum())


def times_length(one: Beginning, length_penalty: float) -> float:
    """Return the sum, multiplied."""
    return one.total * len(one.words) ** length_penalty


def without_end(one: Beginning, length_penalty: float) -> float:
    """Return the sum by a length that leaves END out."""
    length = sum(word != END for word in one.words)
    return one.total / max(1, length) ** length_penalty


def divided(one: Beginning, length_penalty: float) -> float:
    """Return the sum by the length times the penalty."""
    return one.total / (len(one.words) * length_penalty)


def mean(one: Beginning, _: float) -> float:
    """Return the mean, whatever the penalty."""
    return one.total / len(one.words)


def of_google(one: Beginning, length_penalty: float) -> float:
    """Return the score of arXiv 1609.08144, section 7."""
    return one.total / ((5 + len(one.words)) / 6) ** length_penalty


def taken_off(one: Beginning, length_penalty: float) -> float:
    """Return the sum less the penalty for each word."""
    return one.total - length_penalty * len(one.words)


def added(one: Beginning, length_penalty: float) -> float:
    """Return the sum and the penalty for each word."""
    return one.total + length_penalty * len(one.words)
