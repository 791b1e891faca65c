"""What a run leaves behind: a table, a master record, a page for each student, and two exports.

Only `report.json` tells what hidden cases saw; everything else may be given to students.
"""

from classroom.grading.report.gradescope import write_gradescope
from classroom.grading.report.master import Run, write_master
from classroom.grading.report.page import write_pages
from classroom.grading.report.table import write_table

__all__ = ["Run", "write_gradescope", "write_master", "write_pages", "write_table"]
