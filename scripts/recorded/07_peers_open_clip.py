"""**open_clip**, the same weights.

For OpenAI's, write `"ViT-B-32-quickgelu"` and `pretrained="openai"`. The model comes in
training mode, so call `eval()`.
"""

import open_clip
import torch
from PIL import Image

model, preprocess = open_clip.create_model_from_pretrained("local-dir:tiny-vit-open_clip")
tokenizer = open_clip.get_tokenizer("local-dir:tiny-vit-open_clip")
model.eval()
pixels = preprocess(Image.open("cat.png"))[None]
tokens = tokenizer(["a photo of a cat"])
with torch.no_grad():
    image = model.encode_image(pixels)
    text = model.encode_text(tokens)
cosine = torch.cosine_similarity(image, text).item()
print("picture", image[0, :4].numpy().round(4), " text", text[0, :4].numpy().round(4))
print(f"scale {model.logit_scale.exp():.2f}, cosine {cosine:.4f}")
