"""Submissions that try to take marks, to harm the grader or each other, or are broken.

`before.txt` holds cells that run before a right answer to the first question and a wrong
one to the second; `instead.txt` holds cells that stand where the second answer should.
Neither may raise the points of the first answer. `HONEST` submissions are right, if
strangely so, and must get everything; `BROKEN` ones are no notebooks.
"""

from pathlib import Path

from hostile.notebooks import notebook
from hostile.toy import IMPORTS, OLD_IMPORTS, RIGHT, SOFTMAX, UNIT_ROWS


def snippets(file):
    """Return the cells of a text file, by the names that stand after ### before each."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("### ")[1:])
    return {name: source.strip("\n") for name, _, source in parts}


ODD = (
    "import matplotlib.pyplot as plt",
    "%matplotlib inline",
    "import torch",
    "import pandas as pd\npd.set_option('display.width', 99)",
    "import scipy.linalg, math",
    "from tqdm import tqdm",
    "from mmcourse.similarity import l2_normalize",
    "from classroom.checks import EXERCISES",
    "from classroom import check, more",
    "from numpy.linalg import norm, nothing",
    "import seaborn as sns; sns.set()",
    "!pip install x",
    "%pip install x",
    "%load_ext autoreload\n%autoreload 2",
    "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')",
    "from IPython.display import display\ndisplay(1)",
    "fig, ax = plt.subplots()\nax.plot([1])",
    "try:\n    import torch\nexcept ImportError:\n    torch = None",
)
"""What a first cell may hold beside its imports on another machine."""

BEFORE = snippets("before.txt")
INSTEAD = snippets("instead.txt")

HONEST = {
    "as it should be": RIGHT,
    "of edition 0.1": (OLD_IMPORTS, *RIGHT[1:]),
    "with a warning": (*RIGHT, "import warnings\nwarnings.warn('careful')"),
    "with input()": (*RIGHT, "name = input('who? ')"),
    "with sys.exit at the end": (*RIGHT, "import sys\nsys.exit(0)"),
    "with a failing cell": ("1 / 0", *RIGHT, "assert False"),
    "with a cell that exits": ("import os; os._exit(3)", *RIGHT),
    "with a cell without end": (*RIGHT, "while True: pass"),
    "with much output": (*RIGHT, "for _ in range(20): print('y' * 1_000_000)"),
    "with magics": ("%matplotlib nothing\n%time 1", "!ls", *RIGHT, "%timeit -n1 -r1 1"),
    "with odd imports above": ("\n".join([*ODD, IMPORTS]), *RIGHT[1:]),
    "with odd imports below": (IMPORTS + "\n".join(ODD), *RIGHT[1:]),
    "all in one cell": ("\n".join([*ODD, *RIGHT]),),
    "under a magic": tuple("%%time\n" + cell for cell in RIGHT),
    "beside other languages": ("%%bash\nls", *RIGHT, "%%html\n<b>", "%%javascript\nalert()"),
    "with an answer that is timed": (*RIGHT, "%time softmax = softmax"),
    "with many emoji": (*RIGHT, f"x = '{'😀' * 70_000}'"),
    "with a slow statement": ("import time\ntime.sleep(1.2)", *RIGHT),
    "with texts like magics": ("""x = '''\n%time\n!ls\n%%bash\n'''""", *RIGHT),
    "from the future": ("from __future__ import annotations", *RIGHT),
    "with await": ("import asyncio\nawait asyncio.sleep(0)", *RIGHT),
    "in loops": (
        IMPORTS,
        "def unit_rows(a):\n    b = np.zeros(a.shape)\n    for i, row in enumerate(a):\n"
        "        n = sum(v * v for v in row) ** .5\n        b[i] = row / n if n else row\n"
        "    return b",
        "def softmax(x):\n    rows = [np.exp(r - r.max()) for r in np.atleast_2d(x)]\n"
        "    return np.array([r / r.sum() for r in rows]).reshape(x.shape)",
    ),
    "in float32": (
        IMPORTS,
        UNIT_ROWS,
        SOFTMAX + "\nsoftmax64 = softmax\n"
        "def softmax(x): return softmax64(x.astype(np.float32))",
    ),
    "written in place": (IMPORTS, UNIT_ROWS, SOFTMAX.replace("x = x - ", "x -= ")),
}

BROKEN = {
    "a cell of emoji": notebook(*RIGHT, f"x = '{'😀' * 90_000}'"),
    "a cell of empty lines": notebook(*RIGHT, "\n" * 490_000),
    "empty": b"",
    "not JSON": b"<html>404</html>",
    "half a file": b'{"cells": [{"cell_type": "code", "source": "x = ',
    "deep JSON": b"[" * 100_000,
    "huge numbers": b'{"nbformat": ' + b"4" * 10_000 + b"}",
    "another format": b'{"nbformat": 99, "cells": []}',
    "an old format": b'{"nbformat": 3, "worksheets": [{"cells": []}]}',
    "no cells": b'{"nbformat": 4, "cells": {}}',
    "cells of nothing": b'{"nbformat": 4, "cells": [1, null, "x"]}',
    "binary": bytes(range(256)) * 9,
    "no cell at all": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
    "another encoding": '{"nbformat": 4}'.encode("utf-16"),
}
"""Files that are no notebook, or one with nothing in it."""
