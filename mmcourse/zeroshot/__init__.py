"""Zero-shot classification: the text tower writes the weights of a linear classifier.

    names × templates → texts → one direction a class;   P = softmax(scale · cosines)

(Radford et al., arXiv 2103.00020, sections 3.1.2 and 3.1.4). `classifier` makes and applies
it, `prompts` puts names into templates, `image_classifier` goes from a file to probabilities.
"""

from mmcourse.zeroshot.classifier import build_classifier, ensemble, probabilities
from mmcourse.zeroshot.image_classifier import build_image_classifier

__all__ = ["build_classifier", "build_image_classifier", "ensemble", "probabilities"]
