"""Draw the sheets of docs: prompts painted and spelled, pictures told, games as learnt.

Prompts, pictures, questions and noise follow from seeds that were fixed before anything was
drawn, one sample each; what is false stands in red.

usage: python scripts/draw_sheets.py
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import matplotlib as mpl
import numpy as np
import torch
from lessons import ROOT
from measure_pictures import texts
from PIL import Image, ImageDraw, ImageFont

from mmcourse import clip
from mmcourse.captioning import PrefixCaptioner, greedy, target_caption
from mmcourse.checkpoints import restore
from mmcourse.clip.preprocess import normalize
from mmcourse.data import pairs
from mmcourse.flamingo import (
    NEVER_SHOWN,
    Album,
    asked,
    draw_questions,
    game_words,
    load_flamingo,
)
from mmcourse.judge import load_judge
from mmcourse.picture_words import load_speller
from mmcourse.rectified_flow import Wish, load_painter, single_wishes
from mmcourse.vqa import CrossAttentionVQA, question_tokens
from mmcourse.vqa.answers import ANSWERS
from mmcourse.world import questions

SEED, NUMBER, COLUMNS = 36, 36, 6
GAMES, SHOTS = 5, 3
SPELLED, CELLS, UNWRITTEN = 3, (8, 24, 40, 56, 64), 225
SIDE, TEXT, GAP, LINE = 192, 24, 8, 17
INK, RED = "#222222", "#b3001b"
Line = tuple[str, bool]
"""What stands below a picture, and whether it is right."""


def prompts() -> list[Wish]:
    """Return what is asked for, drawn before anything was."""
    rng = np.random.default_rng(SEED)
    wishes = single_wishes(rng, 2)
    return [wishes[row] for row in np.argsort(rng.random(len(wishes)))[:NUMBER]]


def painted() -> tuple[np.ndarray, list[list[Line]]]:
    """Return pictures of prompts, and below each its prompt, red where the judge sees else."""
    wishes = prompts()
    pixels = load_painter("cpu").paint(
        texts(wishes), generator=torch.Generator().manual_seed(SEED)
    )
    verdicts = load_judge().verdicts(pixels)
    said = [
        [(wish.text.removeprefix("a photo of "), seen[:2] == wish.wanted[:2])]
        for wish, seen in zip(wishes, verdicts, strict=True)
    ]
    return pixels.numpy(), said


@torch.no_grad()
def told() -> tuple[np.ndarray, list[list[Line]]]:
    """Return pictures, and below each its caption, a question and its answer."""
    shown, rng = pairs(NUMBER, SEED, split="test"), np.random.default_rng(SEED)
    grid = clip.load("tiny", "cpu")[0].image_grid(normalize(shown.pixels))
    captions = greedy(restore(PrefixCaptioner(), "captioner"), grid)
    every = [questions(scene, rng) for scene in shown.scenes]
    chosen = [each[int(rng.random() * len(each))] for each in every]
    tokens = question_tokens()([each.text for each in chosen])
    logits, _ = restore(CrossAttentionVQA(), "vqa")(grid, tokens)
    answers = [ANSWERS[row] for row in logits.argmax(1)]
    said = [
        [
            (caption.text, caption.text == target_caption(scene)),
            (f"– {question.text} – {answer}", answer == question.answer),
        ]
        for caption, scene, question, answer in zip(
            captions, shown.scenes, chosen, answers, strict=True
        )
    ]
    return shown.pixels, said


def spelled() -> tuple[np.ndarray, list[list[Line]]]:
    """Return pictures as their cells appear: the prompt below the first, a caption at the end.

    One model writes both. A caption is red where it says another kind or colour than was asked.
    """
    wishes = prompts()[:SPELLED]
    speller = load_speller("cpu")
    whole = speller.paint(texts(wishes), generator=torch.Generator().manual_seed(SEED))
    pictures, said = [], []
    for picture, wish, caption in zip(whole.numpy(), wishes, speller.tell(whole), strict=True):
        for cells in CELLS:
            there = picture.copy()
            there[cells:] = UNWRITTEN  # a row of eight cells is eight pixels high
            pictures.append(there)
        told = (f"– {caption.text}", all(fact in caption.text for fact in wish.wanted[:2]))
        asked = (wish.text.removeprefix("a photo of "), True)
        said += [[asked], *[[] for _ in CELLS[2:]], [told]]
    return np.stack(pictures), said


@torch.no_grad()
def learnt() -> tuple[np.ndarray, list[list[Line]]]:
    """Return games of kinds that were never shown: examples, and an answer below the last."""
    shown = pairs(600, SEED, split="test", n_objects=1, kinds=NEVER_SHOWN)
    grids = clip.load("tiny", "cpu")[0].image_grid(normalize(shown.pixels))
    album, rng = Album(grids, shown.scenes), np.random.default_rng(SEED)
    games = draw_questions(GAMES, SHOTS, album, NEVER_SHOWN, rng)
    logits = asked(load_flamingo(), album, games)
    tokens = game_words()
    said: list[list[Line]] = []
    for game, number in zip(games, logits.argmax(1).tolist(), strict=True):
        answer = tokens.decode([number])
        said += [[(name, True)] for name in game.names]
        said.append([(f"? {answer}", answer == game.right)])
    return shown.pixels[[row for game in games for row in game.rows]], said


def sheet(
    pixels: np.ndarray, said: Sequence[Sequence[Line]], lines: int, columns: int = COLUMNS
) -> Image.Image:
    """Return pictures in rows, with so many lines of text below each."""
    font = ImageFont.truetype(Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans.ttf"), 13)
    wide, high = SIDE + GAP, SIDE + GAP + lines * LINE
    rows = -(-len(pixels) // columns)
    drawn = Image.new("RGB", (columns * wide + GAP, rows * high + GAP), "white")
    draw = ImageDraw.Draw(drawn)
    for number, (picture, below) in enumerate(zip(pixels, said, strict=True)):
        row, column = divmod(number, columns)
        left, top = GAP + column * wide, GAP + row * high
        large = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        drawn.paste(large, (left, top))
        place = top + SIDE + 2
        for text, right in below:
            for part in wrap(text, TEXT):
                draw.text((left, place), part, INK if right else RED, font)
                place += LINE
    return drawn.quantize(256, method=Image.Quantize.MEDIANCUT)


def main() -> int:
    """Draw the sheets."""
    sheet(*painted(), lines=3).save(ROOT / "docs" / "painted.png", optimize=True)
    sheet(*told(), lines=7).save(ROOT / "docs" / "told.png", optimize=True)
    sheet(*spelled(), lines=3, columns=len(CELLS)).save(
        ROOT / "docs" / "spelled.png", optimize=True
    )
    games = sheet(*learnt(), lines=1, columns=2 * SHOTS + 1)
    games.save(ROOT / "docs" / "learnt.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
