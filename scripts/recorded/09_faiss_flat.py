"""**Exact, by faiss**: 100,000 drawings and 1,000 captions, embedded by `tiny`.

Rows have norm 1, so the inner product is the cosine.
"""

from pathlib import Path

import faiss
import numpy as np

from mmcourse.retrieval import Index

pictures, captions = np.load("pictures.npy"), np.load("captions.npy")
flat = faiss.IndexFlatIP(pictures.shape[1])
flat.add(pictures)
scores, rows = flat.search(captions, 10)
_, ours = Index.from_features(pictures).search_many(captions, 10)
print(f"{flat.ntotal:,} rows; first caption: rows {rows[0, :3]}, {scores[0, :3].round(3)}")
print(f"the same rows as Index.search_many: {np.mean(rows == ours):.2%}")

faiss.write_index(flat, "flat.faiss")
print(f"the file: {Path('flat.faiss').stat().st_size / 1e6:.1f} MB")
kept = faiss.read_index("flat.faiss", faiss.IO_FLAG_MMAP)  # left on disk, read where asked
print("the same answers from the file:", bool((kept.search(captions, 10)[1] == rows).all()))
