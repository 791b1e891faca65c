"""What the cells of a lesson say besides its idea: what is claimed, what you said.

Read `claims`, `guesses`. `measured` holds what the course's own runs measured, a file for each
lesson; `make lessons` writes them.
"""

from mmcourse.choice import chosen_model  # noqa: F401 - notebooks of edition 0.1 ask for it here
from mmcourse.lesson.claims import Claims
from mmcourse.lesson.guesses import answer, compare

Bands = Claims  # the name that they know

__all__ = ["Claims", "answer", "compare"]
