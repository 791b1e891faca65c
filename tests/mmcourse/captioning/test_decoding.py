"""Greedy, beam and sampling, on a captioner of random weights, large enough to differ."""

import itertools
import math

import pytest
import torch
from torch.testing import assert_close

from mmcourse.captioning import PrefixCaptioner, beam, greedy, sample
from mmcourse.tokenizer.words import END


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(3)
    captioner = PrefixCaptioner(dim=5, places=4, width=64, layers=2).eval()
    with torch.no_grad():
        captioner.word_embedding.weight[END] *= 1.3
        for name, weight in captioner.named_parameters():
            if "transformer" in name and weight.ndim == 2:
                weight.mul_(3)
    return captioner


@pytest.fixture(scope="module")
def features():
    return 2 * torch.randn(7, 4, 5, generator=torch.Generator().manual_seed(1))


@pytest.fixture(autouse=True)
def _no_grad():
    with torch.no_grad():
        yield


def rescored(model, features, said):
    """Return a caption's log-probability from one pass over the whole text."""
    numbers = [1, *(model.tokens.ids[word] for word in said.words), END]
    numbers = numbers[: len(said.logprobs) + 1]  # a text that was cut off has no end
    logits = model(features[None], torch.tensor([numbers])[:, :-1]).clone()
    logits[..., :2] = float("-inf")
    chances = logits.log_softmax(-1)
    each = [chances[0, place, number] for place, number in enumerate(numbers[1:])]
    return float(sum(each))


@pytest.mark.parametrize(
    "decode",
    [
        greedy,
        lambda m, x: beam(m, x, 3),
        lambda m, x: beam(m, x, 5, length_penalty=1.0),
        lambda m, x: sample(m, x, generator=torch.Generator().manual_seed(0)),
    ],
    ids=["greedy", "beam", "normalised beam", "sample"],
)
def test_the_probability_of_a_text_is_that_of_its_words(model, features, decode):
    for row, said in enumerate(decode(model, features)):
        assert said.logprob == pytest.approx(rescored(model, features[row], said), abs=1e-3)
        assert said.probability == pytest.approx(math.exp(said.logprob))


def test_pictures_do_not_disturb_each_other(model, features):
    for decode in (greedy, lambda m, x: beam(m, x, 4)):
        together = decode(model, features)
        alone = [decode(model, features[row : row + 1])[0] for row in range(len(features))]
        assert [said.words for said in together] == [said.words for said in alone]


def test_a_beam_of_one_is_greedy(model, features):
    one, best = beam(model, features, 1), greedy(model, features)
    assert [said.words for said in one] == [said.words for said in best]
    for ours, theirs in zip(one, best, strict=True):
        assert_close(torch.tensor(ours.logprobs), torch.tensor(theirs.logprobs))


class FiveWords:
    """A model of the words 2 (the end) to 5, whose next word depends on the last two alone."""

    def __init__(self):
        generator = torch.Generator().manual_seed(5)
        self.table = 2 * torch.randn(6, 6, 6, generator=generator)
        self.table[..., :2] = float("-inf")
        self.table[..., END] -= 1.0
        self.tokens = PrefixCaptioner(dim=2, places=1, width=32, layers=1).tokens

    def read(self, features):
        state = torch.ones(len(features), 2, dtype=torch.long)
        return self.table[1, 1].expand(len(features), -1), Past(state)

    def step(self, words, past):
        state = torch.stack([past.state[:, 1], words], 1)
        return self.table[state[:, 0], state[:, 1]], Past(state)


class Past:
    def __init__(self, state):
        self.state = state

    def rows(self, rows):
        return Past(self.state[rows])


def sentences(model, longest):
    """Return every sentence of at most so many words, with its log-probability."""
    found = {}
    for length in range(longest):
        for words in itertools.product((3, 4, 5), repeat=length):
            state, total = (1, 1), 0.0
            for word in (*words, END):
                total += float(model.table[state].log_softmax(-1)[word])
                state = (state[1], word)
            found[words] = total
    return found


@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_a_wide_beam_finds_the_best_sentence_of_all(monkeypatch, penalty):
    monkeypatch.setattr("mmcourse.captioning.beam.LONGEST", 6)
    model = FiveWords()
    [said] = beam.__wrapped__(model, torch.zeros(1, 1, 2), 400, length_penalty=penalty)
    everything = sentences(model, 5)
    best = max(everything, key=lambda w: everything[w] / (len(w) + 1) ** penalty)
    names = {number: word for word, number in model.tokens.ids.items()}
    assert said.words == tuple(names[number] for number in best)
    assert said.logprob == pytest.approx(everything[best], abs=1e-5)


def test_a_wider_beam_finds_likelier_sentences_on_average(model, features):
    found = [sum(s.logprob for s in beam(model, features, k)) for k in (1, 8)]
    assert found[1] >= found[0]


def test_sampling_among_one_word_is_greedy(model, features):
    chance = torch.Generator().manual_seed(0)
    drawn = sample(model, features, top_k=1, generator=chance)
    assert [said.words for said in drawn] == [s.words for s in greedy(model, features)]


def test_sampling_at_a_low_temperature_is_greedy(model, features):
    chance = torch.Generator().manual_seed(0)
    drawn = sample(model, features, temperature=1e-4, generator=chance)
    assert [said.words for said in drawn] == [s.words for s in greedy(model, features)]


def test_first_words_are_drawn_as_often_as_they_are_likely(model, features):
    chance = torch.Generator().manual_seed(0)
    drawn = sample(model, features[:1].expand(3000, -1, -1), generator=chance)
    expected = model.read(features[:1])[0].softmax(-1)[0]
    likeliest = int(expected.argmax())
    share = sum(
        (model.tokens.ids[said.words[0]] if said.words else END) == likeliest for said in drawn
    )
    p = float(expected[likeliest])
    assert share / 3000 == pytest.approx(p, abs=5 * (p * (1 - p) / 3000) ** 0.5)


def test_the_same_generator_gives_the_same_sentences(model, features):
    first, second = (
        sample(model, features, generator=torch.Generator().manual_seed(7)) for _ in range(2)
    )
    assert first == second
