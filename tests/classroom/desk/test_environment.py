"""Looking at this machine: what is found by files and metadata, nothing imported."""

import subprocess
import sys

import pytest

from classroom.desk.environment import (
    ask_device,
    build_of,
    is_isolated,
    look_up,
    requirements,
    split_requirement,
)


@pytest.mark.parametrize(
    ("text", "build"),
    [
        ("__version__ = '2.13.0+cpu'\ncuda: Optional[str] = None\n", "cpu"),
        ("__version__ = '2.13.0'\ncuda: Optional[str] = '13.0'\nhip = None\n", "cuda 13.0"),
        ("__version__ = '0.28.0+cu126'\nif check() > 0:\n    cuda = check()\n", "cuda 12.6"),
        ("__version__ = '0.28.0+cpu'\n", "cpu"),
        ("__version__ = '0.28.0'\n", None),
    ],
)
def test_the_device_a_package_was_built_for_is_read_from_its_version_file(text, build):
    assert build_of(text) == build


def test_requirements_are_the_run_time_ones_of_pyproject():
    found = requirements()
    assert found["numpy"] == ">=2.1,<3"
    assert "pytest" not in found


def test_bounds_are_put_in_order_whatever_the_metadata_says():
    assert split_requirement("Pillow<14,>=11.3") == ("Pillow", ">=11.3,<14")


def test_a_wrong_clip_on_the_path_is_found_by_its_files_and_owner(tmp_path, monkeypatch):
    (tmp_path / "clip").mkdir()
    (tmp_path / "clip" / "__init__.py").write_text(
        "raise ImportError('looked at, not imported')"
    )
    described = tmp_path / "clip-0.2.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: clip\nVersion: 0.2.0\n")
    (described / "top_level.txt").write_text("clip\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = look_up("clip")
    assert (found.version, found.importable) == ("0.2.0", True)
    assert "__init__.py" in found.files
    assert "clip" in found.owners


def test_a_folder_left_without_its_files_is_not_importable(tmp_path, monkeypatch):
    (tmp_path / "half_removed" / "inner").mkdir(parents=True)
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert not look_up("half_removed").importable
    assert look_up("whole").importable
    assert not look_up("nowhere_at_all").importable


@pytest.mark.parametrize(
    ("base", "conda", "isolated"),
    [("elsewhere", False, True), ("here", False, False), ("here", True, True)],
)
def test_virtual_environments_and_conda_are_told_from_the_system(
    base, conda, isolated, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.prefix", str(tmp_path / "here"))
    monkeypatch.setattr("sys.base_prefix", str(tmp_path / base))
    if conda:
        (tmp_path / "here" / "conda-meta").mkdir(parents=True)
    assert is_isolated() is isolated


def test_a_torch_that_fails_to_start_is_reported_by_its_last_words(tmp_path, monkeypatch):
    (tmp_path / "torch.py").write_text("raise ImportError('no libgomp here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert ask_device() == (None, "ImportError: no libgomp here")


def test_a_torch_that_never_answers_is_given_up(tmp_path, monkeypatch):
    (tmp_path / "torch.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("classroom.desk.environment.DEVICE_SECONDS", 0.5)
    assert ask_device() == (None, "import torch did not end within 0.5 s")


def test_looking_imports_none_of_the_packages_looked_at():
    code = (
        "import sys; from classroom.desk import environment;"
        "environment.ask_device = lambda: (None, ''); here = environment.observe();"
        "print(*sorted({*here.required, 'PIL', 'torchvision', 'clip'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "\n"
