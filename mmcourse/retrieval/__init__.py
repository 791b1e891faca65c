"""Image search: an index is built once, and asked many times.

Read `exact` first: the k nearest rows. `index` is what is asked, `queries` what it is asked
for, `vectors` what it holds; `approximate` looks at fewer rows, by `faiss_kinds` and
`faiss_files`, and `shards` are searched together. `album` is the machine that makes an index of
a folder and keeps it.
"""

from mmcourse.retrieval.album.cache import default_path
from mmcourse.retrieval.album.file import DamagedIndexError
from mmcourse.retrieval.album.items import Hit, Skipped
from mmcourse.retrieval.index import Index

__all__ = ["DamagedIndexError", "Hit", "Index", "Skipped", "default_path"]
