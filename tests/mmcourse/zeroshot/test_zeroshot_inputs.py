"""What the zero-shot classifier refuses, and what it then says."""

import numpy as np
import pytest
import torch

from mmcourse import clip, zeroshot
from mmcourse.zeroshot.prompts import prompts

EYE = torch.eye(3, 2)


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("names", "templates", "error", "message"),
    [
        (
            "cat",
            "{}",
            TypeError,
            r"names must be .*; got 'cat'; pass \['cat'\]",
        ),
        ({"cat", "dog"}, "{}", TypeError, r"names must be a sequence of strings; got set"),
        (["cat", 3], "{}", TypeError, r"names\[1\] must be a string; got 3"),
        ([], "{}", ValueError, "names must be at least one; got none"),
        (["cat", "  "], "{}", ValueError, "a name must not be blank; got '  '"),
        (["cat", "dog", "cat"], "{}", ValueError, "different.* got 'cat' and 'cat'"),
        (["ice  bear", "Ice bear"], "{}", ValueError, "got 'ice  bear' and 'Ice bear'"),
        (["cat"], [], ValueError, "templates must be at least one; got none"),
        (["cat"], ["a {}", None], TypeError, r"templates\[1\] must be a string; got None"),
        (["cat"], 7, TypeError, "templates must be a string or a sequence of strings; got 7"),
        (["cat"], "a photo of a cat", ValueError, "exactly one {}.*got 'a photo of a cat'"),
        (["cat"], "{} and {}", ValueError, "exactly one {}.*got '{} and {}'"),
        (["cat"], "a {} of {name}", ValueError, "no other brace; got 'a {} of {name}'"),
        (["cat"], "a {name}", ValueError, "exactly one {}.*got 'a {name}'"),
        (["cat"], "a {{}}", ValueError, "no other brace; got 'a {{}}'"),
    ],
)
def test_wrong_names_and_templates_are_named(tiny, names, templates, error, message):
    with pytest.raises(error, match=f"^build_classifier: .*{message}"):
        zeroshot.build_classifier(tiny[0], names, templates)


def test_a_prompt_that_is_too_long_is_named(tiny):
    with pytest.raises(ValueError, match=r"must fit into 77 ids.*got 82 for 'a photo of cat"):
        zeroshot.build_classifier(tiny[0], ["cat " * 77], "a photo of {}")


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("call", [zeroshot.probabilities, zeroshot.ensemble])
@pytest.mark.parametrize(
    ("features", "classifier", "scale", "error", "message"),
    [
        (torch.ones(5, 3), EYE, 0, ValueError, "scale must be positive and finite; got 0"),
        (torch.ones(5, 3), EYE, -3.0, ValueError, "scale must be positive and finite; got -3"),
        (
            torch.ones(5, 3),
            EYE,
            "100",
            TypeError,
            "scale must be a number or .*; got '100'",
        ),
        (torch.ones(5, 3), EYE, torch.ones(2), ValueError, "scale must be one number"),
        (
            torch.ones(5, 3),
            EYE,
            torch.nn.Parameter(torch.tensor(4.6)),
            ValueError,
            r"got a parameter, .* logarithm there; pass model\.logit_scale\.exp\(\)",
        ),
        (
            torch.ones(5, 3),
            EYE.T,
            1,
            ValueError,
            r"agree in dim; .* \(2, 3\); pass .*\.T",
        ),
        (torch.ones(5, 4), EYE, 1, ValueError, r"and \(3, 2\); only vectors of one space"),
        (torch.ones(3), EYE, 1, ValueError, r"one alone is image_features\[None\]"),
        (
            torch.ones(5, 3).long(),
            EYE,
            1,
            TypeError,
            "image_features must be a tensor of floats",
        ),
        (np.ones((5, 3)), EYE, 1, TypeError, "got ndarray"),
        (
            torch.ones(5, 3),
            EYE * torch.tensor([1, 7]),
            1,
            ValueError,
            "norm 1; got 7 in column 1",
        ),
        (torch.full((5, 3), torch.nan), EYE, 1, ValueError, "NaN or infinity in row 0"),
        (torch.ones(5, 3, device="meta"), EYE, 1, ValueError, "got meta and cpu"),
    ],
)
def test_wrong_features_and_scales_are_named(call, features, classifier, scale, error, message):
    given = [classifier] if call is zeroshot.ensemble else classifier
    with pytest.raises(error, match=f"^{call.__name__}: .*{message}"):
        call(features, given, scale)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("classifiers", "error", "message"),
    [
        (
            EYE,
            TypeError,
            r"got Tensor .*; pass a list of it",
        ),
        ([], ValueError, "at least one.*got none"),
        (
            [EYE, torch.eye(3)],
            ValueError,
            r"agree in classes; got .*3, 2\) and \(3, 3\)",
        ),
    ],
)
def test_wrong_ensembles_are_named(classifiers, error, message):
    with pytest.raises(error, match=f"ensemble: .*{message}"):
        zeroshot.ensemble(torch.ones(5, 3), classifiers, 1.0)


@pytest.mark.usefixtures("unchecked")
def test_what_is_no_picture_is_named(tiny, tmp_path):
    classify = zeroshot.build_image_classifier(["cat", "dog"], *tiny)
    with pytest.raises(TypeError, match=r"got ndarray; Image\.fromarray\(pixels\) makes one"):
        classify(np.zeros((64, 64, 3), dtype=np.uint8))
    with pytest.raises(ValueError, match=r"expected a picture in .*nothing\.png; got no file"):
        classify(tmp_path / "nothing.png")


def test_a_model_that_is_still_in_training_is_refused():
    model, _ = clip.load("tiny", device="cpu")
    with pytest.raises(ValueError, match=r"in evaluation mode.*call model\.eval\(\)"):
        zeroshot.build_image_classifier(["cat", "dog"], model.train())


def test_a_preprocess_without_its_model_is_refused(tiny):
    with pytest.raises(ValueError, match="preprocess must come with its model; got it alone"):
        zeroshot.build_image_classifier(["cat", "dog"], preprocess=tiny[1])


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("other", ["Cat ", "&#99;at", "\uff43at"], ids=ascii)
def test_two_names_that_are_one_to_the_tokenizer_are_refused(other):
    with pytest.raises(ValueError, match=r"^prompts: names must be different.*'cat' and"):
        prompts(["dog", "cat", other], "a photo of a {}.")


def test_an_accent_written_in_two_ways_is_one_name():
    with pytest.raises(ValueError, match=r"^prompts: names must be different"):
        prompts(["caf\u00e9", "cafe\u0301"], "a photo of a {}.")
