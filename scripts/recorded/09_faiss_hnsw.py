"""**HNSW** ([Malkov and Yashunin](https://arxiv.org/abs/1603.09320)) links neighbours.

A search walks along the links, and keeps `efSearch` places in mind. The same drawings and
captions, on one core:
"""

from time import process_time

import faiss
import numpy as np

pictures, captions = np.load("pictures.npy"), np.load("captions.npy")
links = faiss.IndexHNSWFlat(128, 32, faiss.METRIC_INNER_PRODUCT)  # 32 links each, and more
started = process_time()
links.add(pictures)
megabytes = len(faiss.serialize_index(links)) / 1e6
print(f"built in {process_time() - started:.0f} s, {megabytes:.0f} MB")
started = process_time()
exact = faiss.knn(captions, pictures, 10, faiss.METRIC_INNER_PRODUCT)[1]
print(f"exact: {1e3 * (process_time() - started) / len(captions):.2f} ms a caption")
for links.hnsw.efSearch in (16, 64, 256):
    started = process_time()
    found = links.search(captions, 10)[1]
    ms = 1e3 * (process_time() - started) / len(captions)
    recall = np.mean([np.isin(*pair).mean() for pair in zip(exact, found, strict=True)])
    print(f"efSearch {links.hnsw.efSearch:3}: {ms:.2f} ms, recall@10 {recall:.3f}")
