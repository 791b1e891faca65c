"""A CSV as somebody else's program wrote it: read, changed in places, and written alike.

Encoding, byte order mark, separator, line ends and the order of everything stay. Leaves out
which fields stood in quotes.
"""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
SEPARATORS = ",;\t"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of a CSV, and how they are written.

    Args:
        rows: its fields, the heading among them.
        mark: the bytes it begins with, by which its encoding is known.
        encoding: of the rest.
        separator: between two fields.
        newline: between two rows.
    """

    rows: list[list[str]]
    mark: bytes = b""
    encoding: str = "utf-8"
    separator: str = ","
    newline: str = "\n"

    def content(self) -> bytes:
        """Return it as a file holds it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.separator, lineterminator=self.newline)
        writer.writerows(self.rows)
        return self.mark + text.getvalue().encode(self.encoding)


def read_sheet(operation: str, file: Path) -> Sheet:
    """Return a CSV, its separator found from the heading; empty rows are dropped.

    What is no UTF-8 is read as Latin-1, in which every byte stands for itself.

    Raises:
        ValueError: where it cannot be read, or holds no rows.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{operation}: expected a CSV; cannot read {file} ({error.strerror})."
        ) from error
    mark = next((one for one in MARKS if content.startswith(one)), b"")
    encoding = MARKS.get(mark, "utf-8")
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        mark, encoding = b"", "latin-1"
        text = content.decode(encoding)
    heading = text.partition("\n")[0]
    separator = max(SEPARATORS, key=heading.count)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = [row for row in read if row]
    except csv.Error as error:
        raise ValueError(f"{operation}: expected a CSV in {file}; {error}.") from error
    if not rows:
        raise ValueError(f"{operation}: expected rows in {file}; it has none.")
    return Sheet(
        rows=rows,
        mark=mark,
        encoding=encoding,
        separator=separator,
        newline="\r\n" if heading.endswith("\r") else "\n",
    )
