"""What was handed in: a folder or a zip of an LMS, sorted into students and exercises.

Read `names` first, then `files`, `zips`, `choice` and `collect`, which puts them together;
`late` stands alone. Nothing is unpacked onto the disk, and nothing in a student's files says
who handed it in, or when.
"""

from classroom.grading.intake.choice import Submission
from classroom.grading.intake.collect import Collection, collect
from classroom.grading.intake.late import LateRule, late_days, read_times

__all__ = ["Collection", "LateRule", "Submission", "collect", "late_days", "read_times"]
