"""What the losses refuse, and in which words."""

import pytest
import torch

from mmcourse.losses import (
    LogitScale,
    clip_loss,
    info_nce,
    multi_positive_loss,
    multi_positive_targets,
    negative_weights,
    siglip_loss,
    tiled_clip_loss,
)

pytestmark = pytest.mark.usefixtures("unchecked")

THREE, TWO, WIDE = torch.ones(3, 5), torch.ones(2, 5), torch.ones(3, 7)
NAN = torch.tensor([[1.0, 2.0], [3.0, float("nan")], [float("inf"), 0.0]])

LOSSES = {
    "clip_loss": lambda images, texts, scale=1.0: clip_loss(images, texts, scale),
    "tiled_clip_loss": lambda images, texts, scale=1.0: tiled_clip_loss(images, texts, scale),
    "siglip_loss": lambda images, texts, scale=1.0: siglip_loss(images, texts, scale, 0.0),
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(
    ("images", "texts", "error", "message"),
    [
        (THREE, TWO, ValueError, "agree in batch; got shapes .*row i of each must be one pair"),
        (THREE, WIDE, ValueError, r"agree in dim; got shapes \(3, 5\) and \(3, 7\)"),
        (THREE[:0], THREE[:0], ValueError, "at least one pair; got none"),
        (THREE[0], THREE[0], ValueError, r"images must have shape \(batch, dim\); got \(5,\)"),
        (
            THREE.int(),
            THREE,
            TypeError,
            "images must be .*got Tensor of torch.int32",
        ),
        (THREE, THREE.numpy(), TypeError, "texts must be a tensor of floats; got ndarray"),
        (
            NAN[[0, 2, 1]],
            NAN,
            ValueError,
            "images must be finite; got NaN or infinity in row 1",
        ),
        (THREE, THREE.to("meta"), ValueError, "on one device; got cpu and meta"),
    ],
)
def test_features_that_are_no_pairs_are_refused(name, images, texts, error, message):
    with pytest.raises(error, match=f"{name}: .*{message}"):
        LOSSES[name](images, texts)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(
    ("scale", "error", "message"),
    [
        (0.0, ValueError, "scale must be positive and finite; got 0"),
        (-3, ValueError, "scale must be positive and finite; got -3"),
        (torch.tensor(-2.0), ValueError, "scale must be positive and finite; got -2"),
        (float("nan"), ValueError, "scale must be a finite number; got nan"),
        (torch.tensor(float("inf")), ValueError, "scale must be positive and finite; got inf"),
        ("10", TypeError, "scale must be a number or a tensor of floats; got '10'"),
        (
            torch.tensor(3),
            TypeError,
            "scale must be .*got Tensor of torch.int64",
        ),
        (torch.ones(2), ValueError, r"scale must be one number; got \(2,\)"),
    ],
)
def test_scales_that_are_no_scale_are_refused(name, scale, error, message):
    with pytest.raises(error, match=f"{name}: {message}"):
        LOSSES[name](THREE, THREE, scale)


@pytest.mark.parametrize("loss", [clip_loss, tiled_clip_loss])
def test_extra_texts_must_be_of_the_same_space(loss):
    with pytest.raises(ValueError, match="agree in dim"):
        loss(THREE, THREE, 1.0, WIDE)
    with pytest.raises(ValueError, match="extra_texts must be finite"):
        loss(NAN[:1], NAN[:1], 1.0, NAN)
    with pytest.raises(TypeError, match="extra_texts must be a tensor of floats; got list"):
        loss(THREE, THREE, 1.0, [[1.0]])


def test_extra_images_must_be_of_the_same_space():
    with pytest.raises(ValueError, match="agree in dim"):
        clip_loss(THREE, THREE, 1.0, extra_images=WIDE)
    with pytest.raises(ValueError, match="extra_images must be finite"):
        clip_loss(torch.ones(1, 2), torch.ones(1, 2), 1.0, extra_images=NAN)
    with pytest.raises(TypeError, match="extra_images must be a tensor of floats; got list"):
        clip_loss(THREE, THREE, 1.0, extra_images=[[1.0]])


def test_tile_must_be_a_positive_whole_number():
    with pytest.raises(ValueError, match="tile must be a whole number of at least 1; got 0"):
        tiled_clip_loss(THREE, THREE, 1.0, tile=0)
    with pytest.raises(TypeError, match=r"tile must be a whole number; got 1\.5"):
        tiled_clip_loss(THREE, THREE, 1.0, tile=1.5)


def test_bias_must_be_finite():
    with pytest.raises(ValueError, match="siglip_loss: bias must be finite; got nan"):
        siglip_loss(THREE, THREE, 1.0, torch.tensor(float("nan")))


@pytest.mark.parametrize(
    ("logits", "error", "message"),
    [
        (torch.ones(3, 2), ValueError, r"no fewer columns; got \(3, 2\)"),
        (torch.ones(0, 2), ValueError, r"at least one row and no fewer columns; got \(0, 2\)"),
        (torch.ones(3), ValueError, r"got \(3,\)"),
        (torch.ones(2, 2).int(), TypeError, "tensor of floats; got Tensor of torch.int32"),
        ([[1.0]], TypeError, "tensor of floats; got list"),
        (torch.tensor([[float("nan")]]), ValueError, "must not be NaN or plus infinity"),
        (torch.tensor([[float("inf")]]), ValueError, "must not be NaN or plus infinity"),
    ],
)
def test_logits_without_a_right_answer_are_refused(logits, error, message):
    with pytest.raises(error, match=f"info_nce: .*{message}"):
        info_nce(logits)


@pytest.mark.parametrize(
    ("logits", "targets", "error", "message"),
    [
        (torch.ones(2, 3), torch.ones(3, 2), ValueError, "agree in rows; got shapes"),
        (torch.ones(3), torch.ones(3), ValueError, r"must have shape \(rows, columns\)"),
        (
            torch.ones(2, 2),
            torch.eye(2).int(),
            TypeError,
            "targets must be .* torch.int32",
        ),
        (torch.eye(2) > 0, torch.eye(2), TypeError, "logits must be a tensor of floats"),
        (torch.ones(2, 2), [[1.0]], TypeError, "targets must be a tensor of floats.*got list"),
        (NAN[:2], torch.eye(2), ValueError, "logits must be finite"),
        (torch.ones(2, 2), NAN[:2], ValueError, "targets must be finite; got NaN"),
        (torch.ones(2, 2), -torch.eye(2), ValueError, "targets must not be negative"),
        (torch.ones(2, 2), torch.tensor([[1.0, 1], [0, 0]]), ValueError, "got one without"),
        (torch.ones(2, 2), torch.tensor([[1.0, 0], [1, 0]]), ValueError, "got one without"),
        (torch.ones(0, 0), torch.ones(0, 0), ValueError, "at least one row and column"),
    ],
)
def test_targets_without_a_positive_are_refused(logits, targets, error, message):
    with pytest.raises(error, match=f"multi_positive_loss: .*{message}"):
        multi_positive_loss(logits, targets)


def test_captions_must_be_strings():
    with pytest.raises(TypeError, match="must be a sequence of strings"):
        multi_positive_targets("a cat")
    with pytest.raises(TypeError, match=r"captions\[1\] must be a string; got 3"):
        multi_positive_targets(["a cat", 3])
    with pytest.raises(ValueError, match="at least one caption; got none"):
        multi_positive_targets([])


@pytest.mark.parametrize(
    ("similarities", "temperature", "error", "message"),
    [
        (torch.ones(2, 3), 1.0, ValueError, r"must have shape \(n, n\); got \(2, 3\)"),
        (torch.ones(1, 1), 1.0, ValueError, "one pair alone has no negative"),
        (NAN[:2], 1.0, ValueError, "must be finite"),
        (torch.eye(2).int(), 1.0, TypeError, "tensor of floats; got Tensor of torch.int32"),
        (torch.eye(2), 0.0, ValueError, "temperature must be a finite number above 0; got 0.0"),
        (torch.eye(2), "cold", TypeError, "temperature must be a number; got 'cold'"),
    ],
)
def test_weights_need_negatives_and_a_temperature(similarities, temperature, error, message):
    with pytest.raises(error, match=f"negative_weights: .*{message}"):
        negative_weights(similarities, temperature)


@pytest.mark.parametrize("numbers", [{"init": 0}, {"init": 101.0}, {"init": 2, "max_scale": 1}])
def test_scale_must_start_within_its_limits(numbers):
    with pytest.raises(ValueError, match="init must be above 0 and at most max_scale"):
        LogitScale(**numbers)


def test_a_row_with_every_column_ruled_out_is_refused():
    with pytest.raises(ValueError, match="info_nce: every row must have a column"):
        info_nce(torch.full((2, 2), -torch.inf))


def test_targets_whose_sum_is_beyond_float32_keep_their_shares():
    logits = torch.eye(2)
    loss = multi_positive_loss(logits, torch.full((2, 2), 3e38))
    assert loss == multi_positive_loss(logits, torch.ones(2, 2))


@pytest.mark.parametrize("captions", [{"a cat", "a dog"}, {"a cat": 1}, None, 3, iter(["a"])])
def test_captions_must_have_an_order(captions):
    with pytest.raises(TypeError, match="captions must be a sequence of strings"):
        multi_positive_targets(captions)
