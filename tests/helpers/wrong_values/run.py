"""Print how calls with wrong values end: their counts, and what is foreign or nonsense.

usage: python tests/helpers/wrong_values/run.py [NAME] [--worked]

NAME is a package, class or function, such as losses or clip_loss. Under each function stand its
parameters, what foreign exception they met, and for which kinds of wrong value; nonsense is
marked with "!". --worked also lists what worked, for a person to judge.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "helpers"), str(ROOT)]


def main(words: list[str]) -> int:
    """Print the report of what is asked for; return an exit status."""
    from sweep import sweep  # once the path is set
    from told import report

    names = [word for word in words if not word.startswith("-")]
    outcomes = sweep(names[0] if names else "")
    sys.stdout.writelines(f"{line}\n" for line in report(outcomes, worked="--worked" in words))
    return 0 if outcomes else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
