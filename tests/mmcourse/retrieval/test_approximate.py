"""faiss behind the same two calls: recall against exact, and beside torch in one process."""

import subprocess
import sys

import numpy as np
import pytest

from mmcourse.retrieval import Index
from mmcourse.retrieval.approximate import FaissIndex


@pytest.fixture(scope="module")
def clustered():
    """Return an index of 60 clusters of 50, and 101 vectors from the same clusters."""
    rng = np.random.default_rng(5)
    centres = rng.standard_normal((60, 24))
    rows = np.repeat(centres, 50, axis=0) + rng.standard_normal((3000, 24))
    queries = centres[rng.integers(0, 60, 101)] + rng.standard_normal((101, 24))
    return Index.from_features(rows, [f"{row}.png" for row in range(3000)]), queries


def test_flat_finds_what_exact_search_finds(clustered):
    index, queries = clustered
    flat = FaissIndex.build(index, "flat")
    expected, found = index.search_many(queries, 7), flat.search_many(queries, 7)
    np.testing.assert_array_equal(found[1], expected[1])
    np.testing.assert_allclose(found[0], expected[0], atol=1e-6)
    assert flat.measured_recall(queries, 7) == 1
    hits = [(hit.item, pytest.approx(hit.score, abs=1e-6)) for hit in index.search(queries[0])]
    assert [(hit.item, hit.score) for hit in flat.search(queries[0])] == hits


def test_recall_rises_with_probes_to_one(clustered):
    index, queries = clustered
    recalls = [
        FaissIndex.build(index, lists=40, probes=probes).measured_recall(queries)
        for probes in (1, 5, 40)
    ]
    assert recalls == sorted(recalls)
    assert recalls[0] < 0.95
    assert recalls[-1] == 1


def test_recall_is_counted_by_hand(clustered, monkeypatch):
    index, queries = clustered
    approximate = FaissIndex.build(index, "flat")
    _, rows = index.search_many(queries[:2], 4)
    rows = np.stack([rows[0], [rows[1, 3], -1, -1, -1]])  # all 4, then 1 of 4
    monkeypatch.setattr(FaissIndex, "search_many", lambda *_: (None, rows))
    assert approximate.measured_recall(queries[:2], 4) == 5 / 8


@pytest.mark.slow
def test_compressed_vectors_take_an_eighth_and_find_most(clustered):
    index, queries = clustered
    sizes = {
        kind: FaissIndex.build(index, kind, threads=1).bytes_per_vector
        for kind in ("flat", "pq")
    }
    assert sizes == {"flat": 4 * 24, "pq": 24 // 8 + 8}
    recall = FaissIndex.build(index, "pq", probes=99, threads=1).measured_recall(queries)
    assert 0.3 < recall < 1  # 3 bytes cannot tell 50 neighbours apart; chance is 10 of 3,000


@pytest.mark.parametrize("kind", ["ivf", "pq"])
def test_the_same_seed_gives_the_same_answers(clustered, kind):
    index, queries = clustered
    built = [
        FaissIndex.build(index, kind, probes=1, seed=seed, threads=1) for seed in (0, 0, 1)
    ]
    first, again, other = (each.search_many(queries, 9) for each in built)
    np.testing.assert_array_equal(first[1], again[1])
    np.testing.assert_array_equal(first[0], again[0])
    assert not np.array_equal(first[1], other[1])


@pytest.mark.parametrize("kind", ["flat", "half", "ivf", "pq", "hnsw"])
@pytest.mark.parametrize("mapped", [False, True])
def test_what_was_saved_answers_the_same_from_memory_and_from_disk(
    clustered, kind, mapped, tmp_path
):
    index, queries = clustered
    built = FaissIndex.build(index, kind, probes=5, threads=1)
    built.save(tmp_path / "it.faiss")
    index.save(tmp_path / "it.safetensors")
    exact = Index.open(tmp_path / "it.safetensors", mapped=mapped)
    opened = FaissIndex.open(tmp_path / "it.faiss", exact, mapped=mapped, probes=5, threads=1)
    assert opened.kind == kind
    for found, expected in zip(
        opened.search_many(queries, 7), built.search_many(queries, 7), strict=True
    ):
        np.testing.assert_array_equal(found, expected)


def test_half_precision_finds_the_same_ten_where_neighbours_lie_close(clustered):
    rng = np.random.default_rng(3)
    one = rng.standard_normal((1, 24))
    index = Index.from_features(one + 0.01 * rng.standard_normal((3000, 24)))  # all within HALF
    queries = one + 0.01 * rng.standard_normal((5, 24))
    for some, asked in ((index, queries), clustered):
        half = FaissIndex.build(some, "half")
        for found, expected in zip(
            half.search_many(asked, 10), some.search_many(asked, 10), strict=True
        ):
            np.testing.assert_array_equal(found, expected)


def test_hnsw_finds_more_the_more_it_keeps_in_mind(clustered):
    index, queries = clustered
    links = FaissIndex.build(index, "hnsw", threads=1)
    recalls = []
    for links.probes in (1, 10, 300):
        recalls.append(links.measured_recall(queries))
    assert recalls == sorted(recalls)
    assert recalls[0] < 0.95 < 0.999 <= recalls[-1]
    assert links.bytes_per_vector == 4 * 24 + 4 * 64


def test_compressed_vectors_compared_again_find_more_and_score_exactly(clustered):
    index, queries = clustered
    codes = FaissIndex.build(index, "pq", probes=76, threads=1)
    coarse = codes.measured_recall(queries)
    codes.again = 10
    assert codes.measured_recall(queries) > max(0.9, coarse)
    hit = codes.search(queries[0], 3)[0]
    assert hit.score == index.search(queries[0])[0].score


def test_a_file_of_other_vectors_or_items_is_refused(clustered, tmp_path):
    index, _ = clustered
    place = tmp_path / "it.faiss"
    FaissIndex.build(index, "flat").save(place)
    renamed = Index.from_features(index.features, [f"{row}.jpg" for row in range(3000)])
    other = Index.from_features(-index.features, index.items)
    for wrong in (renamed, other, Index.from_features(index.features[1:], index.items[1:])):
        with pytest.raises(ValueError, match="of the vectors and items of this index"):
            FaissIndex.open(place, wrong)
    place.write_bytes(place.read_bytes()[:-9])
    with pytest.raises(ValueError, match=r"FaissIndex\.save wrote, and whole"):
        FaissIndex.open(place, index)
    with pytest.raises(FileNotFoundError, match="found none"):
        FaissIndex.open(tmp_path / "nowhere", index)


def test_k_beyond_the_rows_and_empty_indexes(clustered):
    _, queries = clustered
    few = Index.from_features(queries[:5])
    assert len(FaissIndex.build(few, "flat").search(queries[1], 99)) == 5
    scores, rows = FaissIndex.build(few, "ivf", lists=5, probes=1).search_many(queries[:2], 5)
    assert rows[:, 0].tolist() == [0, 1]
    assert (rows[:, -1].tolist(), scores[:, -1].tolist()) == ([-1, -1], [-1, -1])
    empty = FaissIndex.build(Index.from_features(np.empty((0, 24))), "flat")
    assert empty.search(queries[0]) == []


def test_threads_are_as_they_were_afterwards(clustered):
    faiss = pytest.importorskip("faiss")
    before = faiss.omp_get_max_threads()
    FaissIndex.build(clustered[0], threads=3).search(clustered[1][0])
    assert faiss.omp_get_max_threads() == before


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"kind": "tree"}, "kind must be one of flat, half, ivf, pq, hnsw; got 'tree'"),
        ({"lists": 0}, "lists must be a whole number from 1 to 3000; got 0"),
        ({"lists": 3001}, "lists must be a whole number from 1 to 3000; got 3001"),
        ({"probes": 0}, "probes must be a whole number of at least 1"),
        ({"threads": 0}, "threads must be a whole number of at least 1"),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(clustered, how, message):
    with pytest.raises(ValueError, match=message):
        FaissIndex.build(clustered[0], **how)


def test_too_few_rows_to_learn_from_are_refused(clustered):
    few = Index.from_features(clustered[1])
    with pytest.raises(ValueError, match="'pq' must have 256 rows to learn from; got 101"):
        FaissIndex.build(few, "pq")


def test_without_faiss_it_says_how_to_get_it(clustered, monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(ImportError, match="pip install faiss-cpu"):
        FaissIndex.build(clustered[0])


@pytest.mark.slow
@pytest.mark.parametrize("first", ["faiss", "torch"])
def test_faiss_and_torch_work_in_one_process(first):
    """Each brings an OpenMP of its own; together they must neither abort nor hang."""
    program = f"""
import {first}
import numpy as np, torch, faiss
from mmcourse.retrieval import Index
from mmcourse.retrieval.approximate import FaissIndex
rows = np.random.default_rng(0).standard_normal((3000, 32))
faiss.omp_set_num_threads(2)
torch.set_num_threads(2)
for _ in range(2):
    a = torch.randn(600, 600) @ torch.randn(600, 600)
    all_lists = FaissIndex.build(Index.from_features(rows), "ivf", probes=999)
    print(all_lists.measured_recall(rows[:300]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (ran.stdout.split(), ran.returncode) == (["1.0", "1.0"], 0), ran.stderr
