"""What this machine and its Python hold, found without importing any of it.

Packages are looked up by their metadata and their files; torch alone is asked for its
device, in a process of its own. What hides a package or is damaged, `disguise` finds. Leaves
out judging what is found (`doctor.py`), memory limits of containers, and memory on Windows.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

from classroom.desk.copies import ROOT, is_course
from classroom.desk.disguise import (
    DAMAGE,
    hiding_python,
    is_damaged,
    owners_of,
    place_of,
    shadow_of,
)

MODULES = {
    "open-clip-torch": "open_clip",
    "pillow": "PIL",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
}
"""Packages whose module is called otherwise."""

DEVICE_SECONDS = 120
ASK_DEVICE = """
import torch
if torch.cuda.is_available():
    print(torch.cuda.get_device_name())
elif torch.backends.mps.is_available():
    print("mps")
else:
    print("cpu")
"""


@dataclass(frozen=True)
class Package:
    """One installed package, or the lack of it.

    Args:
        version: what its metadata says; None where there is no metadata.
        importable: whether Python finds its module; a folder without `__init__.py` is none.
        build: "cpu", "cuda 13.0" and the like for torch and torchvision; None for others.
        files: the names of its module's files (of `clip` only).
        owners: the packages that put them there (of `clip` only).
        shadow: the file or folder that Python finds in its place, if any.
        damaged: whether its metadata cannot be read.
    """

    version: str | None = None
    importable: bool = False
    build: str | None = None
    files: frozenset[str] = frozenset()
    owners: tuple[str, ...] = ()
    shadow: str | None = None
    damaged: bool = False


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Everything the doctor judges.

    Args:
        python: its version, such as (3, 11, 7).
        executable: the path of its program.
        root: the course's folder.
        memory: of the machine, in GiB; None where it is not known.
        disk: free where the course is, in GiB.
        course: the version of mmcourse that is installed; None if it is not.
        required: what mmcourse needs, such as {"numpy": ">=2.1,<3"}.
        packages: by name, those of `required`, torchvision and clip.
        device: what torch computes on, or None where it did not answer.
        device_error: what it said instead.
        is_course: whether that folder is a clone of the course, with its lessons.
        isolated: whether this Python belongs to a virtual environment or to conda.
        hiding: files beside the reader that hide modules of Python itself.
    """

    python: tuple[int, int, int]
    executable: str
    root: str
    memory: float | None
    disk: float
    course: str | None
    required: Mapping[str, str]
    packages: Mapping[str, Package] = field(default_factory=dict)
    device: str | None = None
    device_error: str = ""
    is_course: bool = True
    isolated: bool = True
    hiding: tuple[str, ...] = ()


def observe() -> Environment:
    """Return what is found here; takes the seconds that torch needs to start."""
    required = requirements()
    names = [*required, "torchvision", "clip"]
    packages = {name: look_up(name) for name in names}
    hidden = any(packages[name].shadow for name in required)  # torch would fail for their sake
    asked = packages.get("torch", Package()).importable and not hidden
    device, device_error = ask_device() if asked else (None, "")
    return Environment(
        python=sys.version_info[:3],
        executable=sys.executable,
        root=str(ROOT),
        memory=memory_gib(),
        disk=shutil.disk_usage(ROOT).free / 2**30,
        course=version_of("mmcourse"),
        required=required,
        packages=packages,
        device=device,
        device_error=device_error,
        is_course=is_course(ROOT),
        isolated=is_isolated(),
        hiding=hiding_python(Path(sys.path[0])),
    )


def is_isolated() -> bool:
    """Return whether this Python belongs to a virtual environment or to conda."""
    return sys.prefix != sys.base_prefix or Path(sys.prefix, "conda-meta").is_dir()


def requirements() -> dict[str, str]:
    """Return the run-time packages that mmcourse's metadata asks for, with their bounds."""
    try:
        lines = metadata.requires("mmcourse") or []
    except (metadata.PackageNotFoundError, *DAMAGE):
        return {}
    return dict(split_requirement(line) for line in lines if "extra ==" not in line)


def split_requirement(line: str) -> tuple[str, str]:
    """Return a requirement's name and bounds.

    >>> split_requirement("numpy<3,>=2.1")
    ('numpy', '>=2.1,<3')
    """
    name = re.match(r"[\w.-]+", line)
    bounds = sorted(re.findall(r"(?:>=|<)[\d.]+", line), reverse=True)
    return (name.group() if name else line), ",".join(bounds)


def version_of(name: str) -> str | None:
    """Return what the metadata of a package says, or None where it says nothing."""
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, *DAMAGE):
        return None


def look_up(name: str) -> Package:
    """Return what is installed under one name."""
    module = MODULES.get(name, name.replace("-", "_"))
    spec = importlib.util.find_spec(module)
    whole = spec is not None and spec.origin is not None  # a bare folder has no origin
    found = Package(version_of(name), importable=whole, damaged=is_damaged(name))
    found = replace(found, shadow=shadow_of(name, spec))
    folder = module_folder(module)
    if folder and name in ("torch", "torchvision") and (folder / "version.py").exists():
        text = (folder / "version.py").read_text(encoding="utf-8")
        return replace(found, build=build_of(text))
    if name == "clip":
        owners = owners_of("clip")
        shadow = shadow_of(owners[0], spec) if owners else place_of(spec)
        files = frozenset(path.name for path in folder.iterdir()) if folder else frozenset()
        version = version_of(owners[0]) if len(owners) == 1 else found.version
        return replace(found, version=version, files=files, owners=owners, shadow=shadow)
    return found


def module_folder(module: str) -> Path | None:
    """Return the folder that a package's module lies in; None for none or a single file."""
    spec = importlib.util.find_spec(module)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def build_of(version_file: str) -> str | None:
    """Return which device a package was built for, read from the text of its version.py.

    >>> build_of("__version__ = '0.28.0+cu130'"), build_of("cuda: Optional[str] = None")
    ('cuda 13.0', 'cpu')
    """
    if stated := re.search(
        r"^cuda\b[^=\n]*= *(None|['\"]([\d.]+))", version_file, re.MULTILINE
    ):
        return f"cuda {stated[2]}" if stated[2] else "cpu"
    if tag := re.search(r"__version__ *= *['\"][\w.]+\+(?:cu(\d+)(\d)|cpu)", version_file):
        return f"cuda {tag[1]}.{tag[2]}" if tag[1] else "cpu"
    return None


def ask_device() -> tuple[str | None, str]:
    """Return what torch computes on and "", or None and the last line of its complaint."""
    try:
        answer = subprocess.run(
            [sys.executable, "-c", ASK_DEVICE],
            capture_output=True,
            text=True,
            timeout=DEVICE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, f"import torch did not end within {DEVICE_SECONDS} s"
    if answer.returncode == 0:
        return answer.stdout.strip(), ""
    said = answer.stderr.strip().splitlines()
    return None, said[-1] if said else f"import torch ended with status {answer.returncode}"


def memory_gib() -> float | None:
    """Return the machine's memory in GiB, or None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, ValueError):
        return None
