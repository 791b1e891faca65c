"""CLIP itself: what changes its embeddings and what must not, in every precision."""

import pytest
import torch
from torch.nn import functional as F
from torch.testing import assert_close
from twins import SMALL, random_batch, random_clip

from mmcourse import clip
from mmcourse.clip import convert_weights
from mmcourse.clip.text import by_length, skip_padding, text_feature

HALVES = [torch.bfloat16, torch.float16]


@pytest.fixture(params=SMALL)
def config(request):
    return SMALL[request.param]


def gradients(model, features):
    model.zero_grad()
    features.square().sum().backward()
    return {name: p.grad for name, p in model.named_parameters() if p.grad is not None}


def test_skipping_padding_changes_neither_features_nor_gradients():
    model = random_clip(SMALL["vit"], dtype=torch.float64)
    tokens = random_batch(SMALL["vit"]).tokens
    assert skip_padding(tokens).shape[1] < tokens.shape[1]  # there is something to skip
    whole = text_feature(model.text_hidden(tokens), tokens) @ model.text_projection
    expected = {name: grad.clone() for name, grad in gradients(model, whole).items()}
    skipped = model.encode_text(tokens)
    assert_close(skipped, whole, rtol=0, atol=1e-12)
    for name, grad in gradients(model, skipped).items():
        assert_close(grad, expected[name], rtol=0, atol=1e-10, msg=name)


def with_two_long_ones(count=13):
    """Return texts of which two, neither first nor last, fill the context."""
    generator = torch.Generator().manual_seed(3)
    length, end = SMALL["vit"].context_length, SMALL["vit"].vocab_size - 1
    tokens = torch.randint(1, end, (count, length), generator=generator)
    tokens[:, 2] = end
    tokens[:, 3:] = 0
    for row in (2, 7):
        tokens[row] = torch.randint(1, end, (length,), generator=generator)
        tokens[row, -1] = end
    return tokens


def test_long_texts_encoded_apart_change_neither_features_nor_gradients():
    model, tokens = random_clip(SMALL["vit"], dtype=torch.float64), with_two_long_ones()
    assert [len(rows) for rows in by_length(tokens)] == [11, 2]  # there is something to part
    whole = text_feature(model.text_hidden(tokens), tokens) @ model.text_projection
    expected = {name: grad.clone() for name, grad in gradients(model, whole).items()}
    parted = model.encode_text(tokens)
    assert_close(parted, whole, rtol=0, atol=1e-12)
    for name, grad in gradients(model, parted).items():
        assert_close(grad, expected[name], rtol=0, atol=1e-10, msg=name)


def test_texts_of_like_length_stay_together():
    tokens = random_batch(SMALL["vit"]).tokens
    assert [rows.tolist() for rows in by_length(tokens)] == [[0, 1, 2, 3, 4]]
    assert [rows.tolist() for rows in by_length(tokens[:1])] == [[0]]


def test_skipping_padding_is_exact_to_1e_6_in_float32():
    model = random_clip(SMALL["vit"])
    tokens = random_batch(SMALL["vit"]).tokens
    whole = text_feature(model.text_hidden(tokens), tokens) @ model.text_projection
    assert_close(model.encode_text(tokens), whole, rtol=0, atol=1e-6)


def test_a_text_means_the_same_alone_and_in_a_batch(config):
    model, tokens = random_clip(config, dtype=torch.float64), random_batch(config).tokens
    alone = torch.cat([model.encode_text(row[None]) for row in tokens])
    assert_close(model.encode_text(tokens), alone)


def test_what_follows_the_end_token_is_ignored():
    model, tokens = random_clip(SMALL["vit"]), random_batch(SMALL["vit"]).tokens
    ends = tokens.argmax(-1, keepdim=True)
    after = torch.arange(tokens.shape[1]) > ends
    noisy = torch.where(after, torch.full_like(tokens, 5), tokens)
    assert torch.equal(model.encode_text(tokens), model.encode_text(noisy))


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64])
def test_tokens_of_either_width_mean_the_same(dtype):
    model, tokens = random_clip(SMALL["vit"]), random_batch(SMALL["vit"]).tokens
    assert torch.equal(model.encode_text(tokens.to(dtype)), model.encode_text(tokens))


def test_logits_are_scaled_cosines_both_ways(config):
    model, batch = random_clip(config, dtype=torch.float64), random_batch(config, torch.float64)
    per_image, per_text = model(batch.images, batch.tokens)
    images, texts = model.encode_image(batch.images), model.encode_text(batch.tokens)
    cosines = F.cosine_similarity(images[:, None], texts[None], dim=-1)
    assert_close(per_image, model.logit_scale.exp() * cosines)
    assert torch.equal(per_text, per_image.T)


def test_no_pictures_and_no_texts_give_no_features(config):
    model, batch = random_clip(config), random_batch(config)
    assert model.encode_image(batch.images[:0]).shape == (0, config.embed_dim)
    assert model.encode_text(batch.tokens[:0]).shape == (0, config.embed_dim)


@pytest.mark.parametrize("dtype", HALVES)
def test_half_precision_is_finite_and_close(config, dtype):
    model, batch = random_clip(config), random_batch(config)
    exact = model(batch.images, batch.tokens)[0] / model.logit_scale.exp()
    convert_weights(model, dtype)
    assert model.encode_image(batch.images).dtype == dtype
    found = model(batch.images, batch.tokens)[0] / model.logit_scale.exp()
    assert found.isfinite().all()
    # a few roundings of 8 or 11 bits in a row
    assert (found - exact).abs().max() < (0.03 if dtype == torch.bfloat16 else 0.003)


@pytest.mark.parametrize("dtype", HALVES)
def test_half_precision_leaves_norms_embeddings_and_scale_alone(config, dtype):
    model = random_clip(config)
    convert_weights(model, dtype)
    halved = {name for name, p in model.named_parameters() if p.dtype == dtype}
    assert {"text_projection", "visual.conv1.weight"} <= halved
    kept = ("ln_", "bn", "downsample.1", "embedding", "logit_scale")
    for name in halved:
        assert not any(part in name for part in kept), name
    assert all(name in halved for name in model.state_dict() if "attn.in_proj" in name)


def test_converting_back_keeps_the_rounded_values():
    model = random_clip(SMALL["vit"])
    expected = model.visual.conv1.weight.half().float()
    convert_weights(model, torch.float16)
    convert_weights(model, torch.float32)
    assert torch.equal(model.visual.conv1.weight, expected)


def test_what_was_half_altogether_gets_its_float32_parts_back():
    model = random_clip(SMALL["vit"]).half()
    convert_weights(model, torch.float16)
    assert model.ln_final.weight.dtype == torch.float32
    assert model.logit_scale.dtype == torch.float32


def test_converting_to_what_is_no_such_precision_is_refused():
    with pytest.raises(ValueError, match=r"dtype must be one of .*bfloat16.* got torch.int8"):
        convert_weights(random_clip(SMALL["vit"]), torch.int8)


def test_a_vit_grid_is_its_patches_row_by_row():
    config = SMALL["vit"]
    model, batch = random_clip(config), random_batch(config)
    grid = model.image_grid(batch.images)
    assert grid.shape == (3, 25, config.vision_width)
    tokens = model.visual.transformer(model.visual.embed(batch.images))
    assert torch.equal(grid, tokens[:, 1:])


def test_a_resnet_grid_is_row_by_row():
    model = random_clip(SMALL["resnet"])
    plain = torch.zeros(1, 3, 96, 96)
    marked = plain.clone()
    marked[..., 40:48, 80:88] = 5  # of 6 rows and 6 columns of 16 pixels: row 2, column 5
    change = (model.image_grid(marked) - model.image_grid(plain)).abs().sum(-1)
    assert change.shape == (1, 36)
    assert change.argmax() == 2 * 6 + 5


@pytest.mark.parametrize(
    ("tower", "shape"), [("vit", (3, 2, 26, 26)), ("resnet", (3, 4, 1, 10))]
)
def test_attention_sums_to_one_and_changes_no_embedding(tower, shape):
    model, batch = random_clip(SMALL[tower]), random_batch(SMALL[tower])
    embeddings, attentions = model.image_attention(batch.images)
    assert_close(embeddings, model.encode_image(batch.images))
    assert {tuple(each.shape) for each in attentions} == {shape}
    assert_close(attentions[-1].sum(-1), torch.ones(shape[:-1]))
    assert len(attentions) == (3 if tower == "vit" else 1)


def test_a_trained_mode_resnet_stays_out_of_the_way_of_its_stem():
    # a stem whose last norm starts at 0 would pass nothing on, and never learn
    torch.manual_seed(0)
    model = type(random_clip(SMALL["resnet"]))(SMALL["resnet"])
    assert model.visual.bn3.weight.min() == 1
    assert model.visual.layer1[0].bn3.weight.max() == 0


@pytest.mark.usefixtures("unchecked")
class TestRefusals:
    model = random_clip(SMALL["vit"])

    @pytest.mark.parametrize("operation", ["encode_image", "image_grid", "image_attention"])
    def test_pictures_of_another_size(self, operation):
        message = (
            rf"{operation}: images must have shape \(batch, 3, 40, 40\); got \(1, 3, 32, 32\)"
        )
        with pytest.raises(ValueError, match=message):
            getattr(self.model, operation)(torch.zeros(1, 3, 32, 32))

    def test_one_picture_without_a_batch(self):
        with pytest.raises(ValueError, match=r"got \(3, 40, 40\); .*unsqueeze"):
            self.model.encode_image(torch.zeros(3, 40, 40))

    def test_what_is_no_tensor(self):
        with pytest.raises(TypeError, match=r"must be a tensor of floats; got list; prep"):
            self.model.encode_image([1])

    def test_pictures_still_in_bytes(self):
        with pytest.raises(TypeError, match=r"image_grid: .* of floats; got torch.uint8; prep"):
            self.model.image_grid(torch.zeros(1, 3, 40, 40, dtype=torch.uint8))

    @pytest.mark.parametrize(
        "texts",
        [["a cat"], torch.zeros(1, 11), torch.zeros(1, 11).bool()],
        ids=["words", "floats", "bools"],
    )
    def test_what_is_no_tokens(self, texts):
        with pytest.raises(TypeError, match=r"encode_text: tokens must be .* clip.tokenize"):
            self.model.encode_text(texts)

    @pytest.mark.parametrize("shape", [(11,), (2, 12), (2, 0), (1, 1, 11)])
    def test_tokens_of_another_shape(self, shape):
        with pytest.raises(ValueError, match=r"tokens must have shape \(batch, 1 to 11\); got"):
            self.model.encode_text(torch.zeros(shape, dtype=torch.long))

    @pytest.mark.parametrize("token", [-1, 37])
    def test_tokens_of_another_vocabulary(self, token):
        with pytest.raises(ValueError, match=rf"from 0 to 36; got .*{token}"):
            self.model.encode_text(torch.tensor([[0, token]]))


@pytest.mark.slow
def test_tiny_is_exported_and_says_the_same():
    model, _ = clip.load("tiny", device="cpu")
    images, tokens = torch.randn(2, 3, 64, 64), clip.tokenize(["a cat", "a red dog"])
    exported = torch.export.export(model, (images, tokens)).module()
    for ours, theirs in zip(model(images, tokens), exported(images, tokens), strict=True):
        torch.testing.assert_close(theirs, ours)
