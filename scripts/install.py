"""Make `.venv` and install the course into it, unless that is done already.

Runs on a bare Python, before anything is installed, so it imports the standard library
alone and keeps to syntax that an old Python can read and refuse clearly.

usage: python3 scripts/install.py [--dev] [--chosen]

`--chosen` says that the reader named this Python, so that a `.venv` with another one is
refused. TORCH_INDEX names a package index for torch; it is remembered.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
UNFINISHED = "mmcourse-unfinished"
INSTALLED = "mmcourse-installed"
INDEX = "torch from "


class SetupError(Exception):
    """Something is missing that only the reader can mend."""


def main(arguments):
    """Install the run-time packages, with `--dev` the checkers too; return an exit status."""
    if not set(arguments) <= {"--dev", "--chosen"}:
        given = " ".join(arguments)
        print(f"setup: expected --dev, --chosen or nothing; got {given}.", file=sys.stderr)
        return 2
    venv = ROOT / ".venv"
    try:
        if "--chosen" in arguments:
            check_python(*this_python())
            check_choice(venv)
        install(venv, dev="--dev" in arguments)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"setup: {error}. {ROOT} must be yours to write in.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nsetup: stopped half-way; the next call starts again.", file=sys.stderr)
        return 130
    return 0


def this_python():
    """Return the version of the Python that runs this, and whether it has venv."""
    return sys.version_info[:2], importlib.util.find_spec("ensurepip") is not None


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


def check_choice(venv):
    """Raise `SetupError` where a sound environment has another Python than this one."""
    settings = venv / "pyvenv.cfg"
    if (venv / UNFINISHED).exists() or not (python_of(venv).exists() and settings.exists()):
        return
    stated = re.search(r"^version(?:_info)? *= *(\d+\.\d+)", settings.read_text(), re.MULTILINE)
    this = ".".join(map(str, sys.version_info[:2]))
    if stated and stated.group(1) != this:
        raise SetupError(
            f".venv holds Python {stated.group(1)}, not {this}; "
            "to change it, remove it first: rm -r .venv"
        )


def install(venv, *, dev):
    """Bring the environment `venv` up to what pyproject.toml and constraints.txt say."""
    done, had_dev, old_index = recorded(venv)
    dev, index = dev or had_dev, os.environ.get("TORCH_INDEX", "").strip() or old_index
    complete = python_of(venv).exists() and requirements(dev=dev) <= installed(venv)
    if complete and (done, had_dev, old_index) == (fingerprint(), dev, index):
        return
    make_venv(venv)
    (venv / UNFINISHED).touch()
    record(venv, "", dev=had_dev, index=old_index)
    status = 0
    if index != old_index and "torch" in installed(venv):
        status = pip(venv, ["--force-reinstall", "--no-deps", "torch"], index)
    status = status or pip(venv, ["--editable", f"{ROOT}[dev]" if dev else str(ROOT)], index)
    (venv / UNFINISHED).unlink()  # pip ended by itself and put back what it had not finished
    if status:
        raise SetupError("pip could not install the packages; its message is above.")
    record(venv, fingerprint(), dev=dev, index=index)


def recorded(venv):
    """Return what the last install noted: a fingerprint, whether with checkers, an index."""
    stamp = venv / INSTALLED
    lines = stamp.read_text().splitlines() if stamp.exists() else []
    indexes = [line[len(INDEX) :] for line in lines if line.startswith(INDEX)]
    return "".join(lines[:1]), "dev" in lines, "".join(indexes)


def record(venv, done, *, dev, index):
    """Note what is installed; an empty `done` says that it is being changed."""
    lines = [done, *(["dev"] if dev else []), *([INDEX + index] if index else [])]
    (venv / INSTALLED).write_text("\n".join(lines) + "\n")


def pip(venv, words, index):
    """Return pip's exit status from installing, inside the pins, what `words` say."""
    command = [python_of(venv), "-m", "pip", "install", *words]
    command += ["--constraint", ROOT / "constraints.txt"]
    command += ["--extra-index-url", index] if index else []
    return subprocess.call(command, cwd=ROOT, env={**os.environ, **QUIET_PIP})


def requirements(*, dev):
    """Return the course and what pyproject.toml names, read without Python 3.11's tomllib."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = ["dependencies", *(["dev"] if dev else [])]
    names = ["mmcourse"]
    for wanted in lists:
        for block in re.findall(rf"^{wanted} = \[$(.*?)^\]", text, re.MULTILINE | re.DOTALL):
            names += re.findall(r'^ *"([\w.-]+)', block, re.MULTILINE)
    return {normal(name) for name in names}


def installed(venv):
    """Return the packages whose metadata lies in the environment."""
    folders = ("lib/python*/site-packages", "Lib/site-packages")
    found = [path for folder in folders for path in venv.glob(f"{folder}/*.dist-info")]
    return {normal(path.name.partition("-")[0]) for path in found}


def normal(name):
    """Return a package's name as metadata folders write it."""
    return re.sub(r"[-_.]+", "_", name).lower()


def fingerprint():
    """Return a hash of everything that decides what is installed, and where."""
    parts = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    content = b"\0".join(part.read_bytes() for part in parts)
    return hashlib.sha256(content + str(ROOT).encode()).hexdigest()


def make_venv(venv):
    """Make the environment; one that is broken or was left half-made is made anew.

    A link is taken where it leads to an environment that works, or to an empty folder.
    """
    if venv.is_symlink():
        check_link(venv)
    elif venv.exists() and not venv.is_dir():
        raise SetupError(f"{venv} is a file; move it away, then call again.")
    if venv.exists() and not (venv / UNFINISHED).exists() and works(venv):
        return
    check_python(*this_python())
    if not venv.is_symlink():
        if venv.exists():
            print(f"setup: {venv} is not usable; making it anew.")
            shutil.rmtree(venv)
        venv.mkdir()
    (venv / UNFINISHED).touch()
    try:
        place = os.path.realpath(venv)  # venv refuses a link
        subprocess.check_call([sys.executable, "-m", "venv", place])
    except subprocess.CalledProcessError as error:
        raise SetupError(
            f"{sys.executable} -m venv failed; its message is above. "
            "Try another Python: make setup PYTHON=python3.12"
        ) from error


def check_link(venv):
    """Raise `SetupError` where a link does not lead to an environment of this course's own.

    What it leads to is somebody's: nothing in it is removed, and no other clone's
    environment is turned into this one's.
    """
    place, away = os.path.realpath(venv), f"rm {venv} (the link alone goes), then call again."
    if not venv.is_dir():
        raise SetupError(f"{venv} is a link to {place}, which is no folder. Remove it: {away}")
    if {path.name for path in venv.iterdir()} <= {UNFINISHED}:
        return
    if (venv / UNFINISHED).exists() or not ((venv / "pyvenv.cfg").exists() and works(venv)):
        raise SetupError(
            f"{venv} is a link to {place}, which holds no Python environment that works. "
            f"Empty that folder, and it is made there; or remove the link: {away}"
        )
    other = clone_of(venv)
    if other and other != ROOT.resolve() and other.exists():
        raise SetupError(
            f"{venv} is a link to {place}, which belongs to the course in {other}: installing "
            f"from here would change that one. For an environment of its own: {away}"
        )


def clone_of(venv):
    """Return the folder that the course was installed from, or None where it was not yet."""
    for folder in ("lib/python*/site-packages", "Lib/site-packages"):
        for note in venv.glob(f"{folder}/mmcourse-*.dist-info/direct_url.json"):
            url = urlparse(json.loads(note.read_text(encoding="utf-8")).get("url", ""))
            if url.scheme == "file":
                return Path(url2pathname(url.path)).resolve()
    return None


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


QUIET_PIP = {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
