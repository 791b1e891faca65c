"""Exercise 09: right answers in other words pass, and the references are the course's own."""

import inspect
import os
from types import SimpleNamespace

import checking
import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from classroom.checks import find
from classroom.checks.ex09_retrieval import image_search as of_search
from classroom.checks.ex09_retrieval import inverted_file as of_cells
from classroom.checks.ex09_retrieval import search_folder as of_folder
from classroom.checks.ex09_retrieval.recall_at_k import recall_at_k
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import clip, images, metrics, retrieval


def by_topk(query, index, k):
    with torch.no_grad():
        vector = index.model.encode_text(clip.tokenize([query]))[0]
    scores = index.features @ (vector / vector.norm())
    best = scores.topk(min(k, len(scores)))
    return [[index.names[i], s] for i, s in zip(best.indices, best.values, strict=True)]


def by_cosine_similarity(query, index, k):
    vector = index.model.encode_text(clip.tokenize(query))
    scores = torch.nn.functional.cosine_similarity(vector, index.features)
    order = torch.argsort(scores, descending=True)[:k]
    return [(index.names[i], scores[i].item()) for i in order]


def by_loop(query, index, k):
    vector = index.model.encode_text(clip.tokenize([query]))[0].double().detach().numpy()
    found = []
    for name, row in zip(index.names, index.features.numpy().astype(float), strict=True):
        found.append((name, row @ vector / np.sqrt(row @ row) / np.sqrt(vector @ vector)))
    return sorted(found, key=lambda hit: hit[1], reverse=True)[:k]


@pytest.mark.parametrize("answer", [by_topk, by_cosine_similarity, by_loop])
def test_image_search_may_be_written_otherwise(answer):
    checking.assert_passes(find("09.1"), answer)


def test_the_reference_of_09_1_finds_what_an_index_finds():
    model, preprocess = clip.load("tiny", device="cpu")
    colours = ["red", "green", "blue"]
    pictures = [Image.new("RGB", (64, 64), colour) for colour in colours]
    index = retrieval.Index.build(model, preprocess, pictures, progress=False)
    ours = SimpleNamespace(
        model=model, names=colours, features=torch.from_numpy(index.features.copy())
    )
    expected = [hit.score for hit in index.search("a red cat", k=3)]
    got = of_search.image_search("a red cat", ours, 5)
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


def recall_by_loop(scores, relevant, k):
    def one_way(scores, relevant):
        found = 0
        for row, right in zip(scores.tolist(), relevant.tolist(), strict=True):
            ranked = sorted(zip(row, right, strict=True), key=lambda one: (-one[0], one[1]))
            found += any(right for _, right in ranked[:k])
        return found / len(scores)

    return [one_way(scores, relevant), one_way(scores.T, relevant.T)]


def recall_of_the_course(scores, relevant, k):
    there = metrics.recall_at_k(scores, relevant, ks=[k])[k]
    return there, metrics.recall_at_k(scores.T, relevant.T, ks=[k])[k]


def recall_by_torch(scores, relevant, k):
    out = []
    s, r = torch.from_numpy(scores).float(), torch.from_numpy(relevant)
    for table, right in ((s, r), (s.T, r.T)):
        best = table.masked_fill(~right, -torch.inf).amax(dim=1, keepdim=True)
        out.append((((table >= best) & ~right).sum(dim=1) < k).float().mean())
    return torch.stack(out)


@pytest.mark.parametrize("answer", [recall_by_loop, recall_of_the_course, recall_by_torch])
def test_recall_at_k_may_be_written_otherwise(answer):
    checking.assert_passes(find("09.2"), answer)


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


def folder_by_names(path):
    found = []
    for name in sorted(os.listdir(path)):  # noqa: PTH208 - as learners may
        try:
            with Image.open(f"{path}/{name}") as image:
                upright = ImageOps.exif_transpose(image)
                if upright.mode == "RGBA":
                    white = Image.new("RGB", upright.size, (255, 255, 255))
                    white.paste(upright, mask=upright.getchannel("A"))
                    upright = white
                found.append((name, upright.convert("RGB")))
        except OSError:
            pass
    return found


def folder_by_suffix(path):
    """Return arrays, mixed with white by hand; only what calls itself a picture is opened."""
    found = []
    for file in sorted(path.glob("*.*")):
        if file.suffix.lower() != ".png":
            continue
        try:
            image = np.array(ImageOps.exif_transpose(Image.open(file)).convert("RGBA"))
        except Exception:  # whatever a damaged file raises
            continue
        alpha = image[..., 3:] / 255
        mixed = (image[..., :3] * alpha + 255 * (1 - alpha)).round()
        found.append((file.name, mixed.astype(np.uint8)))
    return found


def folder_of_the_course(path):
    found = []
    for file in sorted(path.iterdir()):
        try:
            found.append((file.name, images.open_rgb(file)))
        except images.UnreadableImageError:
            continue
    return found


@pytest.mark.parametrize("answer", [folder_by_names, folder_by_suffix, folder_of_the_course])
def test_search_folder_may_be_written_otherwise(answer):
    checking.assert_passes(find("09.3"), answer)


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
        bad = sorted(name for name, kind, *_ in files if kind in ("half", "empty", "text"))
        assert [name for name, _ in question.harness(damaged, files)] == bad


def test_names_in_09_3_are_all_different():
    for seed in range(20):
        for _, case in find("09.3").draw(seed):
            names = [name.lower() for name, *_ in case.arguments[0]]
            assert len(set(names)) == len(names)


def cells_by_loop(query, vectors, centres, probes, k):
    def distance(x, y):
        return sum((x - y) ** 2)

    near = sorted(range(len(centres)), key=lambda c: distance(query, centres[c]))[:probes]
    read = []
    for row, vector in enumerate(vectors):
        if min(range(len(centres)), key=lambda c: distance(vector, centres[c])) in near:
            read.append(row)
    best = sorted(read, key=lambda row: -(vectors[row] @ query))
    return [best[:k], len(read)]


def cells_by_torch(query, vectors, centres, probes, k):
    query, vectors, centres = map(torch.from_numpy, (query, vectors, centres))
    cell = torch.cdist(vectors, centres).argmin(dim=1)
    near = torch.cdist(query[None], centres)[0].topk(probes, largest=False).indices
    rows = torch.isin(cell, near).nonzero()[:, 0]
    order = (vectors[rows] @ query).argsort(descending=True)[:k]
    return rows[order], torch.tensor(len(rows))


@pytest.mark.parametrize("answer", [cells_by_loop, cells_by_torch])
def test_inverted_file_may_be_written_otherwise(answer):
    checking.assert_passes(find("09.4"), answer)


def test_all_cells_find_what_a_search_of_everything_finds(rng):
    vectors = rng.standard_normal((40, 5))
    query, centres = vectors[7], vectors[:6]
    rows, count = of_cells.inverted_file(query, vectors, centres, 6, 9)
    assert count == 40
    assert rows == np.argsort(-(vectors @ query))[:9].tolist()


def test_the_harnesses_of_09_need_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_search.harness), space)
    out = space["harness"](by_topk, "a cat", ["a", "b"], torch.eye(2), 1, 1)
    assert len(out) == 1
    exec(inspect.getsource(of_folder.harness), space)
    pixels = np.zeros((2, 3, 3), np.uint8)
    ((name, found),) = space["harness"](folder_by_names, [("a.png", "RGB", pixels, 6)])
    assert (name, found.shape) == ("a.png", (3, 2, 3))
