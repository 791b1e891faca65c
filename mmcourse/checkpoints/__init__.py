"""Weights in files: written and read whole, checked, and handed to OpenAI's own loader.

`state` reads and saves a model's weights, `weights` knows the shipped ones, `restore` puts them
into a module, `export` writes for OpenAI's loader. `archive` reads what OpenAI published and
`torch.save` writes, `old` what it wrote before. Both hold pickles: `harmless` is all that these
may name, `scan` finds out what they would do, and `unpickler` runs them.
"""

from mmcourse.checkpoints.export import export_openai
from mmcourse.checkpoints.restore import restore
from mmcourse.checkpoints.state import known_tokens, read, save
from mmcourse.checkpoints.weights import Entry, manifest, sha256, shipped, write_manifest_entry

__all__ = [
    "Entry",
    "export_openai",
    "known_tokens",
    "manifest",
    "read",
    "restore",
    "save",
    "sha256",
    "shipped",
    "write_manifest_entry",
]
