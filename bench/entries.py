"""What is measured, and beside what."""

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import faiss
import numpy as np
import torch
from PIL import Image
from sklearn.metrics.pairwise import cosine_similarity

from bench import losses, pruned
from bench.measure import Entry
from mmcourse import clip
from mmcourse.clip.released.releases import RELEASES
from mmcourse.retrieval import Index
from mmcourse.retrieval.exact import nearest_rows
from mmcourse.similarity import cosine_matrix
from mmcourse.world import KINDS, caption, render, sample_scene
from tests.helpers.peers import import_peer


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
    ours = clip.CLIP(RELEASES["ViT-B/32"].config).eval()
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


def search() -> Entry:
    """Return: one text search over a folder, beside a loop that encodes it at each query."""
    count, best = 2_000, 5
    model, preprocess = clip.load("tiny", device="cpu")
    rng = np.random.default_rng(0)
    folder = TemporaryDirectory()  # lives as long as `loop`, which names it
    names = [f"{number:04}.png" for number in range(count)]
    for name in names:
        Path(folder.name, name).write_bytes(_as_png(render(sample_scene(rng), size=64)))
    index = Index.build(model, preprocess, folder.name, progress=False)
    query = "a red cat"

    @torch.inference_mode()
    def loop() -> list[tuple[str, float]]:
        text = model.encode_text(clip.tokenize([query]))
        text = text / text.norm(dim=-1, keepdim=True)
        features = []
        for name in names:
            picture = Image.open(Path(folder.name, name))
            image = model.encode_image(preprocess(picture).unsqueeze(0))
            features.append(image / image.norm(dim=-1, keepdim=True))
        cosines = (text @ torch.cat(features).T).squeeze(0)
        order = cosines.argsort(descending=True)[:best]
        return [(names[row], cosines[row].item()) for row in order]

    hits = index.search(query, best)
    assert [hit.item for hit in hits] == [name for name, _ in loop()]
    return Entry(
        what=f"`Index.search`, a text among {count:,} pictures of the drawn world, `tiny`",
        peer="a loop that encodes the whole folder at each query",
        unit="searches/s",
        count=1,
        ours=lambda: index.search(query, best),
        theirs=loop,
    )


def one_taught_search() -> Entry:
    """Return: one exact search as it is taught, beside the one that prunes."""
    return _taught_search(1)


def many_taught_searches() -> Entry:
    """Return: 64 exact searches at a time as they are taught, beside those that prune."""
    return _taught_search(64)


def _taught_search(count: int) -> Entry:
    k = 10
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((100_000 + count, 512), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    queries, features = rows[:count], rows[count:]
    pairs = zip(
        nearest_rows(queries, features, k),
        pruned.nearest_rows(queries, features, k),
        strict=True,
    )
    for found, expected in pairs:
        np.testing.assert_array_equal(found, expected)
    return Entry(
        what=f"`nearest_rows`, {k} nearest of 100,000 vectors of 512 numbers, {_asked(count)}",
        peer="the search with pruning that it replaced, `bench/pruned.py`",
        unit="searches/s",
        count=count,
        ours=lambda: nearest_rows(queries, features, k),
        theirs=lambda: pruned.nearest_rows(queries, features, k),
    )


def one_in_a_million() -> Entry:
    """Return: one exact search among a million vectors, beside faiss's."""
    return _in_a_million(1)


def many_in_a_million() -> Entry:
    """Return: 16 exact searches at a time among a million vectors, beside faiss's."""
    return _in_a_million(16)


def _in_a_million(count: int) -> Entry:
    k = 10
    index, theirs = _a_million()
    queries = np.random.default_rng(1).standard_normal((count, 512), dtype=np.float32)
    unit = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    found, expected = index.search_many(queries, k), theirs.search(unit, k)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-6)
    assert (found[1] == expected[1]).mean() > 0.99  # the order of near ties may differ
    return Entry(
        what=f"`Index.search_many`, {k} nearest of 1,000,000 vectors of 512 numbers, "
        f"{_asked(count)}",
        peer="faiss, `IndexFlatIP`",
        unit="searches/s",
        count=count,
        ours=lambda: index.search_many(queries, k),
        theirs=lambda: theirs.search(unit, k),
    )


@cache
def _a_million() -> tuple[Index, faiss.IndexFlatIP]:
    """Return the same million vectors in our index and in faiss's, which take 4 GB."""
    rng = np.random.default_rng(0)
    index = Index.from_features(rng.standard_normal((1_000_000, 512), dtype=np.float32))
    faiss.omp_set_num_threads(1)
    theirs = faiss.IndexFlatIP(512)
    theirs.add(index.features)
    return index, theirs


def _asked(count: int) -> str:
    return "1 query" if count == 1 else f"{count} queries at a time"


def _as_png(picture: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(picture).save(file, format="png")
    return file.getvalue()


ENTRIES = (
    drawing,
    cosines,
    tokens,
    prompts,
    search,
    one_taught_search,
    many_taught_searches,
    one_in_a_million,
    many_in_a_million,
    *losses.ENTRIES,
)
