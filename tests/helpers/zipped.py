"""Zips, made in memory."""

import io
import zipfile


def packed(files, packing=zipfile.ZIP_DEFLATED):
    """Return a zip of some contents by their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 3, 1, 12, 0, 0)), content, packing)
    return stream.getvalue()
