"""The stored measurements of search: whole, in order, and as the page tells them."""

from itertools import groupby, pairwise

import measure_search
import pytest

from mmcourse import small


@pytest.fixture(scope="module")
def curves():
    """Return the points of each size and kind, the least effort first."""
    whole = groupby(small.stored_searches(), lambda one: (one.vectors, one.kind))
    return {key: list(some) for key, some in whole}


def test_every_size_has_every_kind_with_every_effort(curves):
    sizes = sorted({vectors for vectors, _ in curves})
    assert list(curves) == [
        (vectors, kind) for vectors in sizes for kind in measure_search.PROBES
    ]
    for (_, kind), curve in curves.items():
        assert tuple(one.probes for one in curve) == measure_search.PROBES[kind]


def test_more_effort_never_finds_less_and_what_looks_at_all_finds_all(curves):
    for (_, kind), curve in curves.items():
        assert all(one.recall <= more.recall for one, more in pairwise(curve))
        if kind in ("exact", "half"):
            assert [one.recall for one in curve] == [1.0]


def test_the_table_takes_the_least_effort_that_finds_enough(curves):
    for curve in curves.values():
        one = measure_search.enough(curve)
        assert one.recall >= min(0.95, max(each.recall for each in curve))
        assert all(less.recall < 0.95 for less in curve[: curve.index(one)])


def test_the_page_has_the_table_of_what_is_stored():
    page = measure_search.PAGE.read_text(encoding="utf-8")
    told = page.split(measure_search.BEGIN)[1].split(measure_search.END)[0]
    assert told.startswith(measure_search.table(small.stored_searches()) + "\n*")


def test_a_kind_measured_again_takes_the_place_of_what_was_known(tmp_path):
    file = tmp_path / "searches.csv"
    point = {"probes": 16, "recall": 0.9, "ms": 1.0}
    for recall in (0.9, 0.8):
        found = {"memory": 8, "mapped_memory": 2, "built": 3.0}
        curve = [point | {"recall": recall}]
        measure_search.note(100, "hnsw", found | {"curve": curve}, file)
    with pytest.raises(KeyError, match="built"):  # no time, no row
        measure_search.note(100, "pq", {"memory": 8, "mapped_memory": 2, "curve": curve}, file)
    measure_search.note(100, "exact", {"memory": 4, "curve": [point | {"probes": 0}]}, file)
    said = [(one.kind, one.recall) for one in small.stored_searches(file)]
    assert said == [("exact", 0.9), ("hnsw", 0.8)]
