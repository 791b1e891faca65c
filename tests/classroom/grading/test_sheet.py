"""A CSV of somebody else's program: read in whatever form, and written in the same."""

import pytest

from classroom.grading.sheet import read_sheet

TEXT = 'student,note\r\n"Löwe, Zoë",\r\nada,"a ""b""\nc"\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_is_read_is_written_as_it_was(tmp_path, encoding, separator):
    text = TEXT.replace(",", separator)
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    content = mark + text.encode(encoding)
    (tmp_path / "x.csv").write_bytes(content)
    sheet = read_sheet("times", tmp_path / "x.csv")
    assert sheet.rows == [
        ["student", "note"],
        [f"Löwe{separator} Zoë", ""],
        ["ada", 'a "b"\nc'],
    ]
    assert sheet.content() == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "times: expected rows in .*x.csv; it has none"),
        (b"\xff\xfe", "expected rows"),
        (b'a,b\n"' + b"x" * 200_000 + b'"', "times: expected a CSV in .*; field larger than"),
    ],
)
def test_what_is_no_csv_is_told(tmp_path, content, message):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_sheet("times", path)


def test_what_cannot_be_read_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"cannot read .*none\.csv \(No such file"):
        read_sheet("times", tmp_path / "none.csv")
    with pytest.raises(ValueError, match=r"cannot read .* \(Is a directory\)"):
        read_sheet("times", tmp_path)
