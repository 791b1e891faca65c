"""Make a harness again from its source alone, as it is used where answers run.

Its annotations are not evaluated; every other name in it must be its own, or an import in
its body. The grader makes it in the same way, so one that needs more fails there first.
"""

import __future__

from collections.abc import Callable
from typing import Any


def rebuild(name: str, source: str) -> Callable[..., Any]:
    """Return the function of that name in a source text.

    >>> rebuild("twice", "def twice(answer: Unknown, x): return answer(answer(x))")(abs, -3)
    3
    """
    space: dict[str, Any] = {"__name__": "harness"}
    lazily = __future__.annotations.compiler_flag
    exec(compile(source, f"<{name}>", "exec", lazily, dont_inherit=True), space)
    return space[name]
