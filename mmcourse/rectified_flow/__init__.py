"""Text to picture in miniature: a rectified flow in an autoencoder's space, steered by CLIP.

To be read in this order: `loss`, what is learnt; `sample`, how a picture comes of noise;
`guidance`, how a prompt is followed more closely than in training; `prompts`, what of CLIP is
inside; `net`, the network; `painter`, all of it together; `best`, several tries; `wishes`,
prompts of which it is known what would meet them; `sentences`, what stands in for a prompt's
words where there are none.
"""

from mmcourse.rectified_flow.best import agreement, best_of, paint_best
from mmcourse.rectified_flow.guidance import drop_condition, guided_velocity
from mmcourse.rectified_flow.loss import flow_loss, logit_normal_times
from mmcourse.rectified_flow.net import FlowNet
from mmcourse.rectified_flow.painter import Painter, load_painter
from mmcourse.rectified_flow.prompts import read_prompts
from mmcourse.rectified_flow.sample import euler, midpoint
from mmcourse.rectified_flow.sentences import SentenceMap, sentence_map
from mmcourse.rectified_flow.wishes import Wish, pair_wishes, single_wishes

__all__ = [
    "FlowNet",
    "Painter",
    "SentenceMap",
    "Wish",
    "agreement",
    "best_of",
    "drop_condition",
    "euler",
    "flow_loss",
    "guided_velocity",
    "load_painter",
    "logit_normal_times",
    "midpoint",
    "paint_best",
    "pair_wishes",
    "read_prompts",
    "sentence_map",
    "single_wishes",
]
