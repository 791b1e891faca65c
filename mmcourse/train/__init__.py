"""Training: one resumable loop, and which parameters learn how.

Read `fit` first. `run` is what surrounds its steps, `resume` what it keeps on disk,
`optimizers` who learns how fast, and `projections` the runs of a second or two behind every
sweep.
"""

from mmcourse.train.fit import fit
from mmcourse.train.optimizers import optimizers
from mmcourse.train.projections import Projections, fit_projections
from mmcourse.train.run import History

__all__ = ["History", "Projections", "fit", "fit_projections", "optimizers"]
