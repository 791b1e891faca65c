"""**transformers**, the same weights.

For OpenAI's, write `"openai/clip-vit-base-patch32"`. Without `backend="pil"` torchvision
resizes, and embeddings of photos come out a little different.
"""

import torch
from PIL import Image
from transformers import CLIPModel, CLIPProcessor

model = CLIPModel.from_pretrained("tiny-vit-transformers")
processor = CLIPProcessor.from_pretrained("tiny-vit-transformers", backend="pil")
picture, texts = Image.open("cat.png"), ["a photo of a cat"]
inputs = processor(text=texts, images=picture, return_tensors="pt", padding=True)
pixels = inputs.pop("pixel_values")
with torch.no_grad():
    image = model.get_image_features(pixel_values=pixels).pooler_output
    text = model.get_text_features(**inputs).pooler_output
cosine = torch.cosine_similarity(image, text).item()
print("picture", image[0, :4].numpy().round(4), " text", text[0, :4].numpy().round(4))
print(f"scale {model.logit_scale.exp():.2f}, cosine {cosine:.4f}")
