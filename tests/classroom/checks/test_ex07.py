"""Exercise 07: the references are the course's own, and harnesses stand by themselves.

Answers as learners write them are in `tests/helpers/answers/ex07.txt`.
"""

import inspect

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from classroom.checks import find
from classroom.checks.ex07_using_clip import classify_photo as of_photo
from classroom.checks.ex07_using_clip import label_probabilities as of_labels
from classroom.checks.ex07_using_clip import to_device as of_device
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.checks.tiny import tiny
from mmcourse import clip, zeroshot


def by_zeroshot(model, images, tokens, batch):
    with torch.no_grad():
        texts = F.normalize(model.encode_text(tokens), dim=-1)
        scale = model.logit_scale.exp().item()
        parts = [model.encode_image(part) for part in images.split(batch)]
        return zeroshot.probabilities(torch.cat(parts), texts.T, scale)


@pytest.mark.usefixtures("unchecked")
def test_label_probabilities_may_be_the_courses_own():
    checking.assert_passes(find("07.1"), by_zeroshot)


def test_the_reference_of_07_1_says_what_a_model_says():
    model, _ = tiny()
    images = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    tokens = clip.tokenize(["a cat", "a dog", "a bird"])
    with torch.no_grad():
        expected = model(images, tokens)[0].softmax(dim=-1)
    got = find("07.1").reference(model, images, tokens, 2)
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-4)


def test_a_row_that_depends_on_others_breaks_the_law_of_being_alone():
    def halved(*given):
        shares = find("07.1").reference(*given).numpy()
        return (shares + shares.mean(axis=0)) / 2

    said = feedback(judge(find("07.1"), halved))
    assert "must not depend on other pictures" in said


def test_a_real_model_has_what_07_2_asks_for():
    model, _ = clip.load("tiny", device="cpu")
    batch = {"images": torch.zeros(1, 3, 64, 64), "tokens": clip.tokenize(["a cat"])}
    clip.convert_weights(model)
    moved = find("07.2").reference(batch, model)
    assert moved["images"].dtype == model.dtype == torch.float16
    assert moved["tokens"].dtype == torch.int32
    assert model.logit_scale.dtype == torch.float32


def test_the_harnesses_of_07_need_nothing_from_outside():
    images, tokens = torch.ones(3, 3, 2, 2), torch.tensor([[1, 2], [3, 4], [5, 6]])
    space = {}
    exec(inspect.getsource(of_labels.harness), space)
    out, *used = space["harness"](find("07.1").reference, images, tokens, 2, 20.0, 5, 1)
    assert out.shape == (3, 3)
    assert used == [2, 3, False]
    exec(inspect.getsource(of_device.harness), space)
    given = ["images", "of"], [images, "me"], "meta", "float16"
    out = space["harness"](find("07.2").reference, *given)
    assert out == {"images": ("float16 on meta, [3, 3, 2, 2]", None), "of": "me"}
    exec(inspect.getsource(of_photo.harness), space)
    out = space["harness"](lambda path, labels: [path.is_file(), *labels], images_of(1), ["a"])
    assert out == [True, "a"]


def images_of(side):
    return np.zeros((side, side, 3), np.uint8)


def test_a_way_out_that_favours_a_name_breaks_the_law_of_odds():
    def favoured(cosines, scale, offered):
        shares = find("07.3").reference(cosines, scale, offered)
        moved = shares[:, 0] / 2
        shares[:, 0] -= moved
        shares[:, -1] += moved
        return shares

    said = feedback(judge(find("07.3"), favoured))
    assert "their odds among each other must stay" in " ".join(said.split())


def test_the_reference_of_07_4_says_what_a_classifier_of_the_course_says(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (70, 90, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    labels = ["cat", "balloon", "house"]
    classify = zeroshot.build_image_classifier(labels, *tiny(), "a photo of a {}")
    got = find("07.4").reference(tmp_path / "photo.png", labels)
    np.testing.assert_allclose(got, classify(tmp_path / "photo.png"), atol=1e-5)
