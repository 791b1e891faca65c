"""Lets these files find each other, as when `run.py` is started."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
