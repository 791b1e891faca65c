"""**Measured**: one step of `tiny` with 144 pairs, up to its gradient.

Time is the processor's own, in each process; memory, by how much a process grows at most.
"""

import subprocess
import sys
from pathlib import Path

import mmcourse

script = Path(mmcourse.__file__).parents[1] / "scripts" / "measure_processes.py"
torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
for processes in (1, 2, 3):
    subprocess.run([*torchrun, str(processes), script], check=True)
