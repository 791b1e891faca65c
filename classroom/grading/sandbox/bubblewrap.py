"""The command that starts a worker under bubblewrap: what is mounted where, and nothing else.

Everything stands under neutral paths, so that a user who may not enter the grader's home
can still read it once it is mounted. Started by root, bubblewrap mounts as root, without a
user namespace, and the worker becomes another user for each submission; started by anybody
else, it has root's powers over its own namespaces alone, until a submission begins.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from classroom.grading.limits import Limits

PYTHON = f"/python/bin/python{sys.version_info.major}.{sys.version_info.minor}"
PATHS = ("/site", "/course")
VARIABLES = {
    "HOME": "/desk",
    "IPYTHONDIR": "/desk/.ipython",
    "LANG": "C.UTF-8",
    "LD_LIBRARY_PATH": "/python/lib",
    "MPLBACKEND": "Agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
}
SYSTEM = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
)
OPEN = ("/usr", "/etc", "/python", "/python/bin", "/python/lib", "/site")
"""Made by hand, as bubblewrap keeps folders on the way to a mount for their owner alone."""
PACKAGES = ("site-packages", "dist-packages")


def command(folder: Path, packages: Mapping[str, Path], limits: Limits) -> list[str]:
    """Return bubblewrap's command line up to the program it is to start."""
    return [
        str(shutil.which("bwrap")),
        *_namespaces(),
        *_environment(),
        *_system(),
        *_python(),
        *_bind(folder / "room", "/room"),
        *_bind(folder / "course", "/course"),
        *_bind(folder / "desk", "/files"),
        *_packages(packages),
        *_writable(limits),
        *("--chdir", "/desk", "--remount-ro", "/", "--"),
    ]


def _namespaces() -> Iterator[str]:
    yield from ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
    yield from ("--new-session", "--die-with-parent", "--cap-drop", "ALL")
    wanted = ["CAP_SYS_ADMIN", "CAP_SETPCAP"]
    if os.geteuid() == 0:
        wanted += ["CAP_SETUID", "CAP_SETGID", "CAP_KILL"]
    else:
        yield from ("--unshare-user", "--uid", "0", "--gid", "0")
        wanted += ["CAP_SYS_RESOURCE"]
    for capability in wanted:
        yield from ("--cap-add", capability)


def _environment() -> Iterator[str]:
    yield "--clearenv"
    for name, value in VARIABLES.items():
        yield from ("--setenv", name, value)
    for folder in OPEN:
        yield from ("--perms", "0755", "--dir", folder)
    yield from ("--proc", "/proc", "--dev", "/dev")


def _system() -> Iterator[str]:
    """Mount the system's libraries; whatever it has of Python packages is covered up."""
    for path in map(Path, SYSTEM):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        else:
            yield from ("--ro-bind-try", str(path), str(path))
    for path in Path("/usr/lib").glob("python*"):
        yield from ("--tmpfs", str(path))


def _python() -> Iterator[str]:
    """Mount the interpreter and its standard library, without the packages beside it."""
    prefix, version = Path(sys.base_prefix), Path(PYTHON).name
    yield from _bind(Path(getattr(sys, "_base_executable", sys.executable)).resolve(), PYTHON)
    if prefix == Path("/usr"):
        libraries = {f"/python/lib/{version}": prefix / "lib" / version}
    else:
        libraries = {"/python/lib": prefix / "lib"}
    for target, source in libraries.items():
        yield from _bind(source, target)
    for name in PACKAGES:
        for place in (prefix / "lib").glob(f"python*/{name}"):
            if f"/python/lib/{place.parent.name}" in libraries or "/python/lib" in libraries:
                yield from ("--tmpfs", f"/python/lib/{place.parent.name}/{name}")


def _packages(packages: Mapping[str, Path]) -> Iterator[str]:
    for name, path in packages.items():
        folder = name.rpartition("/")[0]
        if folder:  # one file of a package that is not there as a whole
            yield from ("--perms", "0755", "--dir", f"/site/{folder}")
        yield from _bind(path, f"/site/{name}")


def _writable(limits: Limits) -> Iterator[str]:
    for folder in ("/desk", "/tmp", "/dev/shm"):
        yield from ("--size", str(limits.folder), "--tmpfs", folder)
    yield from ("--remount-ro", "/dev")


def _bind(source: Path, target: str) -> tuple[str, str, str]:
    return ("--ro-bind", str(source), target)
