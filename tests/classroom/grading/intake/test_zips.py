"""A student's own zip, and an export: whatever is in them, told and bounded."""

import random
import struct
import zipfile

import pytest
from collecting import CONTENT, ONE, reasons, told, write
from zipped import packed

from classroom.grading.intake import collect
from classroom.grading.intake.zips import MOST_FILES, MOST_IN_ZIP


def test_a_time_in_a_zip_that_is_none_is_no_time(tmp_path):
    content = bytearray(packed({f"ada/{ONE}.ipynb": CONTENT}))
    for signature, offset in ((b"PK\3\4", 10), (b"PK\1\2", 12)):
        at = content.index(signature) + offset
        content[at : at + 4] = b"\xff\xff\x00\x00"  # the hour 31 of the day 0
    (tmp_path / "x.zip").write_bytes(content)
    (found,) = collect(tmp_path / "x.zip", [ONE]).submissions
    assert (found.when, found.read()) == (None, CONTENT)


def test_names_in_a_zip_may_be_anything(tmp_path):
    names = [f"a\0b/{ONE}.ipynb", f"new\nline/{ONE}.ipynb", f"dash/{'-' * 60_000}.ipynb"]
    names += [f"ADA/{ONE}.ipynb", f"ada/{ONE}.ipynb", f"ada/{ONE.upper()}.ipynb"]
    (tmp_path / "x.zip").write_bytes(packed(dict.fromkeys(names, CONTENT)))
    found = {one.student: one for one in collect(tmp_path / "x.zip", [ONE]).submissions}
    assert {name for name, one in found.items() if told(one) == ""} == {
        *("newline", "dash", "ADA", "ada")
    }
    assert found["ada"].notes == (f"not used: {ONE.upper()}.ipynb",)


def test_a_zip_that_is_broken_anywhere_is_told(tmp_path):
    """Some bit of it, whichever: read, or refused with a reason, and never anything else."""
    whole, chosen = packed({f"{ONE}.ipynb": CONTENT * 9}), random.Random(7)
    said = set()
    for _ in range(400):
        damaged = bytearray(whole)
        damaged[chosen.randrange(len(whole))] ^= 1 << chosen.randrange(8)
        path = write(tmp_path / "ada" / "work.zip", bytes(damaged))
        said.add(next(iter(reasons(path.parent.parent).values())))
    assert {"", None} < said
    assert any("(error)" in one for one in said if one), "zlib's own"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_unpacks_everything_at_once_is_not_opened(tmp_path, packing):
    content = packed({f"{ONE}.ipynb": bytes(9_000_000)}, packing)
    write(tmp_path / "ada" / "work.zip", content)
    assert "packed in an unusual way" in reasons(tmp_path)["ada", ONE]


def test_an_encrypted_file_is_told_apart(tmp_path):
    content = bytearray(packed({f"{ONE}.ipynb": CONTENT}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        struct.pack_into("<H", content, content.index(signature) + offset, 1)
    write(tmp_path / "ada" / "work.zip", bytes(content))
    assert reasons(tmp_path)["ada", ONE] == "it is encrypted; pack it again without a password"


def test_a_students_zip_of_too_many_files_is_refused_unopened(tmp_path, monkeypatch):
    many = {f"{n}.ipynb": b"" for n in range(MOST_IN_ZIP)}
    write(tmp_path / "ada" / "work.zip", packed(many | {f"{ONE}.ipynb": CONTENT}))
    write(tmp_path / "bob" / "work.zip", packed({f"{ONE}.ipynb": CONTENT}))
    found = reasons(tmp_path)
    assert found["ada", ONE] == "work.zip: the zip holds more than 5,000 files"
    assert found["bob", ONE] == ""
    monkeypatch.setattr("classroom.grading.intake.zips.MOST_IN_ZIP", MOST_IN_ZIP + 1)
    assert reasons(tmp_path)["ada", ONE] == ""


def test_no_student_is_dropped_from_a_large_export(tmp_path, monkeypatch):
    (tmp_path / "x.zip").write_bytes(packed({f"s{n}/{ONE}.ipynb": b"" for n in range(3)}))
    monkeypatch.setattr("classroom.grading.intake.zips.MOST_FILES", 2)
    with pytest.raises(ValueError, match=r"at most 2 files in a zip; .*x\.zip holds 3"):
        collect(tmp_path / "x.zip", [ONE])
    assert MOST_FILES >= 100_000
