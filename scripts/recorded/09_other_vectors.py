"""**Vectors of another model**, here by open_clip; `tiny-vit` stands in for it.

For a SigLIP 2 write `NAME = "hf-hub:timm/ViT-B-16-SigLIP2-256"`, and the paths of your photos
(a thousand a time).
"""

import open_clip
import torch

from mmcourse.images import open_rgb
from mmcourse.retrieval import Index

NAME = "local-dir:tiny-vit-open_clip"
model, preprocess = open_clip.create_model_from_pretrained(NAME)
tokenizer = open_clip.get_tokenizer(NAME)
model.eval()
photos = ["cat.png", "boat.png"]
with torch.inference_mode():
    pixels = torch.stack([preprocess(open_rgb(photo)) for photo in photos])
    vectors = model.encode_image(pixels)
    question = model.encode_text(tokenizer(["a photo of a boat"]))[0]
index = Index.from_features(vectors, photos)
index.save("photos.safetensors")
print(Index.open("photos.safetensors").search(question, k=2))
