"""What is wrong with this environment, and the command that mends it.

A fault breaks something that mmcourse needs. A warning touches only other packages, or
comfort. Judges what `environment.py` found, and looks at nothing itself.
"""

import re

from classroom.desk.environment import Environment, Package
from classroom.desk.findings import Finding, Verdict
from classroom.desk.findings import table as table  # where edition 0.1 had it

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
LITTLE_MEMORY = 4.0
LITTLE_DISK = 1.0
OPENAI_CLIP = {"clip.py", "model.py", "simple_tokenizer.py"}
CLIP_SOURCE = "git+https://github.com/openai/CLIP.git@d05afc436d78f1c48dc0dbf8e5980a9d471f35f6"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"

RENAME = "rename it, and restart what runs"
WHEEL = "mmcourse-VERSION-py3-none-any.whl"


def examine(here: Environment) -> list[Finding]:
    """Return a finding for everything that was looked at, the machine first.

    Where faults are found outside a virtual environment and conda, one fault stands for all,
    if the course's folder is there to make one from.
    """
    needed = [_required(here, name, bounds) for name, bounds in here.required.items()]
    others = [_torchvision(here), _clip(here)]
    machine = [_python(here), _memory(here), _disk(here), _course(here)]
    hiding = [_hiding(path) for path in here.hiding]
    findings = [*machine, *hiding, *needed, *_device(here), *(one for one in others if one)]
    elsewhere = here.is_course and not here.isolated and not hiding
    if elsewhere and any(finding.verdict == "fault" for finding in findings):
        return [_elsewhere(here), *machine[:3]]
    return findings


def within(version: str, bounds: str) -> Verdict:
    """Return whether a version is inside `>=a,<b`: too old is a fault, too new a warning.

    >>> within("2.4.6", ">=2.1,<3"), within("2.0", ">=2.1,<3"), within("3.0.0", ">=2.1,<3")
    ('ok', 'fault', 'warning')
    """
    for sign, bound in re.findall(r"(>=|<)([\d.]+)", bounds):
        if sign == ">=" and _numbers(version) < _numbers(bound):
            return "fault"
        if sign == "<" and _numbers(version) >= _numbers(bound):
            return "warning"
    return "ok"


def _numbers(version: str) -> tuple[int, ...]:
    leading = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in leading.group().split(".")] if leading else []
    while numbers and numbers[-1] == 0:  # 3.0 and 3 are one version
        numbers.pop()
    return tuple(numbers)


def _elsewhere(here: Environment) -> Finding:
    mend = "make setup, then .venv/bin/python -m mmcourse doctor"
    reason = "this is not the course's Python"
    return Finding("environment", here.executable, "fault", reason, mend)


def _python(here: Environment) -> Finding:
    found = ".".join(map(str, here.python))
    another = "make setup PYTHON=python3.12"
    if not here.is_course:
        another = "python3.12 -m venv new, then install the course's wheel with its pip"
    if here.python[:2] < OLDEST_PYTHON:
        return Finding("Python", found, "fault", "3.11 or newer is needed", another)
    if here.python[:2] > NEWEST_PYTHON:
        return Finding("Python", found, "warning", "newer than those tried", another)
    return Finding("Python", found)


def _hiding(path: str) -> Finding:
    name = re.split(r"[/\\]", path)[-1].removesuffix(".py")
    return Finding(f"Python's {name}", path, "fault", "this hides Python's own module", RENAME)


def _memory(here: Environment) -> Finding:
    if here.memory is None:
        return Finding("memory", "not known")
    found = f"{here.memory:.1f} GiB"
    if here.memory < LITTLE_MEMORY:
        reason = f"lessons that train a model want {LITTLE_MEMORY:.0f} GiB"
        return Finding("memory", found, "warning", reason, "close other programs first")
    return Finding("memory", found)


def _disk(here: Environment) -> Finding:
    found = f"{here.disk:.1f} GiB free"
    if here.disk < LITTLE_DISK:
        reason = "your copies and results may not fit"
        return Finding("disk", found, "warning", reason, _pip(here, "cache purge"))
    return Finding("disk", found)


def _course(here: Environment) -> Finding:
    if here.course is None:
        mend = _install(here) if here.is_course else _pip(here, f"install {WHEEL}")
        return Finding("mmcourse", "missing", "fault", "it is not installed, or torn", mend)
    return Finding("mmcourse", here.course)


def _required(here: Environment, name: str, bounds: str) -> Finding:
    package = here.packages.get(name, Package())
    if package.shadow:
        reason, mend = f"{package.shadow} hides it: Python finds that first", RENAME
        return Finding(name, package.version or "hidden", "fault", reason, mend)
    if package.damaged:
        again = _pip(here, f"install --force-reinstall --no-deps {_quoted(name + bounds)}")
        return Finding(name, "damaged", "fault", "its METADATA cannot be read", again)
    if package.version is None:
        mend = _install(here, name, bounds)
        return Finding(name, "missing", "fault", f"mmcourse needs {bounds}", mend)
    if not package.importable:
        wheel = f"{name}=={package.version.partition('+')[0]}"
        index = f" --index-url {CPU_INDEX}" if name == "torch" and _for_cpu(package) else ""
        again = _pip(here, f"install --force-reinstall --no-deps {wheel}{index}")
        return Finding(name, package.version, "fault", "its files are missing", again)
    verdict = within(package.version, bounds)
    if verdict == "ok":
        return Finding(name, package.version)
    reason = f"mmcourse {'needs' if verdict == 'fault' else 'was tried with'} {bounds}"
    mend = _install(here, name, bounds) + (_cpu_too(here) if name == "torch" else "")
    return Finding(name, package.version, verdict, reason, mend)


def _device(here: Environment) -> list[Finding]:
    if here.device is not None:
        return [Finding("torch's device", here.device)]
    if not here.device_error:
        return []
    bounds = here.required.get("torch", "")
    again = f"{_install(here, 'torch', bounds)} --force-reinstall{_cpu_too(here)}"
    return [Finding("torch's device", "no answer", "fault", here.device_error, again)]


def _torchvision(here: Environment) -> Finding | None:
    vision = here.packages.get("torchvision", Package())
    if vision.version is None:
        return None
    torch = here.packages.get("torch", Package())
    found = " ".join(filter(None, (vision.version, vision.build)))
    if torch.build != "cpu" or not (vision.build or "").startswith("cuda"):
        return Finding("torchvision", found)
    reason = (
        "built for CUDA beside a torch built for the CPU: importing it fails with "
        "'operator torchvision::nms does not exist'; mmcourse does not need it"
    )
    wheel = f"torchvision=={vision.version.partition('+')[0]}"
    again = _pip(here, f"install --force-reinstall --no-deps {wheel} --index-url {CPU_INDEX}")
    return Finding("torchvision", found, "warning", reason, again)


def _clip(here: Environment) -> Finding | None:
    clip = here.packages.get("clip", Package())
    if not clip.importable and clip.version is None:
        return None
    if clip.shadow and clip.owners:
        reason = f"{clip.shadow} hides it: Python finds that first; mmcourse does not need it"
        return Finding("clip", " and ".join(clip.owners), "warning", reason, RENAME)
    if not clip.owners:
        reason = f"no package put {clip.shadow or 'it'} there; mmcourse does not need it"
        mend = "rename it: Python finds it before any package called clip"
        what = "a file" if (clip.shadow or "").endswith(".py") else "a folder"
        return Finding("clip", f"{what} of that name", "warning", reason, mend)
    away = _pip(here, f"uninstall --yes {' '.join(clip.owners)}")
    mend = f"{away} && {_pip(here, f'install --no-deps {_clip_parts(here)}')}"
    if len(clip.owners) > 1:
        reason = "these overwrite each other's files; mmcourse needs neither"
        return Finding("clip", " and ".join(clip.owners), "warning", reason, mend)
    found = f"{clip.owners[0]} {clip.version}"
    if not clip.files >= OPENAI_CLIP:
        reason = (
            "not OpenAI's: it has no clip.load (openai/CLIP #329); mmcourse does not need it"
        )
        return Finding("clip", found, "warning", reason, mend)
    return Finding("clip", found)


def _clip_parts(here: Environment) -> str:
    """Return OpenAI's clip and what it imports, for pip to install without another torch."""
    parts = f"{CLIP_SOURCE} ftfy packaging regex tqdm"
    torch = here.packages.get("torch", Package())
    stated = re.match(r"2\.(\d+)", torch.version or "")
    if here.packages.get("torchvision", Package()).version or not stated:
        return parts
    fitting = int(stated[1]) + 15  # 0.28 is made for 2.13, and so on
    return f'{parts} "torchvision==0.{fitting}.*"{_cpu_too(here)}'


def _for_cpu(package: Package) -> bool:
    return package.build == "cpu" or (package.version or "").endswith("+cpu")


def _cpu_too(here: Environment) -> str:
    torch = here.packages.get("torch", Package())
    return f" --extra-index-url {CPU_INDEX}" if _for_cpu(torch) else ""


def _install(here: Environment, name: str = "mmcourse", bounds: str = "") -> str:
    """Return what installs the course with all it needs; away from its folder, one package."""
    if not here.is_course:
        return _pip(here, f"install {_quoted(name + bounds)}")
    constraints = _quoted(f"{here.root}/constraints.txt")
    return _pip(here, f"install --editable {_quoted(here.root)} --constraint {constraints}")


def _pip(here: Environment, words: str) -> str:
    return f"{_quoted(here.executable)} -m pip {words}"


def _quoted(word: str) -> str:
    return f'"{word}"' if set(" <>") & set(word) else word
