"""What the recogniser gets right: words, letters, new words, and pictures found by voice.

Each number is a share with the number of things behind it. Words of one sentence are not
independent of each other, so that intervals of words are somewhat too narrow.

usage: PYTHONPATH=. python scripts/measure_speech.py NAME [--folder FOLDER]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from spoken import NEW_VOICES
from spoken_data import NEW_WORDS, SEED, SETS, Recordings, recordings
from torch import Tensor
from torch.nn import functional as F

from mmcourse import clip
from mmcourse.captioning import target_words
from mmcourse.checkpoints import restore
from mmcourse.clip import CLIP
from mmcourse.data import pairs
from mmcourse.metrics import accuracy_interval, character_error_rate, word_error_rate
from mmcourse.speech import SpeechEncoder, recognise, snap

ROOT = Path(__file__).resolve().parents[1]
GALLERY = 250
BEAM = 8
BATCH = 250

Found = dict[str, tuple[float, int]]


def words_right(heard: Sequence[str], said: Sequence[str]) -> tuple[float, int]:
    """Return 1 - the word error rate, at least 0, and how many words were said."""
    rate = word_error_rate(heard, said)
    return max(0.0, 1 - rate.rate), rate.total


def of_a_set(heard: Sequence[str], part: Recordings, name: str) -> Found:
    """Return the shares of words, letters and whole sentences that are right."""
    letters = character_error_rate(heard, part.texts)
    exact = sum(a == b for a, b in zip(heard, part.texts, strict=True))
    known = [*target_words(), "an"]
    snapped = [snap(text, known) for text in heard]
    return {
        f"words, {name}": words_right(heard, part.texts),
        f"words snapped to the 103 of captions, {name}": words_right(snapped, part.texts),
        f"letters, {name}": (max(0.0, 1 - letters.rate), letters.total),
        f"whole sentences, {name}": (exact / len(heard), len(heard)),
    }


def by_voice(heard: Sequence[str], part: Recordings) -> Found:
    """Return the share of right words of each new voice."""
    found: Found = {}
    for voice in NEW_VOICES:
        rows = [row for row, each in enumerate(part.voices) if each == voice]
        said = [part.texts[row] for row in rows]
        found[f"words, new voice {voice}"] = words_right([heard[row] for row in rows], said)
    return found


def new_words(heard: Sequence[str], part: Recordings) -> Found:
    """Return how well words are written that were never heard in training."""
    rows = [set(text.split()) & set(NEW_WORDS) for text in part.texts]
    right = sum(word in text.split() for [word], text in zip(rows, heard, strict=True))
    letters = character_error_rate(heard, part.texts)
    return {
        "never-heard words": (right / len(heard), len(heard)),
        "letters, sentences with a never-heard word": (1 - letters.rate, letters.total),
        "words, sentences with a never-heard word": words_right(heard, part.texts),
    }


class Pictures:
    """The pictures of the test captions, and how well a text finds its own among 250."""

    def __init__(self) -> None:
        part = SETS["test-heard"]
        shown = pairs(part.n, [SEED, part.number, 0], split=part.split)
        self.model: CLIP = clip.load("tiny", "cpu")[0]
        with torch.no_grad():
            images = [
                self.model.encode_image(shown.images(slice(first, first + BATCH)))
                for first in range(0, part.n, BATCH)
            ]
        self.images = F.normalize(torch.cat(images), dim=1)

    def found_by(self, texts: Sequence[str]) -> tuple[float, int]:
        """Return the share of texts whose picture comes first among 250, and their number."""
        features = self._read([text or "a" for text in texts])
        hits = 0
        for first in range(0, len(texts), GALLERY):
            rows = slice(first, first + GALLERY)
            scores = features[rows] @ self.images[rows].T
            hits += int((scores.argmax(1) == torch.arange(len(scores))).sum())
        return hits / len(texts), len(texts)

    @torch.no_grad()
    def _read(self, texts: Sequence[str]) -> Tensor:
        tokens = clip.tokenize(list(texts), truncate=True)
        return F.normalize(self.model.encode_text(tokens), dim=1)


def measure(model: SpeechEncoder, folder: Path) -> Found:
    """Return what the manifest says of a recogniser."""
    heard, pictures, found = {}, Pictures(), {}
    names = {
        "test-heard": "voices heard",
        "test-new": "five new voices",
        "test-held-out": "unseen pairs of colour and kind",
    }
    for key, name in names.items():
        part = recordings(folder, key)
        heard[key] = recognise(model, part.log_mels)
        found |= of_a_set(heard[key], part, name)
        if key == "test-new":
            found |= by_voice(heard[key], part)
        if key != "test-held-out":
            searched = recognise(model, part.log_mels, k=BEAM)
            found[f"words by a beam of {BEAM}, {name}"] = words_right(searched, part.texts)
            found[f"finds its picture among {GALLERY}, {name}"] = pictures.found_by(heard[key])
            if key == "test-heard":
                written = pictures.found_by(part.texts)
                found[f"finds its picture among {GALLERY}, written"] = written
    part = recordings(folder, "test-new-words")
    found |= new_words(recognise(model, part.log_mels), part)
    return {name: (round(share, 4), n) for name, (share, n) in found.items()}


def main(arguments: list[str]) -> int:
    """Print what one shipped recogniser does, with intervals."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name")
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    chosen = parser.parse_args(arguments)
    model = restore(SpeechEncoder(), chosen.name)
    for name, (share, n) in measure(model, chosen.folder).items():
        _, low, high = accuracy_interval(round(share * n), n)
        print(f"{name}: {share:.4f} ({low:.4f} to {high:.4f}) of {n}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
