"""Submissions that try to take marks, to harm the grader or each other, or are broken.

`before.txt` holds cells that run before a right answer to the first question and a wrong
one to the second; `instead.txt` holds cells that stand where the second answer should.
Neither may raise the points of the first answer. `HONEST` submissions are right, if
strangely so, and must get everything; `BROKEN` ones are no notebooks.
"""

from pathlib import Path

from hostile.toy import IMPORTS, OLD_IMPORTS, RIGHT, SOFTMAX, UNIT_ROWS


def snippets(file):
    """Return the cells of a text file, by the names that stand after ### before each."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("### ")[1:])
    return {name: source.strip("\n") for name, _, source in parts}


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
