"""Image search: an index is built once, and asked many times."""

from mmcourse.retrieval.album.file import DamagedIndexError
from mmcourse.retrieval.album.items import Hit, Skipped
from mmcourse.retrieval.album.places import default_path
from mmcourse.retrieval.index import Index

__all__ = ["DamagedIndexError", "Hit", "Index", "Skipped", "default_path"]
