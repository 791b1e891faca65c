import math

import pytest
import torch
import torch.nn.functional as F

from mmcourse.losses import LogitScale, clip_loss, siglip_loss
from mmcourse.similarity import cosine_matrix
from mmcourse.train import fit_projections


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def features(n: int = 31, a: int = 7, b: int = 5, seed: int = 1) -> tuple:
    generator = seeded(seed)
    return torch.randn(n, a, generator=generator), torch.randn(n, b, generator=generator)


def fitted(generator: torch.Generator, images=None, texts=None, **changes):
    if images is None:
        images, texts = features()
    knobs = {"dim": 3, "loss_fn": clip_loss, "steps": 4, "batch": 11, **changes}
    dim, loss_fn = knobs.pop("dim"), knobs.pop("loss_fn")
    return fit_projections(images, texts, dim, loss_fn, generator=generator, **knobs)


def test_maps_find_a_linear_relation_that_holds_for_pairs_never_seen():
    # Texts are pictures seen through an invertible map, so one space fits both exactly.
    generator = seeded(3)
    images = torch.randn(300, 6, generator=generator)
    texts = images @ torch.randn(6, 6, generator=generator)
    maps = fitted(generator, images[:200], texts[:200], dim=6, steps=150, batch=64, scale=20.0)
    found = cosine_matrix(images[200:] @ maps.image, texts[200:] @ maps.text).argmax(1)
    assert (found == torch.arange(100)).float().mean() >= 0.98


def test_equal_seeds_give_equal_maps_and_others_do_not():
    first, again, other = (fitted(seeded(seed)) for seed in (0, 0, 1))
    assert torch.equal(first.image, again.image)
    assert torch.equal(first.text, again.text)
    assert first.history.losses == again.history.losses
    assert not torch.equal(first.image, other.image)


def test_only_the_generator_passed_in_is_advanced():
    generator, before = seeded(), torch.get_rng_state()
    fitted(generator)
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.equal(generator.get_state(), seeded().get_state())


def test_training_equals_adam_written_out():
    images, texts = features()
    generator = seeded(2)
    image, text = (
        (torch.randn(d, 3, generator=generator) * 3**-0.5).requires_grad_() for d in (7, 5)
    )
    adam = torch.optim.Adam([image, text], lr=0.02)
    for share in (1.0, 0.75, 0.25):  # (1 + cos(180° s / 3)) / 2
        adam.param_groups[0]["lr"] = 0.02 * share
        rows = torch.randperm(31, generator=generator)[:11]
        logits = 4 * F.normalize(images[rows] @ image) @ F.normalize(texts[rows] @ text).T
        truth = torch.arange(11)
        loss = (F.cross_entropy(logits, truth) + F.cross_entropy(logits.T, truth)) / 2
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([image, text], 1.0)
        adam.step()
    maps = fitted(seeded(2), images, texts, steps=3, lr=0.02, scale=4.0)
    torch.testing.assert_close(maps.image, image.detach())
    torch.testing.assert_close(maps.text, text.detach())


def test_batches_hold_different_pairs_that_belong_together():
    seen = []

    def loss_fn(images, texts, scale):
        seen.append((images.detach(), texts.detach()))
        return (images - texts).square().sum()

    # Of unit vectors, a map's product with pair i is its own row i.
    maps = fitted(seeded(), torch.eye(13), torch.eye(13), loss_fn=loss_fn, lr=0.0, batch=12)
    for images, texts in seen:
        row, other = (
            (x[:, None] == rows).all(-1).nonzero()[:, 1]
            for x, rows in ((images, maps.image), (texts, maps.text))
        )
        assert len(row.unique()) == 12
        assert torch.equal(row, other)


def test_a_number_as_scale_stays_as_it_is():
    assert fitted(seeded(), scale=5.0).scales == (5.0, 5.0, 5.0, 5.0)


def test_a_learned_scale_moves_and_stops_at_its_limit():
    images, _ = features(n=40)
    scale = LogitScale(init=5, max_scale=6)
    maps = fitted(seeded(), images, images, scale=scale, dim=7, steps=120, batch=20)
    assert maps.scales[0] != maps.scales[10]
    assert max(maps.scales) == pytest.approx(6)
    assert scale.logit_scale.item() <= math.log(6) + 1e-6  # the parameter, not only its use
    assert scale().item() == maps.scales[-1]


def test_other_parameters_of_the_loss_are_learned_besides():
    bias = torch.nn.Parameter(torch.tensor(-3.0))
    fitted(
        seeded(),
        loss_fn=lambda images, texts, scale: siglip_loss(images, texts, scale, bias),
        also=[bias],
    )
    assert bias.item() != -3


def test_features_get_no_gradient_and_maps_come_without_one():
    images, texts = (x.requires_grad_() for x in features())
    maps = fitted(seeded(), images, texts)
    assert images.grad is None
    assert not maps.image.requires_grad


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_precision_of_the_features_is_kept(dtype):
    images, texts = (x.to(dtype) for x in features())
    assert fitted(seeded(), images, texts, steps=1).image.dtype == dtype


def test_half_precision_is_learned_in_float32():
    images, texts = (x.bfloat16() for x in features())
    assert fitted(seeded(), images, texts, steps=1).text.dtype == torch.float32


@pytest.mark.parametrize(
    ("error", "changes", "message"),
    [
        (ValueError, {"images": torch.ones(3, 2)}, "agree in n; got shapes"),
        (
            ValueError,
            {"images": torch.full((31, 2), torch.nan)},
            "image_features must be fin",
        ),
        (TypeError, {"images": torch.ones(31, 2, dtype=torch.int64)}, "tensor of floats"),
        (
            ValueError,
            {"texts": torch.ones(31)},
            "text_features must have shape",
        ),
        (ValueError, {"batch": 32}, "batch must be a whole number from 1 to 31; got 32"),
        (TypeError, {"dim": 2.5}, "fit_projections: dim must be a whole number"),
        (
            ValueError,
            {"steps": 0},
            "fit_projections: steps must be a whole number",
        ),
        (ValueError, {"lr": -1.0}, "fit_projections: lr must be a finite number of at least 0"),
        (TypeError, {"scale": "cold"}, "scale must be a number or a LogitScale; got 'cold'"),
        (ValueError, {"scale": -1.0}, "scale must be a finite number above 0"),
    ],
)
def test_what_cannot_be_fitted_is_refused(error, changes, message, unchecked):
    images, texts = features()
    with pytest.raises(error, match=message):
        fitted(seeded(), **{"images": images, "texts": texts, **changes})


def test_no_pairs_are_refused(unchecked):
    with pytest.raises(ValueError, match="must be at least one pair; got none"):
        fitted(seeded(), torch.ones(0, 3), torch.ones(0, 2))
