"""The journal of a build: what a kill, a disk or another model can do to it."""

import numpy as np
import pytest

from mmcourse.retrieval.album.encode import Batch
from mmcourse.retrieval.album.journal import Journal
from mmcourse.retrieval.album.sources import Entry

NAMES = ["a", "b", "c", "d", "e"]


def entry(place):
    return Entry(NAMES[place], f"/{NAMES[place]}", (place, 10 * place, 100 * place))


BATCHES = [
    ([entry(0), entry(1)], Batch(np.eye(2, 3), [None, None])),
    ([entry(2), entry(3)], Batch(np.ones((1, 3)), ["why", None])),
    ([entry(4)], Batch(np.full((1, 3), 2.0), [None])),
]


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def started(index, fingerprint="mine", dim=3):
    """Return a journal, and what it knew."""
    journal = Journal(index, fingerprint=fingerprint, dim=dim)
    return journal, list(journal.replay())


def known(index, **how):
    journal, outcomes = started(index, **how)
    journal.close()
    return [name for name, _, _ in outcomes]


@pytest.fixture
def written(index):
    """Return where each record ends; the journal holds all batches."""
    journal, _ = started(index)
    ends = [journal.path.stat().st_size]
    for entries, batch in BATCHES:
        journal.add(entries, batch)
        ends.append(journal.path.stat().st_size)
    journal.close()
    return ends


def test_what_was_noted_is_known(index, written):
    journal, outcomes = started(index)
    journal.close()
    expected = [(entry(place).item, entry(place).stamp) for place in range(5)]
    assert [(name, stamp) for name, stamp, _ in outcomes] == expected
    vectors = [result for _, _, result in outcomes]
    assert vectors.pop(2) == "why"
    np.testing.assert_array_equal(vectors, [[1, 0, 0], [0, 1, 0], [1, 1, 1], [2, 2, 2]])


def test_a_torn_record_is_dropped_and_written_over(index, written):
    path = index.with_name("index.mmcourse-journal")
    raw = path.read_bytes()
    for length in range(written[1], written[3]):
        path.write_bytes(raw[:length])
        journal, outcomes = started(index)
        assert [name for name, _, _ in outcomes] == NAMES[: 2 if length < written[2] else 4]
        journal.add(*BATCHES[2])
        journal.close()
        assert known(index)[-1] == "e"


@pytest.mark.parametrize("place", [1, 2])
def test_a_record_with_a_wrong_bit_ends_what_is_known(index, written, place):
    path = index.with_name("index.mmcourse-journal")
    raw = bytearray(path.read_bytes())
    raw[written[place] - 1] ^= 1  # in the last number of a vector
    path.write_bytes(raw)
    assert known(index) == NAMES[: 2 * (place - 1)]


@pytest.mark.parametrize("how", [{"fingerprint": "another"}, {"dim": 5}])
def test_the_journal_of_another_model_is_started_anew(index, written, how):
    assert known(index, **how) == []
    assert known(index) == []


def test_a_removed_journal_leaves_nothing(index, written):
    started(index)[0].remove()
    assert list(index.parent.iterdir()) == []
