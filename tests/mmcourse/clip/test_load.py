"""`clip.load` and `clip.tokenize`: by name, from files, and with OpenAI's ways of calling."""

import inspect
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peers import import_peer
from PIL import Image
from twins import SMALL, random_batch, random_clip

from mmcourse import checkpoints, clip
from mmcourse.clip.released.releases import RELEASES


@pytest.fixture(autouse=True)
def weights(tmp_path, monkeypatch):
    """Ship nothing but what a test ships."""
    folder = tmp_path / "weights"
    monkeypatch.setattr("mmcourse.checkpoints.weights.WEIGHTS", folder)
    return folder


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Ask nobody for a file."""

    def ask(opener, request, **how):
        pytest.fail(f"asked for {request.full_url}")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", ask)


@pytest.fixture(params=SMALL)
def model(request):
    return random_clip(SMALL[request.param])


def ship(name, model, folder):
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.safetensors"
    checkpoints.save(model, path)
    entry = checkpoints.Entry(
        sha256=checkpoints.sha256(path), command="", seed=1, device="", minutes=0, metrics={}
    )
    checkpoints.write_manifest_entry(name, entry)


def test_a_model_comes_back_with_what_prepares_its_pictures(model, tmp_path):
    checkpoints.save(model, tmp_path / "a.safetensors")
    found, preprocess = clip.load(tmp_path / "a.safetensors")
    side = model.visual.input_resolution
    assert preprocess(Image.new("RGB", (200, 90))).shape == (3, side, side)
    assert not found.training
    batch = random_batch(SMALL["vit" if side == 40 else "resnet"])
    assert torch.equal(
        found.cpu()(batch.images, batch.tokens)[0], model(batch.images, batch.tokens)[0]
    )


def test_tiny_is_what_is_loaded_when_nothing_is_asked_for(model, weights):
    ship("tiny", model, weights)
    found, _ = clip.load(device="cpu")
    assert torch.equal(found.text_projection, model.text_projection)


def test_shipped_models_are_listed_before_the_released_ones(model, weights):
    released = list(import_peer("clip").available_models())
    assert clip.available_models() == released
    ship("tiny-vit", model, weights)
    ship("tiny", model, weights)
    assert clip.available_models() == ["tiny", "tiny-vit", *released]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_precision_is_chosen_by_argument(dtype, model, tmp_path):
    checkpoints.save(model, tmp_path / "a")
    found, _ = clip.load(tmp_path / "a", "cpu", dtype=dtype)
    assert found.dtype == dtype
    assert found.logit_scale.dtype == torch.float32


def test_half_precision_in_a_file_becomes_float32(model, tmp_path):
    clip.convert_weights(model, torch.float16)
    checkpoints.save(model, tmp_path / "a")
    found, _ = clip.load(tmp_path / "a", "cpu")
    assert {p.dtype for p in found.parameters()} == {torch.float32}


def test_loading_draws_nothing_from_the_global_generator(model, tmp_path):
    checkpoints.save(model, tmp_path / "a")
    before = torch.get_rng_state()
    clip.load(tmp_path / "a", "cpu")
    assert torch.equal(torch.get_rng_state(), before)


def test_loading_does_not_start_the_compiler_of_torch():
    code = (
        "import sys; from mmcourse import clip; clip.load('tiny', 'cpu');"
        "print([name for name in ('sympy', 'torch._dynamo') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_loaded_model_can_be_trained(model, tmp_path):
    checkpoints.save(model, tmp_path / "a")
    found, _ = clip.load(tmp_path / "a", "cpu")
    (tmp_path / "a").unlink()  # nothing of it is still in use
    found.token_embedding.weight.square().sum().backward()
    assert found.token_embedding.weight.grad is not None


@pytest.fixture
def released(monkeypatch):
    """Return what makes a file the published one of a release."""

    def publish(name, path):
        each = replace(RELEASES[name], sha256=checkpoints.sha256(path))
        monkeypatch.setitem(RELEASES, name, each)

    return publish


@pytest.mark.parametrize("name", ["ViT-B/32", "ViT-L/14@336px"])
def test_a_release_is_looked_for_where_openai_keeps_it(name, tmp_path, monkeypatch, released):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    peer = import_peer("clip.clip")
    path = tmp_path / ".cache" / "clip" / Path(peer._MODELS[name]).name
    path.parent.mkdir(parents=True)
    checkpoints.export_openai(random_clip(SMALL["vit"]), path)
    released(name, path)
    assert clip.load(name, "cpu")[1].n == 40


def test_another_folder_for_releases_can_be_named(tmp_path, released):
    checkpoints.export_openai(random_clip(SMALL["vit"]), tmp_path / "RN50x4.pt")
    released("RN50x4", tmp_path / "RN50x4.pt")
    assert clip.load("RN50x4", "cpu", download_root=tmp_path)[1].n == 40


def test_what_is_not_a_release_is_never_asked_for(model, weights, tmp_path):
    ship("tiny", model, weights)
    checkpoints.save(model, tmp_path / "RN50.pt")
    for name in ("tiny", tmp_path / "RN50.pt", str(tmp_path / "RN50.pt")):
        clip.load(name, "cpu")  # with no network, as every test here


@pytest.mark.parametrize(
    ("name", "meant"), [("ViT-B/23", "ViT-B/32"), ("rn50", "RN50"), ("tiny-vitt", "tiny-vit")]
)
def test_a_name_that_is_nearly_right_is_put_right(name, meant, model, weights):
    ship("tiny-vit", model, weights)
    with pytest.raises(ValueError, match=rf"got '{name}'; did you mean '{meant}'\?"):
        clip.load(name)


def test_a_name_like_no_other_gets_the_list():
    with pytest.raises(
        ValueError, match=r"one of RN50, RN101, .* or the path of a file; got 'x'\.$"
    ):
        clip.load("x")


@pytest.mark.parametrize("name", ["missing.pt", Path("missing"), "missing.safetensors"])
def test_a_path_to_nothing_is_named_in_full(name):
    with pytest.raises(FileNotFoundError, match=r"at /.*missing.*; found nothing there"):
        clip.load(name)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"found a folder there"):
        clip.load(str(tmp_path))


def test_weights_of_another_model_are_refused(tmp_path):
    checkpoints.save(torch.nn.Linear(1, 1), tmp_path / "a")
    with pytest.raises(ValueError, match=r"load: .*a must hold the weights of a CLIP; .*bias"):
        clip.load(tmp_path / "a")


@pytest.mark.parametrize("change", ["missing", "surplus", "shape"])
def test_weights_must_fit_exactly(change, model, tmp_path):
    state = dict(model.state_dict())
    if change == "missing":
        del state["ln_final.bias"]
    elif change == "surplus":
        state["visual.extra"] = torch.zeros(1)
    else:
        state["ln_final.bias"] = torch.zeros(3)
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(
        ValueError, match=r"weights of a CLIP; [\s\S]*(ln_final.bias|visual.extra)"
    ):
        clip.load(tmp_path / "a.pt")


def test_torch_jit_is_refused_because_it_is_not_needed():
    with pytest.raises(ValueError, match=r"jit must be False; got True"):
        clip.load("RN50", jit=True)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_gpu_that_is_not_there_is_refused_before_reading():
    with pytest.raises(
        ValueError, match=r"torch finds no GPU here; got device cuda; pass 'cpu'"
    ):
        clip.load("RN50", "cuda")


def test_a_device_that_torch_does_not_know_is_refused():
    with pytest.raises(ValueError, match=r"load: device must be .* knows; got 'gpu'; pass"):
        clip.load("RN50", "gpu")


@pytest.mark.parametrize("device", ["meta", "xpu"])
def test_a_device_that_does_not_work_is_refused_before_reading(device):
    if device == "xpu" and torch.xpu.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(ValueError, match=rf"load: device must be .*; got {device} \(.*; pass"):
        clip.load("RN50", device)


def test_every_argument_of_openai_load_and_tokenize_has_its_name_here():
    peer = import_peer("clip")
    for name in ("load", "tokenize"):
        theirs = inspect.signature(getattr(peer, name)).parameters
        ours = inspect.signature(getattr(clip, name)).parameters
        assert theirs.keys() <= ours.keys(), name


def test_tokenize_takes_its_arguments_by_place_as_openai_does():
    peer = import_peer("clip")
    arguments = ["a photo of a cat", "word " * 99], 9, True
    assert torch.equal(clip.tokenize(*arguments), peer.tokenize(*arguments))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda each: each.to(torch.int8), r"text_projection is of torch.int8, not of floats"),
        (lambda each: each.bool(), r"text_projection is of torch.bool, not of floats"),
        (lambda each: each * float("nan"), r"text_projection holds NaN or infinity"),
    ],
)
def test_weights_that_are_no_finite_floats_are_refused(spoil, message, model, tmp_path):
    state = model.state_dict()
    state["text_projection"] = spoil(state["text_projection"])
    torch.save(state, tmp_path / "spoilt.pt")
    with pytest.raises(ValueError, match=rf"must hold the weights of a CLIP; {message}"):
        clip.load(tmp_path / "spoilt.pt")
