"""What is measured, and beside what."""

from io import BytesIO

import numpy as np
import torch
from PIL import Image
from sklearn.metrics.pairwise import cosine_similarity

from bench.measure import Entry
from mmcourse import clip
from mmcourse.similarity import cosine_matrix
from mmcourse.world import KINDS, caption, render, sample_scene
from tests.peers import import_peer

RELEASED = clip.CLIPConfig(
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


def drawing() -> Entry:
    """Return: draw scenes, beside reading the same pictures from PNG files."""
    count, size = 400, 64
    rng = np.random.default_rng(0)
    scenes = [sample_scene(rng) for _ in range(count)]
    files = [_as_png(render(scene, size=size)) for scene in scenes]

    def draw() -> None:
        for scene in scenes:
            render(scene, size=size)

    def decode() -> None:
        for file in files:
            np.asarray(Image.open(BytesIO(file)))

    return Entry(
        what="`render`, ordinary scenes at 64 px",
        peer="Pillow, decoding the same picture from PNG in memory",
        unit="pictures/s",
        count=count,
        ours=draw,
        theirs=decode,
    )


def cosines() -> Entry:
    """Return: all cosines of 2,000 with 3,000 vectors, beside scikit-learn's."""
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((rows, 512)).astype(np.float32) for rows in (2000, 3000))
    np.testing.assert_allclose(cosine_matrix(a, b), cosine_similarity(a, b), atol=1e-6)
    return Entry(
        what="`cosine_matrix`, 2,000 × 3,000 vectors of 512 float32 numbers",
        peer="scikit-learn, `cosine_similarity` (which does not clamp)",
        unit="million cosines/s",
        count=6,
        ours=lambda: cosine_matrix(a, b),
        theirs=lambda: cosine_similarity(a, b),
    )


def tokens() -> Entry:
    """Return: captions into tokens, beside open_clip's tokenizer."""
    theirs = import_peer("open_clip.tokenizer").SimpleTokenizer()
    rng = np.random.default_rng(0)
    captions = [caption(sample_scene(rng), rng) for _ in range(2_000)]
    assert torch.equal(clip.tokenize(captions).long(), theirs(captions))
    return Entry(
        what="`tokenize`, 2,000 captions of the drawn world",
        peer="open_clip, `SimpleTokenizer`",
        unit="thousand captions/s",
        count=2,
        ours=lambda: clip.tokenize(captions),
        theirs=lambda: theirs(captions),
    )


def prompts() -> Entry:
    """Return: short prompts through a text tower of ViT-B/32's sizes, beside open_clip's."""
    open_clip = import_peer("open_clip")
    theirs = open_clip.create_model("ViT-B-32-quickgelu", pretrained=None).eval()
    ours = clip.CLIP(RELEASED).eval()
    names = ours.state_dict().keys()
    state = {name: each for name, each in theirs.state_dict().items() if name in names}
    ours.load_state_dict(state)
    texts = clip.tokenize([f"a photo of a {kind}" for kind in KINDS])

    @torch.inference_mode()
    def encode(model: torch.nn.Module) -> torch.Tensor:
        return model.encode_text(texts)

    torch.testing.assert_close(encode(ours), encode(theirs), atol=1e-5, rtol=1e-5)
    return Entry(
        what=f"`encode_text`, {len(KINDS)} short prompts, ViT-B/32's sizes",
        peer="open_clip, the same weights",
        unit="prompts/s",
        count=len(KINDS),
        ours=lambda: encode(ours),
        theirs=lambda: encode(theirs),
    )


def _as_png(picture: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(picture).save(file, format="png")
    return file.getvalue()


ENTRIES = (drawing, cosines, tokens, prompts)
