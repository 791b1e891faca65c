"""JupyterLab, opened on the first lesson, offline and leaving the reader's home alone.

What JupyterLab is told stands in `.jupyter/`: no news, no update checks, no search for
language servers, no nbgrader. What it remembers goes to `my/.jupyter/`. In its terminals
`python` is the course's own, as `terminal.py` sees to. Leaves out finding
a free port: JupyterLab takes the next one by itself. Only where two of them look for one is
told here: at the same place, at the same moment, both would find the same one.
"""

import atexit
import importlib.util
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from classroom.desk import copies, interpreter, terminal

PORTS = range(8888, 8938)
"""Among these are those that JupyterLab tries first; then it tries others, at random."""


def prepare(options: Sequence[str] = (), root: Path = copies.ROOT) -> None:
    """Make missing copies, and set this process up to become JupyterLab.

    Args:
        options: passed on to JupyterLab; they win over the course's own.
        root: the course's folder.

    Raises:
        ValueError: `root` is not the course's folder, or JupyterLab is not installed.
        OSError: `my/` cannot be written.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise ValueError(interpreter.refusal(["lab", *options], ["jupyterlab"], root))
    copies.make_missing(root)
    copies.make_folder(root, Path("my", ".jupyter"))
    if not has_home():
        copies.make_folder(root, Path("my", ".jupyter", "home"))
        os.environ["HOME"] = str(root / "my" / ".jupyter" / "home")  # Jupyter asks for one
    os.environ.update(places(root, os.environ) | terminal.variables(os.environ))
    shell = terminal.options(root, options, os.environ)
    chosen = [*first_port(root, options), *shell, *options]
    sys.argv = ["jupyter lab", *arguments(copies.first_lesson(root), chosen)]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        sys.argv.append("--allow-root")
    if not has_screen(os.environ, sys.platform):
        sys.argv.append("--no-browser")
    os.chdir(root)


def run() -> None:
    """Be JupyterLab until it is stopped; call `prepare` first."""
    runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)


def places(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that tell Jupyter and its kernels where to read and write.

    One that the reader has set already keeps the reader's value, but for the settings: the
    course's stand before the reader's, or it would not be offline.
    """
    own = root / "my" / ".jupyter"
    ours = {
        "JUPYTER_CONFIG_DIR": own / "config",
        "JUPYTER_DATA_DIR": own / "data",
        "JUPYTER_RUNTIME_DIR": own / "runtime",
        "IPYTHONDIR": own / "ipython",
        "MPLCONFIGDIR": own / "matplotlib",
    }
    chosen = {name: str(place) for name, place in ours.items() if name not in environment}
    theirs = environment.get("JUPYTER_CONFIG_PATH")
    paths = [str(root / ".jupyter"), *([theirs] if theirs else [])]
    return {**chosen, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def arguments(lesson: Path | None, options: Sequence[str]) -> list[str]:
    """Return what JupyterLab is called with: the page to open, then the reader's options.

    >>> arguments(Path("my/notebooks/00_start_here.ipynb"), ["--port=9999"])
    ['--LabApp.default_url=/lab/tree/my/notebooks/00_start_here.ipynb', '--port=9999']
    """
    own = ("default_url", "root_dir", "notebook-dir", ".ipynb")
    if lesson is None or any(word in option for option in options for word in own):
        return list(options)
    return [f"--LabApp.default_url=/lab/tree/{lesson.as_posix()}", *options]


def has_home() -> bool:
    """Return whether this user has a home folder; a container's may have none."""
    try:
        Path.home()
    except RuntimeError:
        return False
    return True


def first_port(root: Path, options: Sequence[str]) -> list[str]:
    """Return the option that says where to look for a free port first, if it is not at 8888.

    No two labs of a course look at the same place first: each holds a lock on its own until
    it ends. A port that the reader asks for stays, and without locks nothing is said.
    """
    if any("port" in option or "sock" in option for option in options):
        return []
    try:
        from filelock import FileLock  # not above: the desk starts where packages are broken

        for port in PORTS:
            lock = FileLock(root / "my" / ".jupyter" / f".port-{port}.lock")
            with suppress(TimeoutError):
                lock.acquire(timeout=0)
                atexit.register(lock.release)
                return [f"--ServerApp.port={port}"] if port != PORTS[0] else []
    except Exception:  # a broken package, a disk without locks: JupyterLab chooses alone
        return []
    return []


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Return whether a browser window can appear; if not, JupyterLab prints its address.

    >>> has_screen({}, "linux"), has_screen({"DISPLAY": ":0"}, "linux"), has_screen({}, "win32")
    (False, True, True)
    """
    if platform in ("win32", "darwin"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
