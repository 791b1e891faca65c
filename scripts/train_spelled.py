"""The two models of lesson 16, each trained, measured and shipped: `train_weights.py NAME`.

The tokenizer comes first: the transformer learns from the codes that it gives.
"""

from pathlib import Path

import train_picture_words
import train_tokenizer
from measure_spelled import measure_tokenizer, measure_words
from shipping import rounded, ship
from stopwatch import Stopwatch
from train_painter import shipped_autoencoder

from mmcourse import clip
from mmcourse.codebook import load_tokenizer
from mmcourse.judge import load_judge
from mmcourse.picture_words import Speller


def tokenizer(folder: Path, device: str) -> None:
    """Train, measure and ship the picture tokenizer."""
    name, watch = "picture-tokenizer", Stopwatch(folder / "picture-tokenizer.seconds")
    model = rounded(train_tokenizer.train(folder, device, shipped_autoencoder(device)))
    minutes = watch.lap() / 60
    metrics = measure_tokenizer(model.cpu(), shipped_autoencoder("cpu"))
    ship(name, model, train_tokenizer.SEED, minutes, metrics)


def words(folder: Path, device: str) -> None:
    """Train, measure and ship the transformer."""
    name, watch = "picture-words", Stopwatch(folder / "picture-words.seconds")
    spelling = load_tokenizer(device)
    model = rounded(train_picture_words.train(folder, device, spelling))
    minutes = watch.lap() / 60
    speller, reader = Speller(model, spelling), clip.load("tiny", device)[0]
    metrics = measure_words(speller, reader, load_judge().to(device))
    ship(name, model, train_picture_words.SEED, minutes, metrics)


TRAINED = {"picture-tokenizer": tokenizer, "picture-words": words}
