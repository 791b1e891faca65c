"""What a language model of the word game, or one with sight, answers about unseen pictures.

Each number is a share with the number of questions behind it. Questions are about kinds that
documents with pictures showed, and about those that they never showed.

usage: python scripts/measure_game.py [--split test] [--n 2000]
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from game_data import SEED, album

from mmcourse.flamingo import (
    NEVER_SHOWN,
    SHOWN,
    Flamingo,
    asked,
    asked_in_words,
    draw_questions,
    load_flamingo,
    name_pictures,
    right_of_all,
    right_of_two,
    shuffled,
)
from mmcourse.metrics import accuracy_interval

SHOTS = (0, 1, 2, 3)
PICTURES = {"shown": (1_500, SHOWN), "never shown": (1_000, NEVER_SHOWN)}

Found = dict[str, tuple[float, int]]


class Exam:
    """Pictures of one split, and questions about them.

    Args:
        split: of the scenes.
        n: questions of each number of shots.
        seed: of the questions.
    """

    def __init__(self, split: str, n: int, seed: int = 0) -> None:
        self.albums = {
            name: album(pictures, 20 + place, split, kinds)
            for place, (name, (pictures, kinds)) in enumerate(PICTURES.items())
        }
        self.questions = {
            (name, shots): draw_questions(
                n,
                shots,
                self.albums[name],
                PICTURES[name][1],
                np.random.default_rng([SEED, 3, seed, shots]),
            )
            for name in PICTURES
            for shots in SHOTS
        }

    def answers(
        self, model: Flamingo, name: str, shots: int, way: str = "pictures"
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return which answers are right, with two names to choose from and with all words.

        Args:
            model: who is asked.
            name: "shown" or "never shown".
            shots: examples of each name.
            way: "pictures"; "words", which tell the truth; "own words", which the model said
                of each picture; or "shuffled", whose names changed places.
        """
        pictures, questions = self.albums[name], self.questions[name, shots]
        if way in ("words", "own words"):
            told = pictures.things
            if way == "own words":
                told = name_pictures(model, pictures, range(len(told)))
            shown = [[told[row] for row in question.rows] for question in questions]
            logits = asked_in_words(model, questions, shown)
        else:
            rng = np.random.default_rng([SEED, 4, shots])
            ways = [shuffled(q, rng) for q in questions] if way == "shuffled" else questions
            logits = asked(model, pictures, ways)
        two, every = right_of_two(logits, questions), right_of_all(logits, questions)
        return two.numpy(), every.numpy()

    def ask(self, model: Flamingo, name: str, shots: int, way: str = "pictures") -> Found:
        """Return the shares of `answers` that are right."""
        two, every = self.answers(model, name, shots, way)
        return {
            "of two": (float(two.mean()), len(two)),
            "of all": (float(every.mean()), len(every)),
        }

    def glance(self, model: Flamingo, *, in_words: bool) -> dict[str, float]:
        """Return shares of right answers of two about kinds that were shown."""
        way = "words" if in_words else "pictures"
        return {
            f"{shots} shots": round(self.ask(model, "shown", shots, way)["of two"][0], 4)
            for shots in SHOTS
        }

    def named(self, model: Flamingo, name: str) -> Found:
        """Return how often the model says the right kind, and the right colour."""
        things = self.albums[name].things
        said = name_pictures(model, self.albums[name], range(len(things)))
        right = np.array(said) == np.array(things)
        return {
            "kind named": (float(right[:, 0].mean()), len(things)),
            "colour named": (float(right[:, 1].mean()), len(things)),
        }


def measure(model: Flamingo, *, in_words: bool = False, n: int = 2_000) -> Found:
    """Return what the manifest says of a model, on test scenes."""
    exam, found = Exam("test", n), {}
    ways = ("words",) if in_words else ("pictures", "shuffled", "own words")
    for name in PICTURES:
        for way in ways:
            for shots in SHOTS:
                part = exam.ask(model, name, shots, way)
                found |= {f"{name}, {way}, {shots} shots, {k}": v for k, v in part.items()}
        if not in_words:
            found |= {f"{name}, {k}": v for k, v in exam.named(model, name).items()}
    return {name: (round(share, 4), count) for name, (share, count) in found.items()}


def main(arguments: Sequence[str]) -> int:
    """Print what the shipped model does on one split."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--split", default="test")
    parser.add_argument("--n", type=int, default=2_000)
    chosen = parser.parse_args(arguments)
    model, exam = load_flamingo(), Exam(chosen.split, chosen.n)
    for name in PICTURES:
        for way in ("pictures", "shuffled", "own words", "words"):
            for shots in SHOTS:
                for sort, (share, count) in exam.ask(model, name, shots, way).items():
                    _, low, high = accuracy_interval(round(share * count), count)
                    print(
                        f"{name}, {way}, {shots} shots, right {sort}: {share:.4f} "
                        f"({low:.4f} to {high:.4f})"
                    )
        print(name, exam.named(model, name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
