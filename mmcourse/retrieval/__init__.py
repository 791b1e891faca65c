"""Image search: an index is built once, and asked many times."""

from mmcourse.retrieval.file import DamagedIndexError
from mmcourse.retrieval.index import Index
from mmcourse.retrieval.items import Hit, Skipped
from mmcourse.retrieval.places import default_path

__all__ = ["DamagedIndexError", "Hit", "Index", "Skipped", "default_path"]
