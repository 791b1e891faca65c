"""Words in place of letters: numbered as a recogniser is taught them, and read back."""

import torch
from spoken_data import Recordings
from words_or_letters import numbered, words_heard

from mmcourse.speech import SpeechEncoder

WORDS = ["a", "cat", "red"]


def test_numbers_begin_at_one_and_are_padded_with_the_blank():
    numbers, lengths = numbered(["a red cat", "a cat"], WORDS)
    assert numbers.tolist() == [[1, 3, 2], [1, 2, 0]]
    assert lengths.tolist() == [3, 2]


def test_what_every_step_says_is_written_once():
    model = SpeechEncoder(units=4, width=36, layers=1).eval()
    torch.nn.init.zeros_(model.letters.weight)
    with torch.no_grad():
        model.letters.bias.copy_(torch.tensor([0.0, 0, 0, 1]))
    heard = Recordings([torch.zeros(48, 20)], ["a"], ["someone"], [0])
    assert words_heard(model, heard, WORDS) == ["red"]
