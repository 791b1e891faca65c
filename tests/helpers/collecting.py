"""What was handed in, and what collecting it says of each submission."""

from hostile.notebooks import notebook

from classroom.grading.faults import UnreadableError
from classroom.grading.intake import collect

ONE, TWO = "01_first", "02_second"
CONTENT = notebook("a = 1")


def told(submission):
    """Return why a submission cannot be read; "" where it can, None where there is none."""
    if submission.read is None:
        return None
    try:
        submission.read()
    except UnreadableError as error:
        return str(error)
    return ""


def reasons(root, exercises=(ONE,)):
    found = collect(root, exercises).submissions
    return {(one.student, one.exercise): told(one) for one in found}


def write(path, content=CONTENT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
