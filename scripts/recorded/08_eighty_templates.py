"""open_clip's builder and ours, with the same weights: five names, 80 templates each.

Ours then gets all 1,000 names.
"""

import open_clip
import torch

from mmcourse import clip, zeroshot

model, _ = open_clip.create_model_from_pretrained("local-dir:tiny-vit-open_clip")
tokenizer = open_clip.get_tokenizer("local-dir:tiny-vit-open_clip")
names, templates = open_clip.IMAGENET_CLASSNAMES, open_clip.OPENAI_IMAGENET_TEMPLATES
theirs = open_clip.build_zero_shot_classifier(model.eval(), tokenizer, names[:5], templates)
ours, _ = clip.load("tiny-vit", device="cpu")
texts = [say("{}") for say in templates]
columns = zeroshot.build_classifier(ours, names[:5], texts)
print(tuple(theirs.shape), "equal to 1e-5:", torch.allclose(theirs, columns, atol=1e-5))
try:
    zeroshot.build_classifier(ours, names, texts)
except ValueError as error:
    print(error)
