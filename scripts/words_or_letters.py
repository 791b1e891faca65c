"""Train a recogniser that writes letters, and one that writes whole words, at equal cost.

Same recordings, batches, steps and first weights, but those of the last layer: 27 letters and
the blank, or every word of the training captions and the blank. What both get wrong on the
recordings for the test is printed; nothing is shipped. About five minutes each on one core.

usage: python scripts/words_or_letters.py [letters] [words] [--folder FOLDER] [--steps N]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from shipping import rounded
from spoken_data import NEW_WORDS, Recordings, recordings
from torch import Tensor
from train_speech import RECIPES, SpeechData, loss_of

from mmcourse.metrics import word_error_rate
from mmcourse.speech import SpeechEncoder, collapse, padded, recognise
from mmcourse.train import fit, optimizers

ROOT = Path(__file__).resolve().parents[1]
STEPS = 2_500
TESTED = ("test-heard", "test-new", "test-held-out", "test-new-words")
BATCH = 50


def numbered(texts: Sequence[str], words: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return the words of texts as numbers from 1, padded with blanks, and how many there are.

    >>> numbered(["a red cat", "a cat"], ["a", "cat", "red"])[0].tolist()
    [[1, 3, 2], [1, 2, 0]]
    """
    number = {word: 1 + place for place, word in enumerate(words)}
    rows = [torch.tensor([number[word] for word in text.split()]) for text in texts]
    lengths = torch.tensor([len(row) for row in rows])
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), lengths


@torch.no_grad()
def words_heard(model: SpeechEncoder, heard: Recordings, words: Sequence[str]) -> list[str]:
    """Return what a model that knows words alone writes, greedily."""
    found = []
    for first in range(0, len(heard.log_mels), BATCH):
        logits, steps = model(*padded(heard.log_mels[first : first + BATCH]))
        for row, length in zip(logits.argmax(2), steps.tolist(), strict=True):
            numbers = collapse(row[:length].tolist())
            found.append(" ".join(words[number - 1] for number in numbers))
    return found


def learn(data: SpeechData, units: int, steps: int) -> SpeechEncoder:
    """Return a recogniser that learned for so many steps, rounded as if it were shipped."""
    recipe = RECIPES["speech"]
    torch.manual_seed(recipe.seed)
    model = SpeechEncoder(units=units)
    fit(
        model.train(),
        lambda step: loss_of(model, data, step, recipe.batch, "cpu"),
        steps,
        chosen=optimizers(model, lr=recipe.lr, muon_lr=recipe.muon_lr),
    )
    return rounded(model)


def main(arguments: Sequence[str]) -> int:
    """Print what either gets wrong; return an exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", choices=("letters", "words"))
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    parser.add_argument("--steps", type=int, default=STEPS)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    data = SpeechData(recordings(chosen.folder, "train"))
    words = sorted({word for text in data.heard.texts for word in text.split()})
    by_letters = data.letters, data.lengths
    for kind in chosen.kinds or ("letters", "words"):
        spells = kind == "letters"
        data.letters, data.lengths = by_letters if spells else numbered(data.heard.texts, words)
        units = 28 if spells else 1 + len(words)
        model = learn(data, units, chosen.steps)
        for name in TESTED:
            part = recordings(chosen.folder, name)
            said = (
                recognise(model, part.log_mels) if spells else words_heard(model, part, words)
            )
            rate = word_error_rate(said, part.texts)
            line = f"{kind} ({units} units), {name}: {rate.errors} of {rate.total} words wrong"
            print(f"{line}, {rate.rate:.4f}", flush=True)
            if name == "test-new-words":
                news = [set(text.split()) & set(NEW_WORDS) for text in part.texts]
                hits = sum(
                    new <= set(text.split()) for new, text in zip(news, said, strict=True)
                )
                print(f"{kind}, never-heard words right: {hits} of {len(said)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
