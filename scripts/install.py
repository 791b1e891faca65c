"""Make `.venv` and install the course into it, unless that is done already.

Runs on a bare Python, before anything is installed, so it imports the standard library
alone and keeps to syntax that an old Python can read and refuse clearly.

usage: python3 scripts/install.py [--dev]
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
UNFINISHED = "mmcourse-unfinished"
INSTALLED = "mmcourse-installed"


class SetupError(Exception):
    """Something is missing that only the reader can mend."""


def main(arguments):
    """Install the run-time packages, with `--dev` the checkers too; return an exit status."""
    if not set(arguments) <= {"--dev"}:
        print(f"setup: expected nothing or --dev; got {' '.join(arguments)}.", file=sys.stderr)
        return 2
    try:
        check_python(sys.version_info[:2], has_venv=importlib.util.find_spec("ensurepip"))
        install(ROOT / ".venv", dev="--dev" in arguments)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nsetup: stopped half-way; the next call starts again.", file=sys.stderr)
        return 130
    return 0


def check_python(version, has_venv):
    """Raise `SetupError` where this Python cannot make the environment."""
    found = ".".join(map(str, version))
    if version < OLDEST:
        raise SetupError(
            f"Python 3.11 or newer is needed; {sys.executable} is {found}. "
            "Name a newer one: make setup PYTHON=python3.12"
        )
    if not has_venv:
        raise SetupError(
            f"Python {found} has no venv here. On Debian or Ubuntu: apt install python3-venv"
        )


def install(venv, *, dev):
    """Bring the environment `venv` up to what pyproject.toml and constraints.txt say."""
    stamp = venv / INSTALLED
    done = stamp.read_text().split() if stamp.exists() else []
    wanted = [fingerprint(), *(["dev"] if dev or "dev" in done else [])]
    if done == wanted or done == [*wanted, "dev"]:
        return
    make_venv(venv)
    unfinished = venv / UNFINISHED
    unfinished.touch()
    stamp.unlink(missing_ok=True)
    target = f"{ROOT}[dev]" if "dev" in wanted else str(ROOT)
    command = [python_of(venv), "-m", "pip", "install", "--editable", target]
    command += ["--constraint", ROOT / "constraints.txt", *cpu_index()]
    status = subprocess.call(command, cwd=ROOT, env={**os.environ, **QUIET_PIP})
    unfinished.unlink()  # pip ended by itself and put back what it had not finished
    if status:
        raise SetupError("pip could not install the packages; its message is above.")
    stamp.write_text("\n".join(wanted) + "\n")


def fingerprint():
    """Return a hash of everything that decides what is installed, and where."""
    parts = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    content = b"\0".join(part.read_bytes() for part in parts)
    return hashlib.sha256(content + str(ROOT).encode()).hexdigest()


def make_venv(venv):
    """Make the environment; one that is broken or was left half-made is made anew."""
    if venv.exists() and ((venv / UNFINISHED).exists() or not works(venv)):
        print(f"setup: {venv} is not usable; making it anew.")
        shutil.rmtree(venv)
    if not venv.exists():
        venv.mkdir()
        (venv / UNFINISHED).touch()
        subprocess.check_call([sys.executable, "-m", "venv", venv])


def works(venv):
    """Return whether the environment's Python is new enough and has pip."""
    question = f"import pip, sys; sys.exit(sys.version_info[:2] < {OLDEST})"
    try:
        return (
            subprocess.call([python_of(venv), "-c", question], stderr=subprocess.DEVNULL) == 0
        )
    except OSError:
        return False


def python_of(venv):
    """Return the path of the environment's Python."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def cpu_index():
    """Return pip's option for the package index named in TORCH_INDEX, if one is."""
    index = os.environ.get("TORCH_INDEX")
    return ["--extra-index-url", index] if index else []


QUIET_PIP = {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
