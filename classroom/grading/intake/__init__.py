"""What was handed in: a folder or a zip of an LMS, sorted into students and exercises.

`collect` does it. Nothing is unpacked onto the disk, and nothing in a student's files says
who handed it in, or when.
"""

from classroom.grading.intake.collect import Collection, Submission, collect
from classroom.grading.intake.late import late_days, read_times

__all__ = ["Collection", "Submission", "collect", "late_days", "read_times"]
