import pytest
import torch
import torch.nn.functional as F

from mmcourse.attention_maps import pointing_chance, pointing_game, relevance, rollout
from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.model import CLIP
from mmcourse.world import masks, sample_scene

VIT = {"vision_layers": 3, "vision_width": 128, "vision_patch_size": 16}
RESNET = {"vision_layers": (1, 1, 1, 1), "vision_width": 4, "vision_patch_size": None}
PLACES = {"vit": 16, "resnet": 4}


def clip(tower: dict, **changes) -> CLIP:
    sizes = {
        "embed_dim": 6,
        "image_resolution": 64,
        "context_length": 9,
        "vocab_size": 11,
        "transformer_width": 64,
        "transformer_layers": 1,
    }
    torch.manual_seed(0)
    model = CLIP(CLIPConfig(**sizes, **{**tower, **changes})).double().eval()
    for parameter in model.parameters():  # a ResNet's blocks add nothing before training
        torch.nn.init.normal_(parameter, std=0.3) if parameter.ndim < 2 else None
    return model


@pytest.fixture(params=["vit", "resnet"])
def tower(request) -> tuple:
    """Return a model, and how many places its attention has."""
    return clip({"vit": VIT, "resnet": RESNET}[request.param]), PLACES[request.param]


@pytest.fixture
def batch() -> tuple:
    """Return three pictures with three texts; 10 ends a text, and what follows is padding."""
    images = torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(1)).double()
    return images, torch.tensor([[1, 2, 10, 0], [3, 10, 0, 0], [4, 5, 6, 10]])


def layers(*matrices: list) -> list:
    """Return one-headed attention of a batch of one."""
    return [torch.tensor([[matrix]]) for matrix in matrices]


def test_rollout_of_one_layer_is_its_class_row():
    [attention] = layers([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
    torch.testing.assert_close(rollout([attention]), torch.tensor([[0.6, 0.4]]))


def test_rollout_multiplies_the_last_layer_by_those_before_it():
    # Halved with I they are
    # near = [[.5, .5, 0], [0, 1, 0], [0, 0, 1]], far = [[.5, 0, .5], [0, 1, 0], [0, .5, .5]].
    near = [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    far = [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]
    # Far last: .5 (.5, .5, 0) + .5 (0, 0, 1) = (.25, .25, .5).
    torch.testing.assert_close(rollout(layers(near, far)), torch.tensor([[1 / 3, 2 / 3]]))
    # Near last: .5 (.5, 0, .5) + .5 (0, 1, 0) = (.25, .5, .25).
    torch.testing.assert_close(rollout(layers(far, near)), torch.tensor([[2 / 3, 1 / 3]]))


def test_rollout_averages_heads():
    heads = torch.tensor([[[[0.0, 1.0, 0.0]], [[0.0, 0.5, 0.5]]]])  # one query, as in a pooling
    torch.testing.assert_close(rollout([heads]), torch.tensor([[0.75, 0.25]]))


def test_rollout_of_a_class_token_that_looks_at_itself_alone_is_zero():
    [attention] = layers([[1.0, 0.0, 0.0]])
    assert rollout([attention]).tolist() == [[0.0, 0.0]]


def test_rollout_equals_the_product_written_out(batch):
    _, attentions = clip(VIT).image_attention(batch[0])
    product = torch.eye(17).double()
    for attention in attentions:
        product = (0.5 * attention.mean(1) + 0.5 * torch.eye(17)) @ product
    expected = F.normalize(product[:, 0, 1:], p=1, dim=1)
    torch.testing.assert_close(rollout(attentions), expected)


def test_rollout_sums_to_one_over_the_places(tower, batch):
    model, places = tower
    maps = rollout(model.image_attention(batch[0])[1])
    assert maps.shape == (3, places)
    torch.testing.assert_close(maps.sum(1), torch.ones(3).double())


class Pooling:
    """A tower of one pooling by hand: half of (1, 0), half of (0, 1), nothing of the class."""

    training = False
    logit_scale = torch.tensor(4.0).log()

    def image_attention(self, images):
        attention = torch.tensor([[[[0.0, 0.5, 0.5]]]]) + 0 * images.sum()
        values = torch.tensor([[9.0, 9.0], [1.0, 0.0], [0.0, 1.0]])
        return (attention @ values)[:, 0, 0], [attention]

    def encode_text(self, tokens):
        return torch.tensor([[3.0, 0.0]])

    encode_image = image_attention


def test_relevance_worked_by_hand(unchecked):
    # e = (1/2, 1/2), text (1, 0): cosine 1/√2, and its gradient for e is (1/√2, -1/√2).
    # Times scale 4 and attention 1/2: 2/√2 for the first place; the second would lower it.
    found = relevance(Pooling(), torch.zeros(1, 3, 2, 2), torch.tensor([[1]]))
    torch.testing.assert_close(found, torch.tensor([[2**0.5, 0.0]]))


def one_layer_logit(model: CLIP, images, texts):
    """Return what gives the logits for any attention, and the attention that the model has."""
    [block] = model.visual.transformer.resblocks
    tokens = model.visual.embed(images)
    weight, bias = block.attn.in_proj_weight[256:], block.attn.in_proj_bias[256:]
    values = F.linear(block.ln_1(tokens), weight, bias).unflatten(2, (2, 64)).transpose(1, 2)

    def logit(attention):
        mixed = block.attn.out_proj((attention @ values).transpose(1, 2).flatten(2))
        after = tokens + mixed
        after = (after + block.mlp(block.ln_2(after)))[:, 0]
        embedding = model.visual.ln_post(after) @ model.visual.proj
        return model.logit_scale.exp() * F.cosine_similarity(embedding, texts)

    return logit, model.image_attention(images)[1][0]


@torch.no_grad()
def test_relevance_of_one_layer_equals_finite_differences(batch):
    images, tokens = batch
    model = clip(VIT, vision_layers=1)
    # LayerNorm computes in float32, so a step must rise above its rounding.
    logit, attention = one_layer_logit(model, images, model.encode_text(tokens))
    expected = torch.zeros(3, 16).double()
    for head in range(2):
        for place in range(16):
            step = torch.zeros_like(attention)
            step[:, head, 0, 1 + place] = 0.01
            slope = (logit(attention + step) - logit(attention - step)) / 0.02
            gain = slope * attention[:, head, 0, 1 + place]
            expected[:, place] += gain.clip(min=0) / 2
    assert (expected > 0).any(1).all()
    torch.testing.assert_close(relevance(model, images, tokens), expected, rtol=1e-2, atol=1e-4)


def test_relevance_of_many_layers_equals_the_paper_written_out(batch):
    images, tokens = batch
    model = clip(VIT)
    embeddings, attentions = model.image_attention(images)
    texts = model.encode_text(tokens)
    for row in range(3):
        logit = model.logit_scale.exp() * F.cosine_similarity(
            embeddings[row], texts[row], dim=0
        )
        gradients = torch.autograd.grad(logit, attentions, retain_graph=True)
        relevances = torch.eye(17).double()
        for attention, gradient in zip(attentions, gradients, strict=True):
            heads = zip(attention[row], gradient[row], strict=True)
            raised = torch.stack([(a * g).clip(min=0) for a, g in heads]).mean(0)
            relevances = relevances + raised @ relevances
        found = relevance(model, images, tokens)[row]
        torch.testing.assert_close(found, relevances[0, 1:].detach())


def test_relevance_has_one_number_for_each_place_and_none_is_negative(tower, batch):
    model, places = tower
    maps = relevance(model, *batch)
    assert maps.shape == (3, places)
    assert (maps >= 0).all()
    assert (maps > 0).any()


def test_relevance_of_a_picture_does_not_depend_on_its_neighbours(tower, batch):
    images, tokens = batch
    together = relevance(tower[0], images, tokens)
    alone = relevance(tower[0], images[1:2], tokens[1:2])
    # Sums run in another order, and a ViT's norms in float32.
    torch.testing.assert_close(together[1:2], alone, rtol=1e-4, atol=1e-6)


def test_relevance_depends_on_the_text(tower, batch):
    images, tokens = batch
    assert not torch.allclose(
        relevance(tower[0], images, tokens), relevance(tower[0], images, tokens.roll(1, 0))
    )


def test_relevance_leaves_no_trace_in_the_model_or_the_pictures(tower, batch):
    model, (images, tokens) = tower[0], batch
    before = {name: x.clone() for name, x in model.state_dict().items()}
    maps = relevance(model, images, tokens)
    assert not maps.requires_grad
    assert not images.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(torch.equal(x, before[name]) for name, x in model.state_dict().items())


def test_relevance_works_on_a_frozen_model_without_gradients(tower, batch):
    expected = relevance(tower[0], *batch)
    tower[0].requires_grad_(requires_grad=False)
    with torch.no_grad():
        torch.testing.assert_close(relevance(tower[0], *batch), expected)


def test_relevance_works_in_inference_mode(batch):
    model = clip(VIT)
    with torch.inference_mode():
        found = relevance(model, batch[0] * 1, batch[1] * 1)
    torch.testing.assert_close(found, relevance(model, *batch))


def test_no_maps_give_no_scores():
    assert pointing_game(torch.zeros(0, 2, 2), torch.zeros(0, 4, 4).bool()).shape == (0,)


def test_pointing_at_the_object_is_a_hit_and_beside_it_is_not():
    maps = torch.tensor([[[0.0, 0.2, 0.1]], [[0.3, 0.2, 0.1]]])
    mask = torch.tensor([[[False, True, False]]]).expand(2, 1, 3)
    assert pointing_game(maps, mask).tolist() == [1, 0]


def test_pointing_at_a_place_half_covered_is_half_a_hit():
    maps = torch.tensor([[[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]])
    mask = torch.zeros(1, 6, 4, dtype=torch.bool)
    mask[0, 0, 2:] = True  # the upper half of the place in row 0, column 1
    mask[0, 4, 0] = True
    assert pointing_game(maps, mask).tolist() == [0.5]


def test_equally_high_places_share_their_credit():
    maps = torch.tensor([[[0.7, 0.7, 0.7, 0.1]]])
    mask = torch.tensor([[[True, False, False, True]]])
    assert pointing_game(maps, mask).tolist() == pytest.approx([1 / 3])


def test_a_map_that_is_the_same_everywhere_scores_chance(rng):
    scenes = [sample_scene(rng, n_objects=1) for _ in range(5)]
    objects = torch.stack([torch.from_numpy(masks(scene, size=24)[0]) for scene in scenes])
    found = pointing_game(torch.zeros(5, 3, 4), objects)
    torch.testing.assert_close(found, pointing_chance(objects))


def test_a_map_of_the_object_itself_is_a_sure_hit(rng):
    scenes = [sample_scene(rng, n_objects=1) for _ in range(5)]
    shown = [masks(scene, size=24)[0] for scene in scenes]
    objects = torch.stack([torch.from_numpy(mask) for mask in shown])
    assert pointing_game(objects.float(), objects).tolist() == [1] * 5


def test_masks_may_be_numpys(rng):
    shown = masks(sample_scene(rng, n_objects=1), size=24)
    maps = torch.rand(1, 3, 4, generator=torch.Generator().manual_seed(0))
    assert torch.equal(pointing_game(maps, shown), pointing_game(maps, torch.tensor(shown)))
    assert pointing_chance(shown).item() == pytest.approx(shown.mean())


@pytest.mark.parametrize(
    "shapes",
    [
        [],
        [(1, 2, 3, 4)] * 2,
        [(1, 2, 3, 3), (1, 2, 1, 4)],
        [(1, 1, 3, 3), (2, 1, 3, 3)],
        [(2, 1, 3, 3), (5, 1, 3, 3), (2, 1, 3, 3)],
    ],
)
def test_layers_that_do_not_fit_each_other_are_refused(shapes, unchecked):
    with pytest.raises(ValueError, match=r"attentions.* must (agree in|hold one)"):
        rollout([torch.ones(shape) for shape in shapes])


def test_pictures_without_a_text_each_are_refused(batch, unchecked):
    with pytest.raises(ValueError, match="must agree in batch; got shapes"):
        relevance(clip(VIT), batch[0], batch[1][:2])


@pytest.mark.parametrize("images", [[1], torch.zeros(1, 3, 40, 40, dtype=torch.uint8)])
def test_pictures_that_are_no_floats_are_refused(images, batch, unchecked):
    with pytest.raises(TypeError, match="relevance: images must be a tensor of floats; got"):
        relevance(clip(VIT), images, batch[1][:1])


def test_a_model_in_training_is_refused(batch):
    with pytest.raises(ValueError, match=r"evaluation mode; model.eval\(\)"):
        relevance(clip(VIT).train(), *batch)


@pytest.mark.parametrize(
    ("maps", "mask", "message"),
    [
        (
            torch.zeros(1, 4),
            torch.ones(1, 4, 4),
            "maps must have shape",
        ),
        (torch.zeros(2, 2, 2), torch.ones(1, 4, 4), "maps and masks must agree in batch"),
        (torch.full((1, 2, 2), torch.nan), torch.ones(1, 4, 4), "maps must be finite"),
        (torch.zeros(1, 3, 2), torch.ones(1, 4, 4), "rows and columns must divide"),
        (torch.zeros(1, 8, 2), torch.ones(1, 4, 4), "rows and columns must divide"),
        (torch.zeros(1, 0, 2), torch.ones(1, 4, 4), "rows and columns must divide"),
        (torch.zeros(1, 2, 2), torch.zeros(1, 4, 4), "each have a pixel that is True"),
        (
            torch.zeros(1, 2, 2),
            torch.ones(4, 4),
            "masks must have shape",
        ),
    ],
)
def test_maps_and_masks_that_do_not_fit_are_refused(maps, mask, message, unchecked):
    with pytest.raises(ValueError, match=message):
        pointing_game(maps, mask.bool())


def test_masks_of_numbers_are_refused(unchecked):
    with pytest.raises(TypeError, match=r"masks must be a .* of True and False; got Tensor of"):
        pointing_chance(torch.ones(1, 4, 4))
