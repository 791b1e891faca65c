"""The classifier whose weights are texts: by hand, beside its peers, and from any file."""

import warnings
from io import BytesIO

import numpy as np
import pytest
import torch
from peers import import_peer
from PIL import Image
from torch.testing import assert_close
from twins import open_clip_twin

from mmcourse import clip, zeroshot
from mmcourse.data import pairs
from mmcourse.similarity import l2_normalize
from mmcourse.tokenizer import tokenize

NAMES = ["cat", "crane bird", "bus", "an umbrella", "tree"]
TEMPLATES = ["{}", "a photo of a {}.", "a drawing of the {} at night"]
EYE = torch.eye(3, 2)


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")


@pytest.fixture
def counted(monkeypatch, tiny):
    """Return a list that grows by the number of texts whenever the text tower is asked."""
    calls, encode = [], tiny[0].encode_text

    def counting(tokens):
        calls.append(len(tokens))
        return encode(tokens)

    monkeypatch.setattr(tiny[0], "encode_text", counting)
    return calls


@pytest.fixture
def photo():
    """Return a picture whose left half differs from its right."""
    pixels = np.zeros((90, 120, 3), dtype=np.uint8)
    pixels[:, :60] = (20, 190, 60)
    pixels[30:70, 70:110] = (230, 40, 40)
    return Image.fromarray(pixels)


def test_a_column_is_the_mean_direction_of_its_prompts(tiny):
    model, _ = tiny
    columns = zeroshot.build_classifier(model, NAMES, TEMPLATES)
    assert columns.shape == (128, 5)
    for name, column in zip(NAMES, columns.T, strict=True):
        with torch.no_grad():
            said = model.encode_text(tokenize([one.replace("{}", name) for one in TEMPLATES]))
        mean = sum(row / row.norm() for row in said) / 3
        assert_close(column, mean / mean.norm(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("templates", [TEMPLATES, ["a photo of a {}."]])
def test_the_classifier_equals_that_of_open_clip(tiny, templates):
    model, _ = tiny
    peer = import_peer("open_clip")
    twin = open_clip_twin(model, clip.CLIPConfig.from_state_dict(model.state_dict()))
    theirs = peer.build_zero_shot_classifier(twin, tokenize, NAMES, templates)
    ours = zeroshot.build_classifier(model, NAMES, templates)
    assert_close(ours, theirs, rtol=0, atol=1e-6)


def test_many_texts_are_encoded_in_parts(tiny, counted, monkeypatch):
    model, _ = tiny
    whole = zeroshot.build_classifier(model, NAMES, TEMPLATES)
    monkeypatch.setattr("mmcourse.zeroshot.classifier.BATCH", 7)
    in_parts = zeroshot.build_classifier(model, NAMES, TEMPLATES)
    assert counted == [15, 7, 7, 1]
    assert_close(in_parts, whole, rtol=0, atol=1e-6)


def test_a_single_template_may_come_without_its_list(tiny):
    alone = zeroshot.build_classifier(tiny[0], NAMES, "a {}")
    assert torch.equal(alone, zeroshot.build_classifier(tiny[0], NAMES, ["a {}"]))


def test_the_classifier_can_start_a_training_that_needs_gradients(tiny):
    weights = torch.nn.Parameter(zeroshot.build_classifier(tiny[0], NAMES))
    zeroshot.probabilities(torch.randn(3, 128), weights.clone(), 10.0)[:, 0].sum().backward()
    assert weights.grad.abs().sum() > 0


def test_probabilities_by_hand():
    # 2**5 per unit of cosine: 0.6 and 0.8 get 8 and 16 points.
    scale = 5 * torch.tensor(2.0).log()
    features = torch.tensor([[3.0, 4.0, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 7.0]])
    found = zeroshot.probabilities(features, EYE, scale)
    expected = torch.tensor([[1, 2], [2, 1], [1.5, 1.5]]) / 3
    assert_close(found, expected, rtol=0, atol=1e-6)


def test_the_length_of_a_feature_changes_nothing():
    features = torch.randn(7, 3, dtype=torch.float64)
    lengths = torch.logspace(-3, 4, 7, dtype=torch.float64)[:, None]
    found = zeroshot.probabilities(lengths * features, EYE, 39.0)
    assert_close(found, zeroshot.probabilities(features, EYE, 39.0), rtol=0, atol=1e-12)
    assert found.dtype == torch.float64


def test_a_feature_of_zeros_fits_all_classes_alike():
    found = zeroshot.probabilities(torch.zeros(1, 3), EYE, 100.0)
    assert torch.equal(found, torch.full((1, 2), 0.5))


def test_no_picture_gives_no_row():
    assert zeroshot.probabilities(torch.zeros(0, 3), EYE, 1.0).shape == (0, 2)


def test_half_precision_is_computed_in_float32():
    features = torch.randn(5, 3).half()
    found = zeroshot.probabilities(features, EYE.half(), 100.0)
    assert found.dtype == torch.float32
    assert torch.equal(found, zeroshot.probabilities(features.float(), EYE, 100.0))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(zeroshot.probabilities(features, EYE, 100.0), found)


def test_probabilities_are_those_of_the_model_itself(tiny):
    model, _ = tiny
    images = pairs(3, 5).images()
    texts = [f"a photo of a {name}." for name in NAMES]
    with torch.no_grad():
        expected = model(images, tokenize(texts))[0].softmax(dim=1)
        features, scale = model.encode_image(images), model.logit_scale.exp()
        found = zeroshot.probabilities(features, zeroshot.build_classifier(model, NAMES), scale)
    assert_close(found, expected, rtol=0, atol=1e-6)


def test_an_ensemble_is_the_mean_of_what_each_says():
    first, second = EYE, l2_normalize(torch.tensor([[1.0, 2], [3, -1], [0, 5]]), dim=0)
    features = torch.randn(7, 3)
    found = zeroshot.ensemble(features, (first, second), 9.0)
    each = [zeroshot.probabilities(features, one, 9.0) for one in (first, second)]
    assert_close(found, (each[0] + each[1]) / 2)
    assert_close(zeroshot.ensemble(features, [second], 9.0), each[1])


def test_an_image_classifier_takes_whatever_holds_a_picture(tiny, photo, tmp_path):
    classify = zeroshot.build_image_classifier(NAMES, *tiny)
    expected = classify(photo)
    assert expected.shape == (5,)
    assert expected.dtype == np.float32
    assert expected.sum() == pytest.approx(1, abs=1e-6)
    photo.save(tmp_path / "über.png")
    file = BytesIO((tmp_path / "über.png").read_bytes())
    for given in (tmp_path / "über.png", str(tmp_path / "über.png"), file):
        assert np.array_equal(classify(given), expected)


def test_a_photo_that_lies_on_its_side_is_turned_upright(tiny, photo, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: the camera was turned
    photo.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "a.png", exif=exif)
    classify = zeroshot.build_image_classifier(NAMES, *tiny)
    assert np.array_equal(classify(tmp_path / "a.png"), classify(photo))


def test_the_answers_come_in_the_order_of_the_names(tiny, photo):
    turned = zeroshot.build_image_classifier(NAMES[::-1], *tiny)(photo)
    expected = zeroshot.build_image_classifier(NAMES, *tiny)(photo)
    assert turned[::-1] == pytest.approx(expected, abs=1e-6)
    assert len(set(expected.tolist())) == 5  # or the order could not be seen


def test_names_are_encoded_once_however_many_pictures_come(tiny, counted, photo):
    classify = zeroshot.build_image_classifier(NAMES, *tiny, templates=TEMPLATES)
    for _ in range(3):
        classify(photo)
    assert counted == [15]


def test_without_a_model_the_chosen_one_is_loaded(tiny, photo, monkeypatch):
    monkeypatch.setenv("MMCOURSE_CLIP", "tiny-vit")
    found = zeroshot.build_image_classifier(NAMES)(photo)
    expected = zeroshot.build_image_classifier(NAMES, *clip.load("tiny-vit"))(photo)
    assert found == pytest.approx(expected, abs=1e-6)
    assert found != pytest.approx(zeroshot.build_image_classifier(NAMES, *tiny)(photo))


def test_without_its_preprocess_a_model_gets_the_one_of_its_size(tiny, photo):
    model, preprocess = tiny
    found = zeroshot.build_image_classifier(NAMES, model)(photo)
    assert np.array_equal(
        found, zeroshot.build_image_classifier(NAMES, model, preprocess)(photo)
    )


def test_half_precision_models_answer_in_float32(photo):
    model, preprocess = clip.load("tiny-vit", device="cpu", dtype=torch.bfloat16)
    found = zeroshot.build_image_classifier(NAMES, model, preprocess)(photo)
    expected = zeroshot.build_image_classifier(NAMES, *clip.load("tiny-vit", device="cpu"))
    # bfloat16 keeps three digits, and a scale of 39 multiplies what is lost
    assert found == pytest.approx(expected(photo), abs=0.1)
    assert found.dtype == np.float32


@pytest.mark.slow
@pytest.mark.usefixtures("unchecked")  # the checks know our class alone
def test_a_model_of_real_size_says_the_same_in_openai_own_package(vit_b32, photo):
    model, preprocess = clip.load(vit_b32, device="cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # they use torch.jit
        theirs = import_peer("clip").load(str(vit_b32), device="cpu", jit=False)
    ours = zeroshot.build_classifier(model, NAMES, TEMPLATES)
    assert ours.shape == (512, 5)
    assert_close(
        zeroshot.build_classifier(theirs[0], NAMES, TEMPLATES), ours, rtol=0, atol=1e-5
    )
    found = zeroshot.build_image_classifier(NAMES, *theirs, templates=TEMPLATES)(photo)
    expected = zeroshot.build_image_classifier(NAMES, model, preprocess, TEMPLATES)(photo)
    # their preprocess is torchvision's; scale is e**2 here
    assert found == pytest.approx(expected, abs=1e-4)
