"""03.2: the contrastive loss as it goes wrong, one step at a time."""

from functools import partial
from math import log

import torch

from classroom.checks.ex03_contrastive_loss.clip_loss_steps import (
    Steps,
    at_least,
    each_by_itself,
    in_numpy,
    one_maximum,
    one_maximum_of_sums,
    shares_averaged,
    taught,
    typed,
    with_a_little,
    without_right,
)
from classroom.checks.ex03_contrastive_loss.inputs import as_is, both, by_columns, unit
from classroom.checks.question import Mistake

build = Steps

MISTAKES = (
    Mistake(
        name="one-direction",
        message="This is one half of the exam. Each text looks for its picture too: do the "
        "same with the logits turned on their side, and average the two.",
        changes={"over_sides": lambda one, _: one},
        variants=(
            {"over_sides": lambda _, other: other},
            Steps(over_sides=lambda one, _: one / 2),
        ),
    ),
    Mistake(
        name="directions-added",
        message="You added the two directions; their mean is asked for.",
        changes={"over_sides": torch.add},
    ),
    Mistake(
        name="sum-not-mean",
        message="You added up the pairs' surprises. Take their mean, so that a larger "
        "batch does not count for more.",
        changes={"over_pairs": torch.sum},
    ),
    Mistake(
        name="not-averaged",
        message="These are the surprises of single pairs. Take their mean: one number.",
        changes={"over_pairs": as_is},
    ),
    Mistake(
        name="probabilities-averaged",
        message="You averaged the probabilities and took the logarithm of that. Take the "
        "logarithm of each, then the mean.",
        changes={"over_pairs": lambda each: -each.neg().exp().mean().log()},
        variants=({"over_pairs": as_is, "over_sides": shares_averaged, "last": torch.mean},),
    ),
    Mistake(
        name="tables-averaged",
        message="You averaged the table with the one turned on its side, and then took one "
        "loss. Take the loss of each of the two, and average the losses.",
        changes={"whole": lambda table: (table + table.T) / 2},
    ),
    Mistake(
        name="every-entry",
        message="You averaged over every entry of the table. Only the right answers count, "
        "those on its diagonal.",
        changes={"surprise": lambda rivals, _: (rivals.logsumexp(1)[:, None] - rivals).mean(1)},
    ),
    Mistake(
        name="each-by-itself",
        message="You asked of each entry by itself whether it is right. Here the texts compete "
        "for a picture: one softmax over the whole row.",
        answer=each_by_itself,
    ),
    Mistake(
        name="labels-shifted",
        message="Your right answers are off by one. Text 0 belongs to picture 0: they count "
        "from 0 to n − 1.",
        changes={"labels": lambda counted: counted.roll(-1)},
        variants=(Steps(labels=lambda counted: counted.roll(1)),),
    ),
    Mistake(
        name="labels-all-0",
        message="You took entry 0 for everybody's right answer. In row i it is column i.",
        changes={"labels": torch.zeros_like},
    ),
    Mistake(
        name="right-one-left-out",
        message="The right answer is missing from the sum that you divide by. It is one of the "
        "choices: sum over the whole row.",
        changes={"rivals": without_right},
    ),
    Mistake(
        name="softmax-before-cross-entropy",
        message="You gave cross_entropy probabilities. It takes the softmax itself, so "
        "give it the logits.",
        changes={"side": lambda half: half.softmax(dim=1)},
        variants=(Steps(whole=lambda table: table.softmax(dim=1)),),
    ),
    Mistake(
        name="tau-twice",
        message="The scale was multiplied in twice. Your logits have it already.",
        changes={"factor": lambda scale: scale**2},
    ),
    Mistake(
        name="tau-multiplied",
        message="You divided by the scale. A temperature divides; a scale multiplies.",
        changes={"factor": lambda scale: 1 / scale},
    ),
    Mistake(
        name="no-scale",
        message="The scale is missing: cosines alone lead by too little.",
        changes={"factor": lambda _: 1},
    ),
    Mistake(
        name="no-normalise",
        message="You compared vectors of uneven length. Give each length 1 first, as your "
        "logits of 03.1 do.",
        changes=both(as_is),
        variants=(Steps(texts_step=as_is), Steps(images_step=as_is)),
    ),
    Mistake(
        name="wrong-axis",
        message="You gave columns length 1; the vectors are the rows, so the squares add up "
        "along dim=1.",
        changes=both(by_columns),
    ),
    Mistake(
        name="sign",
        message="The sign is turned round. The logarithm of a probability is negative; the "
        "loss is minus that.",
        changes={"last": torch.neg},
    ),
    Mistake(
        name="bits",
        message="You took logarithms to base 2, so these are bits. Nats need the natural one.",
        changes={"last": lambda loss: loss / log(2)},
    ),
    Mistake(
        name="no-gradient",
        message="Your loss has no gradient, so no model can learn from it: .item(), float(), "
        "detach, no_grad or numpy cut it off. Stay in torch to the end.",
        changes={"last": torch.detach},
        variants=(in_numpy,),
    ),
    Mistake(
        name="texts-detached",
        message="Only one of the two sides gets a gradient. Pictures and texts both learn: "
        "detach neither.",
        changes={"texts_step": lambda texts: unit(texts.detach())},
        variants=(Steps(images_step=lambda images: unit(images.detach())),),
    ),
    Mistake(
        name="half-gradient",
        message="Half of each gradient is missing: one side of each direction is detached. "
        "Both sides learn from both directions: detach neither.",
        answer=partial(taught, asking=True),
        variants=(partial(taught, asking=False),),
    ),
    Mistake(
        name="one-maximum",
        message="Your loss is infinite or NaN where all logits of a row are far below the "
        "table's largest. Take each row's own maximum off, or use logsumexp.",
        changes={"surprise": one_maximum},
        variants=({"surprise": one_maximum_of_sums},),
    ),
    Mistake(
        name="capped",
        message="A small number inside the logarithm keeps a surprise finite, and caps it: "
        "10⁻⁸ caps it at 18. Add nothing; cross_entropy takes both steps at once.",
        changes={"surprise": with_a_little(1e-8)},
        variants=tuple(
            Steps(surprise=way(10.0**-digits))
            for way in (with_a_little, at_least)
            for digits in (6, 7, 8, 9, 10, 12)
            if (way, digits) != (with_a_little, 8)
        ),
    ),
    Mistake(
        name="overflow",
        message="With large logits your loss is NaN or infinite: exp(100) is too large for "
        "float32. cross_entropy and log_softmax avoid it.",
        changes={"surprise": typed},
        variants=(Steps(surprise=lambda rivals, right: rivals.exp().sum(1).log() - right),),
    ),
)
