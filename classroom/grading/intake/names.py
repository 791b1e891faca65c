"""Tell student and exercise from a path, as folders, nbgrader, Moodle and Canvas name them.

| From | Path |
|---|---|
| a folder per student, nbgrader | `ada/02_name.ipynb`, `ada/02_name/02_name.ipynb` |
| Moodle, folders | `Ada Lovelace_12345_assignsubmission_file_/02_name.ipynb` |
| Moodle, one folder for all | `Ada Lovelace_12345_assignsubmission_file_02_name.ipynb` |
| Canvas | `lovelaceada_123_456_02_name.ipynb`, `lovelaceada_LATE_123_456_02_name-1.ipynb` |
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOODLE = re.compile(
    r"(?s)(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)"
)
CANVAS = re.compile(r"(?s)(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)")
COPY = re.compile(r"(?i) *(?:[ _-]*\(\d+\)|-\d{1,2}|[ _-]copy\d*)+")
MOST_NAME = 100
MOST_FILE_NAME = 255
"""So long may a name be on a disk; in a zip it may be longer, and is none of ours then."""


@dataclass(frozen=True)
class Owner:
    """Who a file belongs to, and what is left of its path: the student's own naming.

    Two names that print alike have two keys. `number` is the LMS's for the student.
    """

    key: tuple[str, ...]
    student: str
    rest: tuple[str, ...]
    number: str = ""


def owner(parts: Sequence[str]) -> Owner | None:
    """Return whose file a path is; None where it lies beside the students.

    >>> owner(["ada", "02_name.ipynb"]).student
    'ada'
    >>> owner(["Ada L_12345_assignsubmission_file_", "02_name.ipynb"]).student
    'Ada L_12345'
    >>> owner(["lovelaceada_LATE_123_456_02_name-1.ipynb"]).rest
    ('02_name-1.ipynb',)
    """
    first, *others = parts
    for form in (MOODLE, CANVAS):
        found = form.fullmatch(first)
        if found and bool(others) != bool(found["file"]):
            rest = others or [found["file"]]
            key = ("lms", found["name"], found["number"])
            return Owner(key, readable("_".join(key[1:])), tuple(rest), found["number"])
    return Owner(("folder", first), readable(first), tuple(others)) if others else None


def exercise_of(file: str, known: Iterable[str]) -> str | None:
    """Return the exercise that a file's name means, whatever its case or number of copy.

    >>> exercise_of("02_Name (1).IPYNB", ["01_other", "02_name"])
    '02_name'
    """
    if len(file) > MOST_FILE_NAME or not file.lower().endswith(".ipynb"):
        return None
    stem = unicodedata.normalize("NFC", file[: -len(".ipynb")]).strip().casefold()
    for name in known:
        begin = name.casefold()
        if stem.startswith(begin) and (stem == begin or COPY.fullmatch(stem[len(begin) :])):
            return name
    return None


def readable(name: str) -> str:
    r"""Return a name that can be printed: composed, without control characters, not too long.

    >>> readable("ada\x1b[31m\u202e")
    'ada[31m'
    """
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    kept = "".join(one for one in name if one.isprintable()).strip()[:MOST_NAME]
    return kept or "(no name)"
