"""What a run leaves behind: a table, a master record, pages to read, and exports.

`report.json` and `class.html` tell of hidden cases, and `written.html` has everybody's words;
all else may be given to students.
"""

from classroom.grading.report.gradescope import write_gradescope
from classroom.grading.report.master import Run, write_master
from classroom.grading.report.page import write_pages
from classroom.grading.report.table import write_table
from classroom.grading.report.whole_class import write_class
from classroom.grading.report.written import write_written

__all__ = [
    "Run",
    "write_class",
    "write_gradescope",
    "write_master",
    "write_pages",
    "write_table",
    "write_written",
]
