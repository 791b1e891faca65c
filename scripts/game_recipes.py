"""How the language model of the word game is made, and the sight that it is given."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is made.

    Args:
        steps: of training.
        batch: documents a step.
        halfway: the step whose weights are shipped besides, to be trained further; 0 is none.
        lr: AdamW's highest learning rate.
        muon_lr: Muon's, for the matrices of transformer blocks.
        others: what words count in the loss that are no made-up names.
        seed: of the first weights and of the documents.
    """

    steps: int
    batch: int
    halfway: int = 0
    lr: float = 2e-3
    muon_lr: float = 0.02
    others: float = 1.0
    seed: int = 1


RECIPES = {
    "word-game": Recipe(steps=800, batch=64, others=0.15),
    "flamingo": Recipe(steps=600, batch=48, halfway=175),
}
