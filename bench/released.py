"""The sizes of a released model, for weights that are drawn at random."""

from mmcourse.clip import CLIPConfig

RELEASED = CLIPConfig(
    embed_dim=512,
    image_resolution=224,
    vision_layers=12,
    vision_width=768,
    vision_patch_size=32,
    context_length=77,
    vocab_size=49408,
    transformer_width=512,
    transformer_layers=12,
)
"""The sizes of OpenAI's ViT-B/32."""
