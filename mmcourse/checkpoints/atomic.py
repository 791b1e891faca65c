"""Files that appear whole or not at all."""

import os
from pathlib import Path


def write_whole(operation: str, path: Path, content: bytes) -> None:
    """Write a file beside its place, then move it there in one step.

    Whoever reads meanwhile sees the old file or the new one, and a full disk leaves the old.

    Raises:
        FileNotFoundError: the folder does not exist.
        OSError: the folder cannot be written to.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"{operation}: the folder of {path.name} must exist; got {path.parent}; make it "
            "with path.parent.mkdir(parents=True)."
        )
    if path.is_dir():
        raise IsADirectoryError(
            f"{operation}: path must name a file; got the folder {path}; add a file name."
        )
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
