"""Files that hide packages, and packages with a torn description, made here."""

import importlib.util

import pytest

from classroom.desk.disguise import hiding_python, is_damaged, owners_of, shadow_of
from classroom.desk.environment import look_up, requirements, version_of


@pytest.mark.parametrize("name", ["numpy", "torch"])
def test_a_numpy_py_or_torch_py_beside_you_is_named(name, tmp_path, monkeypatch):
    (tmp_path / f"{name}.py").write_text("raise SystemExit('looked at, not imported')")
    monkeypatch.delitem(importlib.sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    found = look_up(name)
    assert found.shadow == str(tmp_path / f"{name}.py")
    assert found.version  # the right package is there all the same


def test_a_clip_py_beside_you_is_named_and_its_owner_kept(tmp_path, monkeypatch):
    package(tmp_path / "site", "clip-other", "Metadata-Version: 2.1\nName: clip-other\n")
    (tmp_path / "site" / "clip").mkdir()
    (tmp_path / "site" / "clip" / "__init__.py").touch()
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "clip.py").touch()
    monkeypatch.delitem(importlib.sys.modules, "clip", raising=False)
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "beside")
    found = look_up("clip")
    assert found.shadow == str(tmp_path / "beside" / "clip.py")
    assert "clip-other" in found.owners


def test_a_package_in_its_own_place_has_no_shadow():
    assert look_up("numpy").shadow is None
    assert shadow_of("nothing-of-that-name", None) is None


def package(site, name, description, record="clip/__init__.py,,\n"):
    """Put the description of a package into a folder."""
    folder = site / f"{name.replace('-', '_')}-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_bytes(description.encode("latin-1"))
    (folder / "RECORD").write_text(record)


TORN = ["", "Name: torn\n", "\xff\xfe\xe9: \xe9\n\n"]


@pytest.mark.parametrize("description", TORN)
def test_a_broken_metadata_is_told_of_and_ends_nothing(description, tmp_path, monkeypatch):
    package(tmp_path, "torn", description)
    monkeypatch.syspath_prepend(tmp_path)
    assert is_damaged("torn")
    assert version_of("torn") is None
    assert look_up("torn").damaged
    assert "numpy" in requirements()
    look_up("clip")


@pytest.mark.parametrize("record", ['"\n', "\0,\0\n", "a,b,c,d,e\n", ",,\n"])
def test_a_broken_record_ends_nothing(record, tmp_path, monkeypatch):
    package(tmp_path, "torn", "Metadata-Version: 2.1\nName: torn\nVersion: 1\n", record)
    monkeypatch.syspath_prepend(tmp_path)
    assert "torn" not in owners_of("clip")


def test_what_hides_a_module_of_python_is_found(tmp_path):
    (tmp_path / "random.py").touch()
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "__init__.py").touch()
    (tmp_path / "json").mkdir()  # a bare folder hides nothing
    (tmp_path / "mine.py").touch()
    found = [path.rpartition("/")[2] for path in hiding_python(tmp_path)]
    assert found == ["random.py", "types"]
    assert hiding_python(tmp_path / "nowhere") == ()
