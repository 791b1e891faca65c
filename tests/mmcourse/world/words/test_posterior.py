"""The world's own chances: against enumeration, against counting, and as a floor."""

from functools import cache
from itertools import product
from math import exp, inf, log

import numpy as np
import pytest
from enumeration import every_text

from mmcourse.world import (
    COLOURS,
    Scene,
    TextPrior,
    Thing,
    bayes_loss,
    caption,
    caption_logprob,
    log_posterior,
    mutual_information,
    sample_scene,
)
from mmcourse.world.words.caption import caption_grammar
from mmcourse.world.words.facts import facts

WORLD = {"kinds": ["cat", "sign", "balloon"], "colours": ["red", "orange", "grey"],
         "scenes": ["plain", "night"]}  # fmt: skip


def one(kind: str, colour: str, setting: str, x: float = 0.5) -> Scene:
    thing = Thing(kind=kind, colour=colour, size=0.3, position=(x, 0.5))
    return Scene(setting=setting, objects=(thing,))


TWO_BY_TWO_BY_TWO = [
    one(*names) for names in product(["car", "balloon"], ["grey", "orange"], ["plain", "night"])
]


def chances(scenes: list[Scene], text: str, *, full: bool = False) -> float:
    return float(np.mean([exp(caption_logprob(scene, text, full=full)) for scene in scenes]))


def some(count: int, seed: int = 3, **world: object) -> tuple[list[Scene], list[str]]:
    rng = np.random.default_rng(seed)
    scenes = [sample_scene(rng, **(world or WORLD)) for _ in range(count)]
    return scenes, [caption(scene, rng) for scene in scenes]


SMALL = TextPrior(TWO_BY_TWO_BY_TWO)


def many(count: int, seed: int) -> tuple[np.ndarray, list[str], TextPrior]:
    """Return draws from the small world: which scene, what is said of it, and p(text)."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(8, size=count)
    texts = [caption(TWO_BY_TWO_BY_TWO[row], rng) for row in rows]
    return rows, texts, SMALL


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("recolour", [False, True])
def test_prior_of_a_small_world_equals_its_enumeration(full, recolour):
    # Every colour occurs as often with every kind, so that recolouring changes nothing.
    prior = TextPrior(TWO_BY_TWO_BY_TWO, full=full, recolour=recolour)
    expected: dict[str, float] = {}
    for scene in TWO_BY_TWO_BY_TWO:
        for text, chance in every_text(caption_grammar(facts(scene), prior.chances)).items():
            expected[text] = expected.get(text, 0) + chance / 8
    assert sum(expected.values()) == pytest.approx(1)
    for text, chance in list(expected.items())[::7]:
        assert exp(prior.logprob(text)) == pytest.approx(chance, rel=1e-9)


def test_scores_equal_the_ratio_of_probabilities_written_out():
    scenes, texts = some(23)
    ours = log_posterior(scenes[:11], texts, TextPrior(scenes))
    assert ours.shape == (11, 23)
    assert ours.dtype == np.float64
    for i, j in product(range(11), range(23)):
        score = caption_logprob(scenes[i], texts[j]) - log(chances(scenes, texts[j]))
        assert ours[i, j] == pytest.approx(score, abs=1e-9)


def test_full_prior_weighs_full_captions(rng):
    scenes, _ = some(9)
    text = caption(scenes[4], rng, full=True)
    prior = TextPrior(scenes, full=True)
    assert exp(prior.logprob(text)) == pytest.approx(chances(scenes, text, full=True))
    expected = caption_logprob(scenes[4], text, full=True) - prior.logprob(text)
    assert log_posterior(scenes[4:5], [text], prior)[0, 0] == pytest.approx(expected)


def test_prior_counts_a_scene_as_often_as_it_occurs():
    often, rare = one("car", "grey", "plain"), one("car", "grey", "night")
    prior = TextPrior([often, often, rare])
    text = "a photo of a car at night"
    assert exp(prior.logprob(text)) == pytest.approx(exp(caption_logprob(rare, text)) / 3)


def test_texts_that_no_scene_says_have_no_probability():
    prior = TextPrior(TWO_BY_TWO_BY_TWO)
    for text in ("", "a dog", "a orange car", "an car", "a car a car", "A car", "a car "):
        assert prior.logprob(text) == -inf


def test_recoloured_prior_equals_the_average_over_all_colours():
    colours = ["red", "orange", "orange", "grey"]  # a car is orange twice as often
    scenes = [one("car", colour, "plain") for colour in colours]
    cat = Thing(kind="cat", colour="white", size=0.3, position=(0.2, 0.5), pose="sitting")
    car = Thing(kind="car", colour="red", size=0.3, position=(0.8, 0.5))
    pair = Scene(setting="plain", objects=(cat, car))
    prior = TextPrior([*scenes, pair], recolour=True)
    shares = {"red": 2 / 5, "orange": 2 / 5, "grey": 1 / 5}
    for text in ("a gray car", "a grey car", "a photo of an orange car", "a car", "a red car"):
        expected = (
            4
            / 5
            * sum(
                share * exp(caption_logprob(one("car", colour, "plain"), text))
                for colour, share in shares.items()
            )
        )
        assert exp(prior.logprob(text)) == pytest.approx(expected)
    white = "a white cat left of a grey car"
    grey = Scene(
        setting="plain",
        objects=(cat, Thing(kind="car", colour="grey", size=0.3, position=(0.8, 0.5))),
    )
    expected = exp(caption_logprob(grey, white)) * shares["grey"] / 5
    assert exp(prior.logprob(white)) == pytest.approx(expected)
    assert prior.logprob("a red cat left of a grey car") == -inf  # no cat is red


def test_recoloured_pair_of_one_kind_keeps_its_colours():
    things = [
        Thing(kind="car", colour=colour, size=0.2, position=(x, 0.5))
        for colour, x in (("red", 0.2), ("blue", 0.8))
    ]
    scene = Scene(setting="plain", objects=tuple(things))
    prior = TextPrior([scene, one("balloon", "orange", "plain")], recolour=True)
    for text in ("a red car left of a blue car", "a blue car right of a red car"):
        assert exp(prior.logprob(text)) == pytest.approx(exp(caption_logprob(scene, text)) / 2)
    assert prior.logprob("a blue car left of a red car") == -inf
    assert prior.logprob("an orange car left of a blue car") == -inf


def test_prior_agrees_with_counted_captions():
    _, texts, prior = many(4000, seed=8)
    found, counts = np.unique(texts, return_counts=True)
    common = counts >= 40
    assert common.sum() > 7
    for text, count in zip(found[common], counts[common], strict=True):
        share = exp(prior.logprob(str(text)))
        assert abs(count / 4000 - share) < 4 * (share * (1 - share) / 4000) ** 0.5, text


@pytest.mark.slow
def test_recolouring_estimates_what_many_more_scenes_would():
    # The law of sample_scene: colours are drawn by kind, whatever else there is.
    large = TextPrior(some(2000, seed=6)[0])
    small = TextPrior(some(500, seed=7)[0], recolour=True)
    pairs = [(small.logprob(text), large.logprob(text)) for text in some(15, seed=5)[1]]
    differences = np.array([ours - theirs for ours, theirs in pairs if theirs > -8])
    assert abs(differences.mean()) < 0.15
    assert np.abs(differences).max() < 1


def test_bayes_loss_by_hand():
    assert bayes_loss(np.array([[5.0]])) == 0
    assert bayes_loss(np.zeros((7, 7))) == pytest.approx(log(7))
    scores = np.log(np.array([[3.0, 1.0], [1.0, 1.0]]))
    assert bayes_loss(scores) == pytest.approx((2 * log(4 / 3) + 2 * log(2)) / 4)
    assert bayes_loss(scores + 1000) == pytest.approx(bayes_loss(scores))


def batches(size: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of `count` batches, and each text's log probability."""
    rows, texts, prior = many(size * count, seed)
    table = np.stack([column(text) for text in texts], axis=1)  # (8 scenes, all texts)
    rows, which = rows.reshape(count, size), np.arange(size * count).reshape(count, size)
    before = np.array([prior.logprob(text) for text in texts])
    return table[rows[:, :, None], which[:, None, :]], before[which]


@cache
def column(text: str) -> np.ndarray:
    return log_posterior(TWO_BY_TWO_BY_TWO, [text], SMALL)[:, 0]


@pytest.mark.slow
def test_no_other_critic_has_a_lower_loss(rng):
    scores, _ = batches(size=7, count=900, seed=10)

    def losses(change) -> np.ndarray:
        return np.array([bayes_loss(change(batch)) for batch in scores])

    floor = losses(lambda batch: batch)
    others = {
        "sharper": lambda batch: 1.3 * batch,
        "softer": lambda batch: 0.7 * batch,
        "noisy": lambda batch: batch + rng.normal(0, 0.5, batch.shape),
        "biased to some texts": lambda batch: batch + rng.normal(0, 0.5, len(batch)),
        "biased to some scenes": lambda batch: batch + rng.normal(0, 0.5, (len(batch), 1)),
        "afraid of minus infinity": lambda batch: batch.clip(min=-1),
    }
    for name, change in others.items():
        excess = losses(change) - floor
        assert excess.mean() > 3 * excess.std() / len(excess) ** 0.5, name


def test_ratio_beats_the_likelihood_alone():
    # log p(text | scene) prefers texts that are common anyway.
    scores, before = batches(size=7, count=600, seed=12)
    pairs = zip(scores, before, strict=True)
    excess = np.array([bayes_loss(batch + text) - bayes_loss(batch) for batch, text in pairs])
    assert excess.mean() > 3 * excess.std() / len(excess) ** 0.5


@pytest.mark.slow
def test_information_by_hand_and_by_enumeration():
    scenes = TWO_BY_TWO_BY_TWO
    prior = TextPrior(scenes)
    exact = 0.0
    for scene in scenes:
        for text, chance in every_text(caption_grammar(facts(scene), prior.chances)).items():
            exact += chance / 8 * (caption_logprob(scene, text) - prior.logprob(text))
    rows, texts, _ = many(400, seed=13)
    nats, error = mutual_information([scenes[row] for row in rows], texts, prior)
    assert 0 < exact < log(8)
    assert abs(nats - exact) < 3 * error
    assert error < 0.06


def test_information_bounds_what_a_batch_shows():
    rows, texts, prior = many(400, seed=14)
    nats, error = mutual_information([TWO_BY_TWO_BY_TWO[row] for row in rows], texts, prior)
    for size, count in ((3, 300), (11, 90), (31, 30)):
        scores, _ = batches(size, count, seed=15)
        losses = [bayes_loss(batch) for batch in scores]
        assert 0 < log(size) - np.mean(losses) < nats + 2 * error


@pytest.mark.usefixtures("unchecked")
def test_wrong_inputs_are_named():
    scenes, texts = some(5)
    prior = TextPrior(scenes)
    with pytest.raises(ValueError, match="at least one scene; got none"):
        TextPrior([])
    with pytest.raises(TypeError, match="TextPrior: scene must be a Scene; got str"):
        TextPrior(["a cat"])
    with pytest.raises(TypeError, match="a text must be a string; got int"):
        prior.logprob(3)
    with pytest.raises(ValueError, match="the prior never says 'a zebra'"):
        log_posterior(scenes, ["a zebra"], prior)
    with pytest.raises(ValueError, match="must be a sequence of captions"):
        log_posterior(scenes, "a cat", prior)
    with pytest.raises(ValueError, match="at least one scene; got none"):
        log_posterior([], texts, prior)
    with pytest.raises(TypeError, match="prior must be a TextPrior; got list"):
        log_posterior(scenes, texts, scenes)
    with pytest.raises(ValueError, match="got 5 scenes and 4 texts"):
        mutual_information(scenes, texts[:4], prior)
    with pytest.raises(ValueError, match="must be a caption of scene i"):
        mutual_information(scenes, texts[1:] + texts[:1], prior)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (np.zeros((2, 3)), r"scores must have shape \(batch, batch\); got \(2, 3\)"),
        (np.zeros((0, 0)), "must be a square"),
        (np.full((2, 2), np.nan), "must not be NaN"),
        (np.array([[-inf, 0], [0, 0]]), "minus infinity for a pair"),
    ],
)
def test_scores_that_have_no_loss_are_refused(scores, message):
    with pytest.raises(ValueError, match=message):
        bayes_loss(scores)


def test_every_colour_can_be_recoloured():
    scenes = [one("balloon", colour, "plain") for colour in COLOURS]
    prior = TextPrior(scenes, recolour=True)
    for colour in COLOURS:
        text = f"a photo of a {colour} balloon" if colour != "orange" else "an orange balloon"
        assert exp(prior.logprob(text)) == pytest.approx(chances(scenes, text))
