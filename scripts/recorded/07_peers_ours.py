"""**Ours.** One picture, one text, and `tiny-vit`, the course's small transformer."""

import torch
from PIL import Image

from mmcourse import clip

model, preprocess = clip.load("tiny-vit", device="cpu")
pixels = preprocess(Image.open("cat.png"))[None]
tokens = clip.tokenize(["a photo of a cat"])
with torch.no_grad():
    image = model.encode_image(pixels)
    text = model.encode_text(tokens)
cosine = torch.cosine_similarity(image, text).item()
print("picture", image[0, :4].numpy().round(4), " text", text[0, :4].numpy().round(4))
print(f"scale {model.logit_scale.exp():.2f}, cosine {cosine:.4f}")
