"""Exercise 03: logits, the loss in both directions, its gradient, and all of it by hand."""

from classroom.checks.ex03_contrastive_loss.by_hand import BY_HAND
from classroom.checks.ex03_contrastive_loss.clip_loss import CLIP_LOSS
from classroom.checks.ex03_contrastive_loss.clip_loss_grad import CLIP_LOSS_GRAD
from classroom.checks.ex03_contrastive_loss.logits import LOGITS
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="03_contrastive_loss",
    questions=(LOGITS, CLIP_LOSS, CLIP_LOSS_GRAD, BY_HAND),
    modules=("math", "numpy", "torch"),
)
