"""Copies fold into one result; what only looks alike, or only weighs alike, does not."""

import os

import pytest

from mmcourse.retrieval import Hit
from mmcourse.search.duplicates import folded


@pytest.fixture
def names(tmp_path):
    """Return what of some files, given as name -> content, is found, and under which names."""

    def of(scores=None, **contents):
        for name, content in contents.items():
            path = tmp_path / name.replace("_", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (9, 9))  # all of them changed at the same moment
        hits = [
            Hit(name.replace("_", "/"), score)
            for name, score in zip(contents, scores or [0.5] * len(contents), strict=True)
        ]
        return [(str(first.item), others) for first, others in folded(hits, str(tmp_path))]

    return of


def test_copies_fold_into_the_name_that_lies_in_the_fewest_folders(names):
    assert names(old_b=b"cat", b=b"cat", a=b"dog") == [("b", ("old/b",)), ("a", ())]


def test_equal_sizes_and_times_are_no_copies(names):
    assert names(a=b"cat", b=b"dog") == [("a", ()), ("b", ())]


def test_copies_are_looked_for_among_equal_scores_alone(names):
    assert names([0.5, 0.4], a=b"cat", b=b"cat") == [("a", ()), ("b", ())]


def test_a_file_that_is_gone_is_no_copy(names, tmp_path):
    names(a=b"cat")
    hits = [Hit("a", 0.5), Hit("gone", 0.5)]
    assert [others for _, others in folded(hits, str(tmp_path))] == [(), ()]
