"""The files that recordings open: other packages find the same model in them."""

from pathlib import Path

import pytest
import recording_files
import skimage
import torch
from peers import import_peer
from PIL import Image
from torch.testing import assert_close

from mmcourse import clip

pytestmark = pytest.mark.slow

TEXTS = ["a photo of a cat", "Two DOGS,  on a beach!", "it's 2026: naïve cafés"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the files that the packages load."""
    import_peer("open_clip")
    import_peer("transformers")
    made = tmp_path_factory.mktemp("files")
    recording_files.make(iter(["cat.png", "tiny-vit-open_clip", "tiny-vit-transformers"]), made)
    return made


@pytest.fixture(scope="module")
def pictures(folder):
    """Return a drawing, and a photo that is wider than high and has to be made smaller."""
    files = folder / "cat.png", Path(skimage.data_dir, "chelsea.png")
    return [Image.open(file).convert("RGB") for file in files]


@pytest.fixture(scope="module")
def ours(pictures):
    """Return our features of pictures and texts."""
    model, preprocess = clip.load("tiny-vit", device="cpu")
    with torch.no_grad():
        images = model.encode_image(torch.stack([preprocess(one) for one in pictures]))
        return images, model.encode_text(clip.tokenize(TEXTS))


@torch.no_grad()
def test_open_clip_embeds_as_we_do(folder, pictures, ours):
    open_clip = import_peer("open_clip")
    name = f"local-dir:{folder / 'tiny-vit-open_clip'}"
    model, preprocess = open_clip.create_model_from_pretrained(name)
    tokens = open_clip.get_tokenizer(name)(TEXTS)
    images = model.encode_image(torch.stack([preprocess(one) for one in pictures]))
    assert_close(images, ours[0], rtol=0, atol=1e-4)
    assert_close(model.encode_text(tokens), ours[1], rtol=0, atol=1e-4)


@torch.no_grad()
def transformers_features(folder, pictures, **how):
    peer = import_peer("transformers")
    name = folder / "tiny-vit-transformers"
    model = peer.CLIPModel.from_pretrained(name)
    processor = peer.CLIPProcessor.from_pretrained(name, **how)
    inputs = processor(text=TEXTS, images=pictures, return_tensors="pt", padding=True)
    images = model.get_image_features(pixel_values=inputs.pop("pixel_values")).pooler_output
    return images, model.get_text_features(**inputs).pooler_output


def test_transformers_embeds_as_we_do(folder, pictures, ours):
    images, texts = transformers_features(folder, pictures, backend="pil")
    assert_close(images, ours[0], rtol=0, atol=1e-4)
    assert_close(texts, ours[1], rtol=0, atol=1e-4)


def test_resized_by_torchvision_a_photo_comes_out_a_little_different(folder, pictures, ours):
    images, _ = transformers_features(folder, pictures)
    assert 1e-3 < (images[1] - ours[0][1]).abs().max() < 2e-2
    assert torch.cosine_similarity(images, ours[0]).min() > 0.9999


def test_only_files_that_a_recording_names_are_made(tmp_path):
    assert list(recording_files.needed('Image.open("cat.png"), "captions.npy"')) == [
        "cat.png",
        "captions.npy",
    ]
    assert list(recording_files.needed('load("local-dir:tiny-vit-open_clip")')) == [
        "tiny-vit-open_clip"
    ]


def test_parts_that_are_there_are_not_drawn_again(tmp_path, monkeypatch):
    asked = []

    def drawn(part):
        asked.append(part)
        raise KeyboardInterrupt

    monkeypatch.setattr(recording_files, "drawn", drawn)
    (tmp_path / "part-00.npy").touch()
    with pytest.raises(KeyboardInterrupt):
        recording_files.pictures(tmp_path / "pictures.npy")
    assert asked == [1]
