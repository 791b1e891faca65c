"""Captions into tokens, beside open_clip's tokenizer and the one written in Rust."""

from collections.abc import Iterator
from typing import Any

import torch

from bench.made import captions, version
from bench.measure import Case
from mmcourse import clip
from tests.helpers.peers import import_peer

TITLE = "Captions into tokens, `tokenize`"
COUNT = 20_000
SPECIAL = {"<start_of_text>": "<|startoftext|>", "<end_of_text>": "<|endoftext|>"}
"""What open_clip calls the first and the last token, and what transformers does."""


def cases(*, large: bool) -> Iterator[Case]:
    """Yield captions that all differ; the words are known to everybody's cache."""
    del large
    texts = [f"{text}, number {at}" for at, text in enumerate(captions(COUNT))]
    open_clip = import_peer("open_clip.tokenizer").SimpleTokenizer()
    rust = rust_tokenizer(open_clip)

    def in_rust() -> torch.Tensor:
        rows = torch.zeros(COUNT, 77, dtype=torch.long)
        for row, coded in zip(rows, rust.encode_batch(texts), strict=True):
            row[: len(coded.ids)] = torch.tensor(coded.ids)
        return rows

    for theirs in (lambda: open_clip(texts), in_rust):
        assert torch.equal(clip.tokenize(texts).long(), theirs())
    yield Case(
        name=f"{COUNT:,} captions, all different",
        unit="captions/s",
        count=COUNT,
        ours=lambda: clip.tokenize(texts),
        peers={
            version("open_clip", "open_clip_torch"): lambda: open_clip(texts),
            f"{version('tokenizers')}, in Rust, on one thread": lambda: rust.encode_batch(
                texts
            ),
        },
    )


def rust_tokenizer(open_clip: Any) -> Any:
    """Return transformers' quick tokenizer of CLIP, with the vocabulary that open_clip has."""
    vocabulary = {SPECIAL.get(piece, piece): at for piece, at in open_clip.encoder.items()}
    merges = list(open_clip.bpe_ranks)
    kind = import_peer("transformers").CLIPTokenizerFast
    return kind(vocab=vocabulary, merges=merges).backend_tokenizer
