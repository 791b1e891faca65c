"""What an exercise's sandbox may see of this installation: its modules and data, no others.

A module of a package is looked up in the metadata of what is installed, and so is what that
package requires. Of mmcourse only the listed modules go in, with those they import; of
classroom nothing does but the worker: where notebooks look for checks lies a stand-in.
"""

import ast
import csv
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import metadata, util
from pathlib import Path

import mmcourse
from classroom.grading.data import files, place
from classroom.grading.faults import BrokenError

COURSE = Path(str(mmcourse.__file__)).resolve().parent
WORKER = Path(__file__).resolve().parents[1] / "worker"
STAND_IN = Path(__file__).resolve().parents[1] / "stand_in.py"
ALWAYS = ("numpy", "IPython")
"""What the worker itself imports."""
VOCABULARY = "bpe_simple_vocab_16e6.txt.gz"
"""CLIP's vocabulary, which `mmcourse.tokenizer` reads in the folder of one of two packages."""
SECRET = frozenset({"checks", "__main__"})
"""What of mmcourse reaches into classroom, and stays outside."""


def assemble(modules: Sequence[str], folder: Path, data: Sequence[str] = ()) -> dict[str, Path]:
    """Copy the worker, the listed modules of mmcourse and `data` into `folder`, for all.

    Returns:
        What is needed of other packages: names below site-packages, and where they lie.

    Raises:
        BrokenError: for a module or a file that does not exist, or must stay outside.
    """
    head = COURSE / "__init__.py"
    if closed := [name for name in modules if name.split(".")[0] == "classroom"]:
        raise _is_closed(closed[0])
    ours = [*modules, *_imports(head)]
    units = _units(name for name in ours if name.startswith("mmcourse."))
    _copy(WORKER, folder / "room" / "worker")
    course = folder / "course"
    for stand_in in ("classroom", "mmcourse/checks"):
        _copy(STAND_IN, course / stand_in / "__init__.py")
    for unit in (head, *units):
        _copy(unit, course / "mmcourse" / unit.name)
    (folder / "desk").mkdir()
    for name, source in files(data).items():
        _copy(source, folder / place(name))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    theirs = {name.split(".")[0] for name in modules}
    theirs |= {name.split(".")[0] for unit in units for name in _imports(unit)}
    found = installed(theirs - {"mmcourse"} - sys.stdlib_module_names | set(ALWAYS))
    return found | (_vocabulary() if "tokenizer" in {one.name for one in units} else {})


def installed(tops: Iterable[str]) -> dict[str, Path]:
    """Return the files and folders of some top-level modules and of all that they require.

    Raises:
        BrokenError: for a module that is not installed.
    """
    owners = _owners()
    found: dict[str, Path] = {}
    waiting = []
    for top in tops:
        if top in owners:
            waiting += owners[top]
        else:
            found |= _without_metadata(top)
    seen: set[str] = set()
    while waiting:
        name = _plain(waiting.pop())
        if name in seen or name == "mmcourse":
            continue
        seen.add(name)
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # required elsewhere: another system or version
            continue
        waiting += _requirements(package)
        found |= _entries(package)
    return found


@cache
def _owners() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(package: metadata.Distribution) -> Iterator[str]:
    for line in package.requires or ():
        name = re.match(r"[\w.-]+", line)
        if name and "extra ==" not in line and "extra==" not in line:
            yield name.group()


def _entries(package: metadata.Distribution) -> dict[str, Path]:
    """Return what a package put into site-packages itself: `torch`, `six.py`, its metadata."""
    record = package.read_text("RECORD") or ""
    firsts = {Path(row[0]).parts[0] for row in csv.reader(record.splitlines()) if row}
    place = Path(str(package.locate_file("")))
    kept = (name for name in firsts if name not in ("..", "/", "__pycache__"))
    return {name: place / name for name in kept if not name.endswith(".pth")}


def _without_metadata(top: str) -> dict[str, Path]:
    spec = util.find_spec(top)
    if spec is None or spec.origin is None:
        raise BrokenError(
            f"sandbox: an exercise lists the module {top!r}, which is not installed here. "
            "Install it: make setup."
        )
    path = Path(spec.origin)
    path = path.parent if path.name == "__init__.py" else path
    return {path.name: path}


def _vocabulary() -> dict[str, Path]:
    """Return the file alone: importing the packages around it takes many more."""
    for name in ("open_clip", "clip"):
        spec = util.find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            if (path := Path(folder) / VOCABULARY).is_file():
                return {f"{name}/{VOCABULARY}": path}
    return {}


def _units(names: Iterable[str]) -> list[Path]:
    """Return the files and folders right below mmcourse that some of its modules need."""
    waiting, units = [name.split(".")[1] for name in names], {}
    while waiting:
        name = waiting.pop()
        if name in units:
            continue
        path = next((p for p in (COURSE / f"{name}.py", COURSE / name) if p.exists()), None)
        if path is None or name in SECRET:
            raise _is_closed(f"mmcourse.{name}")
        units[name] = path
        waiting += [
            used.split(".")[1] for used in _imports(path) if used.startswith("mmcourse.")
        ]
    return list(units.values())


def _is_closed(module: str) -> BrokenError:
    return BrokenError(
        f"sandbox: expected modules of mmcourse that exist and are open to students; "
        f"an exercise needs {module!r}. Take it off the exercise's list."
    )


@cache
def _imports(unit: Path) -> frozenset[str]:
    """Return the modules that a file, or the files of a folder, name in their imports."""
    names: set[str] = set()
    for file in [unit] if unit.suffix == ".py" else unit.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                within = node.module == "mmcourse"  # `from mmcourse import clip`
                names |= {f"mmcourse.{a.name}" for a in node.names} if within else {node.module}
    return frozenset(names)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)
