"""A list of marks: what it may say, and what is refused."""

import dataclasses
import re

import pytest
from hostile.in_words import ASKING, WRITTEN

from classroom.grading.marks import Mark, marked, of_students, read_marks
from classroom.grading.results import Result, WrittenResult


def listed(tmp_path, *rows, heading="student,question,points,comment"):
    path = tmp_path / "marks.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return read_marks(path, [ASKING])


def test_a_list_is_read_with_and_without_comments(tmp_path):
    rows = ['ada, 90.5 ,3.5,"good, but why?"', "bob,90.5,0,", "cy,90.5,,not yet"]
    assert listed(tmp_path, *rows) == {
        ("ada", "90.5"): Mark(points=3.5, comment="good, but why?"),
        ("bob", "90.5"): Mark(points=0),
    }
    assert listed(tmp_path, "李,90.5,4", heading="student,question,points") == {
        ("李", "90.5"): Mark(points=4)
    }
    assert listed(tmp_path, "ada,90.5,4,fine,one column more") == {
        ("ada", "90.5"): Mark(points=4, comment="fine")
    }


def test_a_number_that_lost_its_zero_in_a_spreadsheet_is_known(tmp_path):
    early = dataclasses.replace(ASKING, written=(dataclasses.replace(WRITTEN, number="07.5"),))
    path = tmp_path / "marks.csv"
    path.write_text("student,question,points\nada,7.5,2\n")
    assert read_marks(path, [early]) == {("ada", "07.5"): Mark(points=2)}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("ada,90.1,1,", r"number of a written question \(90.5\) in line 2 of .*; got '90.1'"),
        ("ada,90.5,4.5,", r"points from 0 to 4 for 90.5 in line 2 of .*; got '4.5'"),
        ("ada,90.5,-1,", "got '-1'"),
        ("ada,90.5,nan,", "got 'nan'"),
        ("ada,90.5,three,", "got 'three'"),
        ("ada,90.5,3,\nada,90.5,4,", "a second one for 'ada', 90.5, in line 3"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path, row, message):
    with pytest.raises(ValueError, match=message):
        listed(tmp_path, row)


def test_a_list_of_another_form_is_refused(tmp_path):
    with pytest.raises(ValueError, match="columns student, question, points, with commas"):
        listed(tmp_path, "ada;90.5;4", heading="student;question;points")
    path = tmp_path / "latin.csv"
    path.write_bytes("student,question,points\nZoë,90.5,1\n".encode("latin-1"))
    with pytest.raises(ValueError, match="Save it as CSV UTF-8"):
        read_marks(path, [ASKING])
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="got none"):
        read_marks(path, [ASKING])


def test_students_are_known_as_they_are_called_and_as_the_table_writes_them():
    marks = {("'=1", "90.5"): Mark(points=1), ("ada", "90.5"): Mark(points=2)}
    assert of_students(marks, ["ada", "=1"]) == {
        ("=1", "90.5"): Mark(points=1),
        ("ada", "90.5"): Mark(points=2),
    }
    expected = re.escape("among the submissions; got 'Ada'. Write their names as in grades.csv")
    with pytest.raises(ValueError, match=expected):
        of_students({("Ada", "90.5"): Mark(points=1)}, ["ada"])


def test_what_awaits_marking_is_said_before_the_reason():
    text = WrittenResult(number="90.5", title="In words", text="Because.", maximum=4)
    result = Result(
        student="ada",
        exercise=ASKING.name,
        maximum=12,
        status="graded",
        reason="1 cell was skipped\nand more",
        written=(text,),
    )
    (waiting,) = marked([result], [ASKING], {})
    assert waiting.reason == "90.5 awaits marking; 1 cell was skipped\nand more"
    (done,) = marked([result], [ASKING], {("ada", "90.5"): Mark(points=4)})
    assert done.reason == result.reason
    assert done.points == 4
    assert Result.from_data(done.as_data()) == done
