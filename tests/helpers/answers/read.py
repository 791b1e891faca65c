"""Answers that somebody wrote to a question, right and wrong: text files beside this one.

`exNN.txt` holds the answers of one exercise. Each begins with a line of four parts,

    ### 03.2 | wrong | one-direction | rows alone

the question, "right" or "wrong", what the answer must be told ("-" for a right one, "?" where
being refused is enough, otherwise the name of a mistake, or of a law), and a title that no
other has; then the code as it would stand in the notebook's cell. It runs below what the
notebook holds above it, with the earlier questions solved.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from places import ROOT

HEAD = re.compile(r"(\d\d\.\d) \| (right|wrong) \| (\S.*?) \| (.+)")


@dataclass(frozen=True)
class Written:
    """An answer: to which question, whether it is right, what it must be told, its code."""

    question: str
    right: bool
    told: str
    title: str
    source: str

    def made(self):
        """Return the function or class that the answer defines."""
        space = {"__name__": "notebook"}
        for source in above(self.question):
            exec(compile(source, "<ipython-input-0>", "exec"), space)
        del space[function_of(self.question)]
        exec(compile(self.source, "<ipython-input-0>", "exec"), space)
        return space[function_of(self.question)]


def written():
    """Return all answers, in the order of the files."""
    found = []
    for file in sorted(Path(__file__).parent.glob("ex*.txt")):
        for part in file.read_text(encoding="utf-8").split("\n### ")[1:]:
            head, _, source = part.partition("\n")
            question, right, told, title = HEAD.fullmatch(head).groups()
            found.append(Written(question, right == "right", told, title, source.strip("\n")))
    return found


@cache
def above(number):
    """Return the code cells down to a question's answer, all solved, without checks."""
    sources = []
    for source in cells(number[:2]):
        if not source.startswith("check("):
            sources.append(source)
        if re.search(rf"^(def|class) {function_of(number)}\b", source, re.MULTILINE):
            return tuple(sources)
    raise ValueError(f"no cell of exercise {number[:2]} answers {number}")


@cache
def function_of(number):
    """Return the name that a question's answer defines."""
    for source in cells(number[:2]):
        if found := re.fullmatch(rf'check\("{number}", (\w+)\)', source):
            return found[1]
    raise ValueError(f"exercise {number[:2]} has no question {number}")


@cache
def cells(exercise):
    """Return the code cells of a solution."""
    (path,) = ROOT.glob(f"solutions/{exercise}_*/{exercise}_*.ipynb")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    return ["".join(cell["source"]).strip() for cell in code]
