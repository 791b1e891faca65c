"""The battery: its numbers against models whose answers are known, and its laws."""

from math import log

import numpy as np
import pytest
import torch
from scipy.stats import binom
from torch import nn
from twins import SMALL, random_clip

from mmcourse import clip
from mmcourse.data import pairs
from mmcourse.metrics import accuracy_interval, paired_bootstrap
from mmcourse.probe import battery, calibration, galleries, minimal, probe
from mmcourse.probe.rows import Findings, counted, over_galleries, resampled
from mmcourse.probe.vectors import Model
from mmcourse.probe.words import Listener
from mmcourse.world import minimal_pairs
from mmcourse.world.words.twins import TWINS


@pytest.fixture
def small(monkeypatch):
    """Let a battery be quick: two sorts of pairs, galleries of 16."""
    monkeypatch.setattr(battery, "TWINS", {name: TWINS[name] for name in ("kind", "binding")})
    monkeypatch.setattr(galleries, "GALLERY", 16)
    monkeypatch.setattr(calibration, "DRAWS", 7)


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", "cpu")[0]


class Blind(nn.Module):
    """A CLIP's image tower, of any resolution, that makes the same of every picture."""

    def __init__(self, resolution, dim=128):
        super().__init__()
        self.input_resolution, self.dim, self.sides = resolution, dim, set()
        self.conv1 = nn.Conv2d(3, 1, 1)  # by which a CLIP knows its dtype

    def forward(self, images):
        self.sides.add(images.shape[-2:])
        return torch.ones(len(images), self.dim)


def blind(resolution):
    """Return tiny with its eyes closed."""
    model = clip.load("tiny", "cpu")[0]
    model.visual = Blind(resolution)
    return model.eval()


@pytest.mark.slow
def test_who_sees_nothing_is_at_chance_in_every_row(small):
    found = probe(blind(64), pairs=30)
    for row in found.parts()[minimal.CAPTION]:
        assert row.share == 0.5, row.name  # the same caption for both pictures
    for row in found.parts()[minimal.PICTURE]:
        assert row.share == 0.5, row.name  # two pictures tie
    assert all(row.share == 0 for row in found.parts()[minimal.BOTH])  # no tie is a victory
    assert found["caption finds picture, R@1"].share == 0  # nor here
    assert found["largest hub of captions, share of queries"].share == 1
    assert found["one of 21 kinds"].share < 0.3


@pytest.mark.slow
def test_tiny_tells_colours_and_not_which_thing_has_which(small, tiny):
    found = probe(tiny, pairs=40, seed=3)
    assert found["kind"].low > 0.8
    assert abs(found["binding"].share - 0.5) < 0.2
    assert found["binding, group score"].share < 0.3
    assert found["seeing no picture"] == found["seeing no picture"].__class__(
        name="seeing no picture", share=0.5, low=0.5, high=0.5, chance=0.5, answers=160,
        part=minimal.BLIND,
    )  # fmt: skip
    assert found["words it has read"].share == 1
    assert found["own scale"].share == pytest.approx(tiny.logit_scale.exp().item())
    assert len({row.name for row in found.rows}) == len(found.rows)
    for row in found.rows:
        assert row.low <= row.share <= row.high, row.name
        assert row.chance is not None or row.part in ("Words", calibration.PART), row.name


@pytest.mark.slow
def test_equal_seeds_give_equal_findings_and_others_do_not(small, tiny):
    first, again, other = (probe(tiny, pairs=30, seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first != other
    assert Findings.from_data(first.as_data()).as_data() == first.as_data()


@pytest.mark.slow
@pytest.mark.parametrize("resolution", [40, 224])
def test_pictures_are_drawn_at_the_resolution_of_the_model(resolution, small):
    model = blind(resolution)
    assert probe(model, pairs=30)["binding"].share == 0.5
    assert model.visual.sides == {(resolution, resolution)}


def test_pictures_that_a_model_of_64_pixels_sees_are_those_of_pairs(tiny):
    model = Model(tiny, clip.tokenize)
    drawn = model.draw(5, [3, 4], split="test", n_objects=1)
    shown = pairs(5, [3, 4, 0], split="test", n_objects=1)
    assert drawn.scenes == shown.scenes
    assert torch.equal(drawn.images, model.images(shown.pixels))


def test_vectors_have_length_1_and_do_not_depend_on_the_batch(tiny, monkeypatch):
    model, texts = Model(tiny, clip.tokenize), ["a red cat", "two dogs", "snow"]
    read, shown = model.texts(texts), pairs(5, 1, split="test")
    alone = torch.cat([model.texts([text]) for text in texts])
    torch.testing.assert_close(alone, read, atol=1e-5, rtol=0)
    torch.testing.assert_close(read.norm(dim=1), torch.ones(3))
    seen = model.look(shown).images
    monkeypatch.setattr("mmcourse.probe.vectors.BATCH", 2)
    torch.testing.assert_close(model.look(shown).images, seen, atol=1e-5, rtol=0)


def test_cosines_of_pairs_are_those_of_each_picture_and_caption(tiny):
    model = Model(tiny, clip.tokenize)
    table, _ = minimal.ask(model, "kind", 3, np.random.default_rng(8))
    tested = minimal_pairs(np.random.default_rng(8), 3, "kind")
    for number, pair in enumerate(tested):
        pixels = np.stack([minimal.render(each, 64) for each in (pair.scene, pair.twin)])
        expected = model.images(pixels) @ model.texts([pair.true, pair.false]).T
        np.testing.assert_allclose(table[number], expected, atol=1e-5)


def test_captions_alone_answer_half_whatever_they_suit(rng):
    row = minimal.blind(rng.normal(size=(57, 2)), rng)
    assert (row.share, row.low, row.high, row.answers) == (0.5, 0.5, 0.5, 114)


def test_an_interval_of_pairs_draws_both_answers_of_a_pair_together():
    scores = np.array([1.0, 0.5] * 40)
    row = resampled("", "", scores, 0.5, np.random.default_rng(3), each=2)
    same = paired_bootstrap(scores, 0 * scores, np.random.default_rng(3), draws=2_000)
    assert (row.share, row.low, row.high) == same
    assert row.answers == 160


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_where_nothing_scatters_the_interval_is_wilsons(value, rng):
    expected = accuracy_interval(int(31 * value), 31)
    scores = np.full(31, value)
    row = resampled("", "", scores, 0.5, rng)
    assert (row.share, row.low, row.high) == expected
    assert counted("", "", scores == 1, 0.5).high == expected.high
    row = over_galleries("", "", [value] * 3, 0.5, each=7)
    assert (row.share, row.low, row.high) == accuracy_interval(int(21 * value), 21)


def test_a_share_over_galleries_stays_within_0_and_1():
    row = over_galleries("", "", [1.0, 0.9], 0.5, each=7)
    assert (row.share, row.low, row.high) == (0.95, pytest.approx(0.31469, abs=1e-4), 1.0)


def test_hubs_are_counted_by_hand():
    scores = np.array([[0.9, 0.1, 0.0], [0.8, 0.2, 0.3], [0.1, 0.0, 0.7]])
    assert galleries.listed(scores, 1).tolist() == [2, 0, 1]
    assert galleries.listed(scores, 2).tolist() == [3, 1, 2]


def test_hubs_by_dice_are_those_of_the_binomial_distribution(rng):
    expected = binom(256, 10 / 256).stats("s")
    assert galleries.skew_by_dice() == pytest.approx(float(expected))
    # P(no item answers more than k) is nearly P(one does not) ** 256
    below = binom(256, 1 / 256).cdf(np.arange(40)) ** 256
    assert galleries.largest_by_dice(rng) == pytest.approx((1 - below).sum() / 256, abs=2e-3)


def test_a_caption_that_suits_everything_is_a_hub(rng):
    scores = rng.normal(size=(256, 256))
    scores[:, 9] += 100
    rows = {row.name: row for row in galleries.rows([scores, scores + 1e-9], rng)}
    assert rows["largest hub of captions, share of queries"].share == 1
    assert rows["largest hub of pictures, share of queries"].share < 0.05
    assert rows["skew of captions"].share > rows["skew of captions"].chance + 5


@pytest.mark.parametrize("direction", [False, True])
def test_recall_looks_for_captions_of_pictures_and_back(direction, rng):
    table = np.eye(256)
    table[0, 1] = 2  # picture 0 prefers caption 1; of caption 1 picture 0 is nearest
    table[2, 1] = 0.5 if direction else -0.5
    rows = {row.name: row.share for row in galleries.rows([table, table], rng)}
    assert rows["picture finds caption, R@1"] == 255 / 256
    assert rows["caption finds picture, R@1"] == 255 / 256


def test_an_honest_model_has_the_error_of_chance_and_a_boaster_more(rng):
    logits = rng.normal(size=(2_000, 21))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = calibration.answered(shares, rng)
    honest = calibration.error("", shares, truth, rng)
    assert honest.low <= honest.chance <= honest.high
    sharp = shares**9 / (shares**9).sum(1, keepdims=True)
    assert calibration.error("", sharp, truth, rng).low > 0.3


def test_answers_are_drawn_with_their_probabilities(rng):
    shares = np.tile([0.2, 0.0, 0.5, 0.3], (20_000, 1))
    found = np.bincount(calibration.answered(shares, rng), minlength=4) / 20_000
    np.testing.assert_allclose(found, shares[0], atol=0.015)
    assert found[1] == 0


def test_what_names_nothing_has_the_log_loss_of_chance(rng):
    model = blind(64)
    model.logit_scale.data.fill_(-40.0)  # no cosine counts
    asked = Model(model, clip.tokenize).draw(30, [1], split="test", n_objects=1)
    rows = list(calibration.rows(Model(model, clip.tokenize), asked, asked, rng))
    loss = next(row for row in rows if row.name == "log loss in nats, own scale")
    assert loss.share == pytest.approx(log(21)) == pytest.approx(loss.chance)


def test_words_are_counted_once_and_unknown_ones_named(tiny):
    listener = Listener(tiny)
    listener(["a red cat", "a red zebrafish"])
    assert listener.unknown() == ["zebrafish"]
    assert (listener.row().share, listener.row().answers) == (0.75, 4)


def test_there_are_eight_sorts_of_pairs_and_each_name_occurs_once(tiny):
    assert len(battery.TWINS) == 8
    row = counted("", "a", np.array([True]), 0.5)
    found = Findings(rows=(row,), unknown=(), pairs=30, seed=0)
    assert found["a"] is row
    with pytest.raises(KeyError, match="name must be one of a; got 'b'"):
        found["b"]


@pytest.mark.parametrize("tower", ["text_projection", "visual.conv1.weight"])
def test_vectors_that_are_no_numbers_are_refused(tower, tiny):
    model = clip.load("tiny", "cpu")[0]
    model.get_parameter(tower).data.fill_(float("nan"))
    broken = Model(model, clip.tokenize)
    asks = {
        "texts": lambda: broken.texts(["a cat"]),
        "pictures": lambda: broken.look(pairs(3, 1, split="test")),
    }
    what = "texts" if tower == "text_projection" else "pictures"
    with pytest.raises(ValueError, match=f"^probe: the model's vectors .* for {what};"):
        asks[what]()


def test_a_loss_is_no_share_and_has_no_interval_of_wilson(rng):
    row = resampled("", "", np.zeros(31), 3.04, rng, shares=False)
    assert (row.share, row.low, row.high) == (0, 0, 0)


@pytest.mark.usefixtures("unchecked")
def test_a_scale_that_is_not_finite_is_refused():
    model = clip.load("tiny", "cpu")[0]
    model.logit_scale.data.fill_(200.0)
    with pytest.raises(ValueError, match=r"^probe: the model's logit_scale .* got 200; CLIP's"):
        probe(model)


@pytest.mark.usefixtures("unchecked")
def test_a_model_in_training_or_of_other_tokens_is_refused(tiny):
    with pytest.raises(ValueError, match=r"^probe: the model must be in evaluation mode"):
        probe(clip.load("tiny", "cpu")[0].train())
    with pytest.raises(ValueError, match=r"^probe: the model must read CLIP's 49,408 tokens"):
        probe(random_clip(SMALL["vit"]))
