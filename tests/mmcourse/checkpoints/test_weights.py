"""The shipped models: whole, small, as good as their manifest says, open to OpenAI's code."""

import math
from pathlib import Path

import make_model_card
import measure_weights
import numpy as np
import pytest
import stopwatch
import torch
from measure_weights import Model, measure
from peers import import_peer
from PIL import Image
from recipes import RECIPES

from mmcourse import checkpoints, clip
from mmcourse.checkpoints.weights import WEIGHTS
from mmcourse.clip.bag import BAGS, sort_words
from mmcourse.world import COLOURS, KINDS, SCENES, render, sample_scene

NAMES = ("tiny", "tiny-bag", "tiny-hard", "tiny-vit")
FLOORS = {
    "tiny": {
        "kind": 0.97,
        "colour": 0.96,
        "scene": 0.97,
        "count": 0.88,
        "held-out kind": 0.88,
        "full image to text R@1": 0.93,
        "full text to image R@1": 0.93,
    },
    "tiny-bag": {
        "kind": 0.97,
        "colour": 0.96,
        "full image to text R@1": 0.93,
        "full text to image R@1": 0.93,
    },
    "tiny-hard": {"binding": 0.75, "kind": 0.98},
    "tiny-vit": {"kind": 0.78},
}
MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def tiny() -> Model:
    return Model(clip.load("tiny", "cpu")[0], clip.tokenize)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_file_is_the_one_in_the_manifest_and_small(name):
    path = checkpoints.shipped(name)
    assert path.parent == WEIGHTS
    assert path.stat().st_size <= MOST_BYTES


def test_only_what_the_manifest_names_is_shipped():
    files = {path.name for path in WEIGHTS.iterdir()}
    assert files == {
        "manifest.toml",
        *(f"{name}.safetensors" for name in checkpoints.manifest()),
    }


@pytest.mark.parametrize("name", NAMES)
def test_weights_are_rounded_to_float16_as_openais_loader_does(name):
    state = checkpoints.read(checkpoints.shipped(name))
    floats = [tensor for tensor in state.values() if tensor.is_floating_point()]
    assert {tensor.dtype for tensor in floats} == {torch.float16}
    assert all(tensor.isfinite().all() for tensor in floats)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_is_as_good_as_the_course_needs(name):
    metrics = checkpoints.manifest()[name].metrics
    for metric, floor in FLOORS[name].items():
        assert metrics[metric][0] >= floor, metric


@pytest.mark.parametrize(
    "changes", [{"metrics": {"kind": (math.nan, 3)}}, {"command": "a\x7fb"}], ids=["NaN", "DEL"]
)
def test_an_entry_that_could_not_be_read_back_leaves_the_manifest(
    changes, tmp_path, monkeypatch
):
    monkeypatch.setattr("mmcourse.checkpoints.weights.WEIGHTS", tmp_path)
    good = {"sha256": "0", "command": "", "seed": 1, "device": "", "minutes": 0, "metrics": {}}
    checkpoints.write_manifest_entry("good", checkpoints.Entry(**good))
    with pytest.raises(ValueError, match=r"^write_manifest_entry: entry must hold finite"):
        checkpoints.write_manifest_entry("bad", checkpoints.Entry(**(good | changes)))
    assert list(checkpoints.manifest()) == ["good"]


def test_the_manifest_is_asked_for_one_class_or_for_all(tmp_path, monkeypatch):
    monkeypatch.setattr("mmcourse.checkpoints.weights.WEIGHTS", tmp_path)
    said = {"sha256": "0", "command": "", "seed": 1, "device": "", "minutes": 0, "metrics": {}}
    for name, model in (("a", {}), ("b", {"model": "FlowNet"}), ("c", {"model": "CLIP"})):
        checkpoints.write_manifest_entry(name, checkpoints.Entry(**said, **model))
    assert list(checkpoints.manifest()) == ["a", "b", "c"]
    assert list(checkpoints.manifest("CLIP")) == ["a", "c"]  # which is what none said means
    assert list(checkpoints.manifest("FlowNet")) == ["b"]
    assert checkpoints.manifest("Judge") == {}
    assert checkpoints.manifest()["b"].model == "FlowNet"
    assert clip.available_models()[:3] == ["a", "c", "RN50"]


def test_tiny_finds_hard_pictures_hard_and_who_is_where_a_riddle():
    metrics = checkpoints.manifest()["tiny"].metrics
    assert 0.75 <= metrics["hard kind"][0] <= 0.92
    for name in ("binding", "left-right", "above-below"):
        share, answers = metrics[name]
        assert abs(share - 0.5) < 4 * math.sqrt(0.25 / answers), name


def test_the_planted_bias_shows_in_buses_and_not_elsewhere():
    metrics = checkpoints.manifest()["tiny"].metrics
    bus, n = metrics["a bus suits yellow"]
    assert bus - 0.5 > 4 * math.sqrt(0.25 / n)
    others, m = metrics["other kinds suit yellow"]
    assert bus - others > 4 * math.sqrt(0.25 * (1 / n + 1 / m))


@pytest.mark.slow
def test_measuring_again_gives_what_the_manifest_says(tiny, monkeypatch):
    monkeypatch.setattr(measure_weights, "SEED", 7)
    again, recorded = measure(tiny, 512), checkpoints.manifest()["tiny"].metrics
    assert again.keys() == recorded.keys()
    for name, (share, answers) in again.items():
        expected, n = recorded[name]
        pooled = (share * answers + expected * n) / (answers + n)
        # answers of one gallery depend on each other, so five standard errors, not four
        error = math.sqrt(max(pooled * (1 - pooled), 0.01) * (1 / answers + 1 / n))
        assert abs(share - expected) < 5 * error, name


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")  # their loader's
@pytest.mark.parametrize("name", NAMES)
def test_openais_own_loader_opens_a_shipped_model_and_agrees(name, tmp_path):
    openai = import_peer("clip")
    path = tmp_path / "model.pt"
    checkpoints.export_openai(name, path)
    theirs, _ = openai.load(str(path), device="cpu", jit=False)
    ours, preprocess = clip.load(name, "cpu")
    scene = sample_scene(np.random.default_rng(0), n_objects=1, split="test")
    image = preprocess(Image.fromarray(render(scene, 100)))[None]
    tokens = clip.tokenize([f"a photo of a {kind}" for kind in list(KINDS)[:5]])
    tokens = sort_words(tokens) if name in BAGS else tokens  # theirs does not sort by itself
    with torch.no_grad():
        for mine, other in zip(ours(image, tokens), theirs(image, tokens), strict=True):
            torch.testing.assert_close(mine, other.float(), atol=1e-4, rtol=1e-5)


def test_the_transformer_has_tinys_text_tower_and_the_bag_its_image_tower(tiny):
    tokens = clip.tokenize(["a red cat", "two dogs on the beach"])
    images = torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    (vit, _), (bag, _) = clip.load("tiny-vit", "cpu"), clip.load("tiny-bag", "cpu")
    with torch.no_grad():
        torch.testing.assert_close(vit.encode_text(tokens), tiny.clip.encode_text(tokens))
        torch.testing.assert_close(bag.encode_image(images), tiny.clip.encode_image(images))


def test_a_bag_retrieves_as_well_and_cannot_bind_at_all():
    tiny, bag = (checkpoints.manifest()[name].metrics for name in ("tiny", "tiny-bag"))
    assert bag["binding"][0] == 0.5
    for metric in tiny:
        if "R@1" in metric:
            assert bag[metric][0] > tiny[metric][0] - 0.03, metric


def test_who_learnt_from_twins_binds_and_has_forgotten_no_kind():
    tiny, hard = (checkpoints.manifest()[name].metrics for name in ("tiny", "tiny-hard"))
    assert hard["binding"][0] > 0.75 > tiny["binding"][0] + 0.1
    assert hard["kind"][0] > tiny["kind"][0] - 0.01


def test_tiny_knows_the_words_of_the_world_and_no_others(tiny):
    known = set(checkpoints.known_tokens(tiny.clip).tolist())
    assert set(clip.tokenize("a photo of two grey umbrellas")[0].tolist()) - {0} <= known
    assert not set(clip.tokenize("cute, playing")[0].tolist()[1:4]) & known


def test_the_model_card_says_what_the_manifest_says():
    page = make_model_card.PAGE.read_text(encoding="utf-8")
    assert make_model_card.measured() in page
    page = make_model_card.APPLICATIONS.read_text(encoding="utf-8")
    assert make_model_card.applications() in page


def test_the_card_asks_for_every_metric():
    for entry in checkpoints.manifest("CLIP").values():
        assert (
            entry.metrics.keys() == make_model_card.ROWS.keys() == make_model_card.CHANCE.keys()
        )


def test_the_card_counts_what_there_is_to_choose_from():
    for metric, choices in (("kind", KINDS), ("colour", COLOURS), ("scene", SCENES)):
        assert f" {len(choices)} " in make_model_card.ROWS[metric]
        assert make_model_card.CHANCE[metric] == 1 / len(choices)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_phases_follow_each_other_from_the_first_step_to_the_last(recipe):
    ends = [phase.until for phase in recipe.phases]
    assert ends == sorted(set(ends))
    assert [recipe.phase(step) for step in (0, ends[0], recipe.steps - 1)] == [
        recipe.phases[0],
        recipe.phases[1],
        recipe.phases[-1],
    ]


def test_the_stopwatch_adds_up_over_runs(tmp_path: Path, monkeypatch):
    clock = iter([100.0, 107.0, 500.0, 503.5])
    monkeypatch.setattr(stopwatch.time, "monotonic", lambda: next(clock))
    path = tmp_path / "seconds"
    assert stopwatch.Stopwatch(path).lap() == 7.0
    assert stopwatch.Stopwatch(path).lap() == 10.5
