"""Mistakes with a model's learned scale, wherever an answer asks the model for it.

A question whose `build` takes `scale`, a function of the model's `logit_scale`, can list them.
Leaves out questions that are given the scale as a number: there other things go wrong.
"""

from classroom.checks.question import Mistake

SCALE_MISTAKES = (
    Mistake(
        name="scale-hard-coded",
        message="The scale is 100, which other models have learned. Ask this one for its "
        "own: model.logit_scale.exp().",
        changes={"scale": lambda _: 100.0},
    ),
    Mistake(
        name="log-scale-used",
        message="logit_scale is the logarithm of the scale. Take its exp().",
        changes={"scale": lambda log_scale: log_scale},
    ),
    Mistake(
        name="no-scale",
        message="You took the softmax of the cosines themselves, which makes all "
        "probabilities nearly alike. Multiply by the learned scale, model.logit_scale.exp().",
        changes={"scale": lambda _: 1.0},
    ),
)
