"""What lesson 07's table says of other packages' calls: their answers, on the same weights."""

import inspect

import pytest
import recording_files
import torch
from peers import import_peer
from torch.testing import assert_close

from mmcourse import clip

pytestmark = pytest.mark.slow

LONG = ["a " * 200]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return where the packages' folders lie."""
    import_peer("open_clip")
    import_peer("transformers")
    made = tmp_path_factory.mktemp("calls")
    recording_files.make(iter(["tiny-vit-open_clip", "tiny-vit-transformers"]), made)
    return made


@pytest.fixture(scope="module")
def open_clip(folder):
    """Return open_clip's model and tokenizer."""
    peer, name = import_peer("open_clip"), f"local-dir:{folder / 'tiny-vit-open_clip'}"
    return peer.create_model_from_pretrained(name)[0], peer.get_tokenizer(name)


@pytest.fixture(scope="module")
def transformers(folder):
    """Return Hugging Face's model and processor."""
    peer, name = import_peer("transformers"), folder / "tiny-vit-transformers"
    return peer.CLIPModel.from_pretrained(name), peer.CLIPProcessor.from_pretrained(name)


def test_open_clip_comes_in_training_mode_and_transformers_does_not(open_clip, transformers):
    assert open_clip[0].training
    assert not transformers[0].training
    assert not clip.load("tiny-vit", device="cpu")[0].training


def test_the_model_called_gives_unit_vectors_and_scale_or_logits(open_clip, transformers):
    model, tokenizer = open_clip
    images, texts = torch.randn(2, 3, 64, 64), ["a cat", "a red dog", "a"]
    inputs = transformers[1](text=texts, return_tensors="pt", padding=True)
    with torch.no_grad():
        image_features, text_features, scale = model(images, tokenizer(texts))
        logits = transformers[0](pixel_values=images, **inputs).logits_per_image
        ours, _ = clip.load("tiny-vit", device="cpu")[0](images, clip.tokenize(texts))
    assert_close(image_features.norm(dim=-1), torch.ones(2))
    assert_close(scale * image_features @ text_features.T, ours, rtol=0, atol=1e-3)
    assert_close(logits, ours, rtol=0, atol=1e-3)


def test_one_package_pads_to_the_longest_and_the_others_to_77(open_clip, transformers):
    texts = ["a cat", "a photo of a red cat"]
    inputs = transformers[1](text=texts, return_tensors="pt", padding=True)
    assert inputs["input_ids"].shape == (2, 8)
    assert inputs["attention_mask"].sum(dim=1).tolist() == [4, 8]
    assert open_clip[1](texts).shape == clip.tokenize(texts).shape == (2, 77)


def test_a_text_too_long_is_cut_in_silence_or_refused(open_clip, transformers):
    assert open_clip[1](LONG).shape == (1, 77)
    assert transformers[1](text=LONG, truncation=True, return_tensors="pt")[
        "input_ids"
    ].shape == (1, 77)
    inputs = transformers[1](text=LONG, return_tensors="pt")
    with pytest.raises(ValueError, match="Sequence length must be less"):
        transformers[0].get_text_features(**inputs)
    with pytest.raises(RuntimeError, match="too long"):
        import_peer("clip").tokenize(LONG)
    with pytest.raises(ValueError, match="must fit into 77 ids"):
        clip.tokenize(LONG)


def test_a_scale_kept_in_half_precision_is_rounded_by_transformers_alone(folder):
    half = torch.bfloat16
    peer, name = import_peer("open_clip"), f"local-dir:{folder / 'tiny-vit-open_clip'}"
    theirs, _ = peer.create_model_from_pretrained(name, precision="bf16")
    ours, _ = clip.load("tiny-vit", device="cpu", dtype=half)
    other = import_peer("transformers").CLIPModel.from_pretrained(
        folder / "tiny-vit-transformers", dtype=half
    )
    assert {theirs.logit_scale.dtype, ours.logit_scale.dtype} == {torch.float32}
    assert other.logit_scale.dtype == half
    assert 0.05 < abs(other.logit_scale.exp() - ours.logit_scale.exp()) < 0.1


def test_what_is_taken_where_nothing_is_said():
    defaults = inspect.signature(import_peer("open_clip").create_model_from_pretrained)
    assert defaults.parameters["device"].default == "cpu"
    assert defaults.parameters["precision"].default == "fp32"
