"""What an image tower reads: against torchvision's steps and transformers', and by hand."""

from importlib import import_module

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from peers import import_peer
from PIL import Image

from mmcourse.clip.preprocess import (
    MEAN,
    STD,
    Preprocess,
    centre_square,
    normalize,
    preprocess,
    unnormalize,
)

SIZES = {
    "wide": (61, 23),
    "tall": (17, 90),
    "square": (40, 40),
    "smaller": (5, 7),
    "odd margin": (45, 30),
    "panorama": (300, 3),
    "already of size": (31, 31),
    "short side of size": (57, 31),
}
MODES = ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr"]


def picture(rng, size, mode="RGB"):
    """Smooth colours with noise on them, so that both resampling and rounding matter."""
    width, height = size
    if mode == "I;16":
        return Image.fromarray(rng.integers(0, 65536, (height, width)).astype(np.uint16))
    ramp = np.linspace(0, 200, width)[None, :, None] + np.zeros((height, 1, 4))
    noise = rng.integers(0, 56, (height, width, 4))
    return Image.fromarray((ramp + noise).astype(np.uint8)).convert(mode)


def openai_steps(n):
    """OpenAI's five steps as torchvision knows them."""
    import_peer("clip")
    transforms = import_peer("torchvision.transforms")
    return transforms.Compose(
        [
            transforms.Resize(n, interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(n),
            lambda image: image.convert("RGB"),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_values_equal_torchvision_in_every_mode(rng, size, mode):
    image = picture(rng, size, mode)
    assert image.mode == mode
    for n in (31, 64):
        ours, theirs = preprocess(image, n), openai_steps(n)(image)
        torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=0)


@given(width=st.integers(1, 99), height=st.integers(1, 99), n=st.integers(1, 40))
@settings(deadline=None, max_examples=200)
def test_values_equal_torchvision_at_every_size(width, height, n):
    image = picture(np.random.default_rng(width), (width, height))
    torch.testing.assert_close(preprocess(image, n), openai_steps(n)(image), atol=1e-6, rtol=0)


def test_values_equal_openai_own_steps(rng):
    theirs = import_peer("clip.clip")._transform(37)
    image = picture(rng, (61, 23), "RGBA")
    torch.testing.assert_close(preprocess(image, 37), theirs(image), atol=1e-6, rtol=0)


# transformers rounds an odd margin down, torchvision to the nearest even, so margins are even.
@pytest.mark.parametrize("size", [(60, 30), (30, 90), (7, 7), (93, 31), (31, 35)])
def test_values_equal_transformers_for_rgb(rng, size):
    peer = import_peer("transformers.models.clip.image_processing_pil_clip")
    n = 31 if 31 in size else 30
    theirs = peer.CLIPImageProcessorPil(size={"shortest_edge": n}, crop_size=n)
    image = picture(rng, size)
    expected = torch.as_tensor(np.asarray(theirs(image)["pixel_values"][0]))
    torch.testing.assert_close(preprocess(image, n), expected, atol=1e-5, rtol=0)


def test_white_and_black_are_normalised_by_hand():
    white, black = (
        preprocess(Image.new("RGB", (9, 5), name), 3) for name in ("white", "black")
    )
    assert white.shape == (3, 3, 3)
    assert white[0, 1, 2].item() == pytest.approx((1 - 0.48145466) / 0.26862954)
    assert black[2, 0, 1].item() == pytest.approx(-0.40821073 / 0.27577711)


def test_constants_equal_open_clip():
    peer = import_peer("open_clip")
    assert (MEAN, STD) == (peer.OPENAI_DATASET_MEAN, peer.OPENAI_DATASET_STD)


def test_channels_are_red_green_blue():
    x = unnormalize(preprocess(Image.new("RGB", (5, 5), (255, 51, 0)), 3))
    assert x.shape == (3, 3, 3)
    assert x[1, 1].tolist() == pytest.approx([1, 0.2, 0], abs=1e-6)


def test_edges_of_a_wide_picture_are_lost():
    pixels = np.zeros((4, 12, 3), dtype=np.uint8)
    pixels[:, 4:8] = 255
    assert (centre_square(Image.fromarray(pixels), 4) == 255).all()


@pytest.mark.parametrize(("width", "first"), [(5, 0), (7, 2), (9, 2), (11, 4)])
def test_half_a_pixel_of_margin_rounds_to_even(width, first):
    pixels = np.arange(width, dtype=np.uint8)[None].repeat(4, axis=0)
    assert centre_square(Image.fromarray(pixels), 4)[0, :, 0].tolist() == [
        *range(first, first + 4)
    ]


def test_nothing_is_resampled_at_the_right_size(rng):
    pixels = rng.integers(0, 256, (7, 7, 3)).astype(np.uint8)
    assert (centre_square(Image.fromarray(pixels), 7) == pixels).all()


def test_picture_is_left_as_it_was(rng):
    image = picture(rng, (9, 5))
    before = image.tobytes()
    preprocess(image, 5).zero_()
    centre_square(image, 5)[:] = 0
    assert (image.tobytes(), image.size) == (before, (9, 5))


def test_result_is_contiguous_float32(rng):
    x = preprocess(picture(rng, (9, 5)), 5)
    assert x.dtype == torch.float32
    assert x.is_contiguous()


def test_batches_are_normalised_like_single_pictures(rng):
    pixels = rng.integers(0, 256, (2, 3, 5, 7, 3)).astype(np.uint8)
    together = normalize(pixels)
    assert together.shape == (2, 3, 3, 5, 7)
    assert torch.equal(together[1, 2], normalize(pixels[1, 2]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_unnormalising_undoes_normalising(rng, dtype):
    pixels = rng.integers(0, 256, (2, 5, 7, 3)).astype(np.uint8)
    x = unnormalize(normalize(pixels).to(dtype))
    assert x.dtype == dtype
    assert ((255 * x).round().numpy() == pixels).all()
    assert (unnormalize(torch.full((3, 2, 2), 1e4)) == 1).all()
    assert (unnormalize(torch.full((3, 2, 2), -1e4)) == 0).all()


def test_object_does_what_the_function_does_and_says_so(rng):
    image = picture(rng, (9, 5))
    assert torch.equal(Preprocess(5)(image), preprocess(image, 5))
    assert repr(Preprocess(5)) == "Preprocess(short side to 5, centre 5 × 5, normalise)"


def test_thin_picture_is_taken_as_torchvision_does_or_refused(monkeypatch):
    thin = Image.new("RGB", (1, 5000), "white")
    module = import_module("mmcourse.clip.preprocess")  # the package gives the function
    monkeypatch.setattr(module, "MOST_PIXELS", 7 * 7 * 5000)
    assert torch.equal(preprocess(thin, 7), openai_steps(7)(thin))
    message = r"not be so thin .* short side is 8; got 1 × 5000; crop it first"
    with pytest.raises(ValueError, match=message):
        preprocess(thin, 8)


@pytest.mark.parametrize("size", [(0, 0), (0, 5), (5, 0)])
def test_picture_without_pixels_is_refused(size):
    with pytest.raises(ValueError, match=r"image must have pixels, .*; got \d × \d; crop"):
        preprocess(Image.new("RGB", size), 3)


@pytest.mark.usefixtures("unchecked")
def test_what_is_no_picture_is_refused():
    with pytest.raises(
        TypeError, match=r"Pillow picture; got ndarray of uint8; open .*images\.open_rgb"
    ):
        preprocess(np.zeros((5, 5, 3), dtype=np.uint8), 3)
    with pytest.raises(TypeError, match=r"got 'picture.png'; .*open_rgb\(path\)"):
        Preprocess(3)("picture.png")


@pytest.mark.usefixtures("unchecked")
def test_sizes_that_are_none_are_refused():
    image = Image.new("RGB", (5, 5))
    with pytest.raises(ValueError, match=r"preprocess: n must be .* at least 1; got 0"):
        preprocess(image, 0)
    with pytest.raises(TypeError, match=r"preprocess: n must be a whole number; got 2\.5"):
        preprocess(image, 2.5)
    with pytest.raises(ValueError, match=r"Preprocess: n must be .* at least 1; got -3"):
        Preprocess(-3)


@pytest.mark.usefixtures("unchecked")
def test_pixels_and_features_of_other_shapes_are_refused():
    with pytest.raises(TypeError, match=r"0 to 255 \(uint8\); got ndarray of float64"):
        normalize(np.zeros((5, 7, 3)))
    with pytest.raises(TypeError, match=r"numpy array of .* \(uint8\); got list"):
        normalize([[[0, 0, 0]]])
    with pytest.raises(ValueError, match=r"pixels must have shape .*; got \(3, 5, 7\)"):
        normalize(np.zeros((3, 5, 7), dtype=np.uint8))
    with pytest.raises(TypeError, match=r"x must be a .*; got Tensor of torch\.uint8"):
        unnormalize(torch.zeros(3, 5, 7, dtype=torch.uint8))
    with pytest.raises(ValueError, match=r"x must have shape .*; got \(5, 7, 3\)"):
        unnormalize(torch.zeros(5, 7, 3))
