"""Exercise 09: the references are the course's own, and harnesses stand by themselves.

Answers as learners write them are in `tests/helpers/answers/ex09.txt`.
"""

import inspect
from types import SimpleNamespace

import checking
import numpy as np
import pytest
import torch
from PIL import Image

from classroom.checks import find
from classroom.checks.ex09_retrieval import ask_folder as of_asking
from classroom.checks.ex09_retrieval import image_search as of_search
from classroom.checks.ex09_retrieval import search_folder as of_folder
from classroom.checks.ex09_retrieval.recall_at_k import recall_at_k
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.checks.tiny import tiny
from mmcourse import clip, images, metrics, retrieval


def by_topk(query, index, k):
    with torch.no_grad():
        vector = index.model.encode_text(clip.tokenize([query]))[0]
    scores = index.features @ (vector / vector.norm())
    best = scores.topk(min(k, len(scores)))
    return [[index.names[i], s] for i, s in zip(best.indices, best.values, strict=True)]


def test_the_reference_of_09_1_finds_what_an_index_finds():
    model, preprocess = clip.load("tiny", device="cpu")
    colours = ["red", "green", "blue"]
    pictures = [Image.new("RGB", (64, 64), colour) for colour in colours]
    index = retrieval.Index.build(model, preprocess, pictures, progress=False)
    ours = SimpleNamespace(
        model=model, names=colours, features=torch.from_numpy(index.features.copy())
    )
    expected = [hit.score for hit in index.search("a red cat", k=3)]
    got = find("09.1").reference("a red cat", ours, 5)
    np.testing.assert_allclose([score for _, score in got], expected, atol=1e-5)


def test_pictures_that_are_encoded_again_cost_no_points_and_are_counted():
    def again(query, index, k):
        for one in index.pixels:
            index.model.encode_image(one[None])
        return by_topk(query, index, k)

    verdict = judge(find("09.1"), again)
    assert verdict.points == find("09.1").points
    assert "For one query it encodes 3 pictures" in feedback(verdict)
    assert of_search.remark(by_topk) is None


def recall_of_the_course(scores, relevant, k):
    there = metrics.recall_at_k(scores, relevant, ks=[k])[k]
    return there, metrics.recall_at_k(scores.T, relevant.T, ks=[k])[k]


def test_recall_at_k_may_be_the_courses_own():
    checking.assert_passes(find("09.2"), recall_of_the_course)


@pytest.mark.parametrize("seed", range(20))
def test_each_row_and_column_of_09_2_has_something_relevant(seed):
    for _, case in find("09.2").draw(seed):
        if case.visible:
            continue
        relevant = case.arguments[1]
        assert relevant.any(axis=0).all(), case.label
        assert relevant.any(axis=1).all(), case.label
        here, there = recall_at_k(*case.arguments)
        assert here != there, case.label
        assert 0 < here < 1, case.label


def folder_of_the_course(path):
    found = []
    for file in sorted(path.iterdir()):
        try:
            found.append((file.name, images.open_rgb(file)))
        except images.UnreadableImageError:
            continue
    return found


def test_search_folder_may_be_the_courses_own():
    checking.assert_passes(find("09.3"), folder_of_the_course)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_of_09_3_raises_what_learners_are_told_to_catch(seed):
    def damaged(path):
        found = []
        for file in sorted(path.iterdir()):
            try:
                with Image.open(file) as image:
                    image.load()
            except OSError:
                found.append((file.name, np.zeros(1)))
        return found

    question = find("09.3")
    for _, case in question.draw(seed):
        (files,) = case.arguments
        broken = ("half", "cut JPEG", "empty", "text")
        bad = sorted(name for name, kind, *_ in files if kind in broken)
        assert [name for name, _ in question.harness(damaged, files)] == bad


def test_names_in_09_3_are_all_different():
    for seed in range(20):
        for _, case in find("09.3").draw(seed):
            names = [name.lower() for name, *_ in case.arguments[0]]
            assert len(set(names)) == len(names)


def test_all_cells_find_what_a_search_of_everything_finds(rng):
    vectors = rng.standard_normal((40, 5))
    query, centres = vectors[7], vectors[:6]
    rows, count = find("09.4").reference(query, vectors, centres, 6, 9)
    assert count == 40
    assert rows == np.argsort(-(vectors @ query))[:9].tolist()


def test_the_harnesses_of_09_need_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_search.harness), space)
    out = space["harness"](by_topk, "a cat", ["a", "b"], torch.eye(2), 1, 1)
    assert len(out) == 1
    exec(inspect.getsource(of_folder.harness), space)
    pixels = np.zeros((2, 3, 3), np.uint8)
    ((name, found),) = space["harness"](folder_of_the_course, [("a.png", "RGB", pixels, 6)])
    assert (name, found.shape) == ("a.png", (3, 2, 3))
    exec(inspect.getsource(of_asking.harness), space)
    given = [("a.png", pixels)], [("a.png", None)], ["a cat", "a dog", "a fish"], 2
    out = space["harness"](
        lambda query, folder, *_: [file.name for file in folder.iterdir()], *given
    )
    assert out == [[["a.png"], 0, False], [["a.png"], 0, False], [[], 0, False]]


def index_of_the_course(query, folder, kept, k):
    index = retrieval.Index.build(*tiny(), folder, path=kept, progress=False)
    return [hit.item for hit in index.search(query, k)]


def test_ask_folder_is_what_the_courses_index_does():
    checking.assert_passes(find("09.5"), index_of_the_course, range(1))


def test_a_folder_of_09_5_shows_what_is_stale():
    for _, case in find("09.5").draw(1):
        before, after, queries, k, *_ = case.arguments
        if len(queries) == 4:
            told = find("09.5").harness(find("09.5").reference, *case.arguments)
            assert [encoded for _, encoded, _ in told] == [len(before), 0, 2, 0]
            assert [len(found) for found, _, _ in told] == [k] * 4
            gone = next(name for name, pixels in after if pixels is None)
            assert gone not in told[2][0] + told[3][0]
