"""The doctor, against environments that are only described, and against this one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from classroom.desk.doctor import CLIP_SOURCE, RENAME, examine, within
from classroom.desk.environment import Environment, Package, memory_gib, observe
from classroom.desk.findings import Finding, as_data, table
from mmcourse.__main__ import main

OPENAI = frozenset({"__init__.py", "clip.py", "model.py", "simple_tokenizer.py"})
HEALTHY = Environment(
    python=(3, 12, 5),
    executable="/env/bin/python",
    root="/course",
    memory=7.9,
    disk=31.0,
    course="0.1.0",
    required={"numpy": ">=2.1,<3", "torch": ">=2.13,<2.14"},
    packages={
        "numpy": Package("2.4.6", importable=True),
        "torch": Package("2.13.0+cpu", importable=True, build="cpu"),
    },
    device="cpu",
)
INSTALL = (
    "/env/bin/python -m pip install --editable /course --constraint /course/constraints.txt"
)
CPU_TOO = " --extra-index-url https://download.pytorch.org/whl/cpu"
AGAIN = "/env/bin/python -m pip install --force-reinstall --no-deps "


def with_package(name, package):
    return replace(HEALTHY, packages={**HEALTHY.packages, name: package})


def the_one_bad(environment):
    (bad,) = (finding for finding in examine(environment) if finding.verdict != "ok")
    return bad


def test_a_healthy_environment_has_only_ok_findings():
    assert [(finding.subject, finding.found) for finding in examine(HEALTHY)] == [
        ("Python", "3.12.5"),
        ("memory", "7.9 GiB"),
        ("disk", "31.0 GiB free"),
        ("mmcourse", "0.1.0"),
        ("numpy", "2.4.6"),
        ("torch", "2.13.0+cpu"),
        ("torch's device", "cpu"),
    ]
    assert {finding.verdict for finding in examine(HEALTHY)} == {"ok"}


@pytest.mark.parametrize(
    ("environment", "subject", "verdict", "mend"),
    [
        (
            replace(HEALTHY, python=(3, 10, 12)),
            "Python",
            "fault",
            "make setup PYTHON=python3.12",
        ),
        (
            replace(HEALTHY, python=(3, 15, 0)),
            "Python",
            "warning",
            "make setup PYTHON=python3.12",
        ),
        (replace(HEALTHY, memory=3.9), "memory", "warning", "close other programs first"),
        (replace(HEALTHY, disk=0.5), "disk", "warning", "/env/bin/python -m pip cache purge"),
        (replace(HEALTHY, course=None), "mmcourse", "fault", INSTALL),
        (with_package("numpy", Package("1.26.4", importable=True)), "numpy", "fault", INSTALL),
        (with_package("numpy", Package("3.0.1", importable=True)), "numpy", "warning", INSTALL),
        (
            replace(with_package("numpy", Package("1.26.4", importable=True)), is_course=False),
            "numpy",
            "fault",
            '/env/bin/python -m pip install "numpy>=2.1,<3"',
        ),
        (
            with_package("numpy", Package("2.4.6", importable=False)),
            "numpy",
            "fault",
            AGAIN + "numpy==2.4.6",
        ),
        (
            replace(HEALTHY, device=None, device_error="ImportError: libgomp.so.1"),
            "torch's device",
            "fault",
            INSTALL + " --force-reinstall" + CPU_TOO,
        ),
        (
            with_package("torch", Package("2.12.1+cpu", importable=True, build="cpu")),
            "torch",
            "fault",
            INSTALL + CPU_TOO,
        ),
        (
            with_package("torch", Package("2.13.0+cpu", importable=False)),
            "torch",
            "fault",
            AGAIN + "torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu",
        ),
        (
            with_package("torch", Package("2.13.0+cu130", importable=False)),
            "torch",
            "fault",
            AGAIN + "torch==2.13.0",
        ),
    ],
)
def test_each_trouble_has_its_verdict_and_its_remedy(environment, subject, verdict, mend):
    bad = the_one_bad(environment)
    assert (bad.subject, bad.verdict, bad.mend) == (subject, verdict, mend)
    assert bad.reason


def test_missing_torch_is_one_fault_that_does_not_hide_the_rest():
    packages = {"numpy": HEALTHY.packages["numpy"]}
    bad = the_one_bad(replace(HEALTHY, packages=packages, device=None))
    assert bad == Finding("torch", "missing", "fault", "mmcourse needs >=2.13,<2.14", INSTALL)


def test_outside_an_environment_one_fault_stands_for_all_that_is_missing():
    bad = the_one_bad(replace(HEALTHY, isolated=False, course=None, packages={}, device=None))
    assert bad == Finding(
        "environment",
        "/env/bin/python",
        "fault",
        "this is not the course's Python",
        "make setup, then .venv/bin/python -m mmcourse doctor",
    )


def test_a_system_python_that_holds_everything_is_no_trouble():
    assert examine(replace(HEALTHY, isolated=False)) == examine(HEALTHY)


def test_memory_that_the_system_does_not_tell_is_no_trouble():
    assert examine(replace(HEALTHY, memory=None))[1] == Finding("memory", "not known")


@pytest.mark.parametrize(
    ("torch", "vision", "verdict"),
    [
        ("cpu", "cuda 13.0", "warning"),
        ("cpu", "cpu", "ok"),
        ("cuda 13.0", "cuda 13.0", "ok"),
        ("cpu", None, "ok"),
    ],
)
def test_only_a_cuda_torchvision_beside_a_cpu_torch_is_warned_of(torch, vision, verdict):
    packages = {
        **HEALTHY.packages,
        "torch": Package("2.13.0", importable=True, build=torch),
        "torchvision": Package("0.28.0", importable=True, build=vision),
    }
    finding = examine(replace(HEALTHY, packages=packages))[-1]
    assert (finding.subject, finding.verdict) == ("torchvision", verdict)
    if verdict == "warning":
        assert "torchvision::nms does not exist" in finding.reason
        assert "torchvision==0.28.0 --index-url" in finding.mend


def test_openai_clip_is_told_from_the_package_that_pypi_calls_clip():
    ours = Package("1.0", importable=True, files=OPENAI, owners=("clip",))
    assert examine(with_package("clip", ours))[-1] == Finding("clip", "clip 1.0")
    files = frozenset({"__init__.py", "core.py", "settings.py"})
    bad = the_one_bad(with_package("clip", replace(ours, version="0.2.0", files=files)))
    assert (bad.found, bad.verdict) == ("clip 0.2.0", "warning")
    assert "openai/CLIP #329" in bad.reason
    assert bad.mend == (
        "/env/bin/python -m pip uninstall --yes clip && "
        f"/env/bin/python -m pip install --no-deps {CLIP_SOURCE} ftfy packaging regex tqdm "
        f'"torchvision==0.28.*"{CPU_TOO}'
    )


def test_a_torchvision_that_is_there_is_left_alone_when_clip_is_mended():
    vision = with_package("torchvision", Package("0.28.0", importable=True, build="cpu"))
    wrong = Package("0.2.0", importable=True, owners=("clip",))
    bad = the_one_bad(replace(vision, packages={**vision.packages, "clip": wrong}))
    assert bad.mend.endswith(f"install --no-deps {CLIP_SOURCE} ftfy packaging regex tqdm")


def test_a_folder_called_clip_that_no_package_owns_is_named_as_one():
    bad = the_one_bad(with_package("clip", Package(None, importable=True)))
    assert (bad.found, bad.verdict) == ("a folder of that name", "warning")
    assert bad.mend == "rename it: Python finds it before any package called clip"


def test_a_clip_py_beside_you_condemns_no_package():
    ours = Package("1.0", importable=True, owners=("clip-anytorch",), shadow="/mine/clip.py")
    bad = the_one_bad(with_package("clip", ours))
    assert (bad.found, bad.verdict, bad.mend) == ("clip-anytorch", "warning", RENAME)
    assert bad.reason.startswith("/mine/clip.py hides it")
    alone = the_one_bad(with_package("clip", replace(ours, owners=(), version=None)))
    assert alone.found == "a file of that name"
    assert "/mine/clip.py" in alone.reason


@pytest.mark.parametrize("name", ["numpy", "torch"])
def test_a_numpy_py_or_torch_py_beside_you_is_blamed_itself(name):
    hidden = replace(HEALTHY.packages[name], shadow=f"/mine/{name}.py")
    bad = the_one_bad(replace(with_package(name, hidden), device=None))
    assert (bad.subject, bad.verdict, bad.mend) == (name, "fault", RENAME)
    assert bad.reason == f"/mine/{name}.py hides it: Python finds that first"


def test_a_file_that_hides_a_module_of_python_is_named():
    bad = the_one_bad(replace(HEALTHY, hiding=("/mine/random.py",), isolated=False))
    assert (bad.subject, bad.found) == ("Python's random", "/mine/random.py")
    assert bad.mend == RENAME


def test_a_package_whose_metadata_is_torn_is_installed_again():
    torn = Package(None, importable=True, damaged=True)
    bad = the_one_bad(with_package("numpy", torn))
    assert (bad.found, bad.reason) == ("damaged", "its METADATA cannot be read")
    assert bad.mend == AGAIN + '"numpy>=2.1,<3"'


@pytest.mark.parametrize(
    "trouble",
    [
        {"python": (3, 10, 12)},
        {"course": None},
        {"isolated": False, "course": None, "packages": {}},
        {"packages": {}},
    ],
)
def test_a_wheel_gets_no_command_that_needs_the_courses_folder(trouble):
    for bad in examine(replace(HEALTHY, is_course=False, **trouble)):
        assert "make" not in bad.mend
        assert "--editable" not in bad.mend
        assert "install mmcourse" not in bad.mend.replace("mmcourse-VERSION", "")
        assert bad.mend or bad.verdict == "ok"


def test_two_packages_that_own_the_folder_clip_are_both_taken_away():
    owners = ("clip", "clip-anytorch")
    both = Package("1.0", importable=True, files=OPENAI, owners=owners)
    bad = the_one_bad(with_package("clip", both))
    assert (bad.found, bad.verdict) == ("clip and clip-anytorch", "warning")
    assert bad.mend.startswith("/env/bin/python -m pip uninstall --yes clip clip-anytorch && ")


def test_a_path_with_a_space_is_quoted_in_every_command():
    spaced = replace(HEALTHY, executable="/my env/python", root="/my course", course=None)
    assert the_one_bad(spaced).mend == (
        '"/my env/python" -m pip install --editable "/my course" '
        '--constraint "/my course/constraints.txt"'
    )


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("2.1", "ok"),
        ("2.1.0", "ok"),
        ("2.0.9", "fault"),
        ("2.10.3+cpu", "ok"),
        ("2.99rc1", "ok"),
        ("3", "warning"),
        ("3.0.0", "warning"),
        ("unknown", "fault"),
    ],
)
def test_versions_are_compared_number_by_number(version, verdict):
    assert within(version, ">=2.1,<3.0") == verdict


def test_the_table_is_aligned_and_gives_each_remedy_below_its_line():
    findings = [
        Finding("numpy", "2.4.6"),
        Finding("clip", "clip 0.2.0", "warning", "wrong", "pip"),
    ]
    assert table(findings) == (
        "looked at  found       verdict\n"
        "numpy      2.4.6       ok\n"
        "clip       clip 0.2.0  warning\n"
        "    wrong\n"
        "    pip\n"
        "\n"
        "faults: 0, warnings: 1"
    )


def test_the_data_names_the_worst_verdict():
    ok, warning, fault = (Finding("a", "b", verdict) for verdict in ("ok", "warning", "fault"))
    assert as_data([ok])["verdict"] == "ok"
    assert as_data([ok, warning])["verdict"] == "warning"
    assert as_data([fault, warning])["verdict"] == "fault"


def test_this_environment_has_no_fault():
    here = observe()
    assert [finding for finding in examine(here) if finding.verdict == "fault"] == []
    assert here.memory == memory_gib()
    assert Path(here.root, "pyproject.toml").exists()


def test_the_command_prints_data_and_exits_0_here(capsys):
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] in ("ok", "warning")


def test_the_command_exits_1_on_a_fault(monkeypatch, capsys):
    monkeypatch.setattr(
        "classroom.desk.environment.observe", lambda: replace(HEALTHY, course=None)
    )
    assert main(["doctor"]) == 1
    assert "faults: 1" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["docter"], ["doctor", "--jsno"], ["fresh"]])
def test_what_is_not_understood_shows_the_usage_and_exits_2(words, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert "usage: python -m mmcourse" in capsys.readouterr().err
