"""Which sandbox is taken where, and what is said first where none is."""

import os
import platform
import shutil

import pytest

from classroom.grading import sandbox
from classroom.grading.faults import BrokenError
from classroom.grading.sandbox import choose, remedy
from classroom.grading.worker import landlock

INSTALL = "Install bubblewrap: "
ORDINARY = "Or grade as an ordinary user: Landlock"
REFUSED = "the worker ended. bwrap: setting up uid map: Permission denied"
CASES = {
    # root, bwrap, Landlock's version -> how the remedy begins, what else it says, the reasons
    (True, False, 6): (
        "Install bubblewrap: apt-get",
        ORDINARY,
        "bubblewrap is not installed",
        "it does not hold root back",
    ),
    (True, True, 6): (
        "Grade where root may make namespaces",
        ORDINARY,
        REFUSED,
        "it does not hold root back",
    ),
    (True, False, 0): (
        INSTALL,
        "pacman",
        "bubblewrap is not installed",
        "this kernel has no Landlock",
    ),
    (False, False, 0): (
        "Install bubblewrap: sudo apt-get",
        "pacman",
        "bubblewrap is not installed",
        "this kernel has no Landlock",
    ),
    (False, True, 0): (
        "Let bubblewrap make namespaces",
        "AppArmor profile",
        REFUSED,
        "this kernel has no Landlock",
    ),
}


@pytest.fixture
def here(monkeypatch):
    """Make this machine another one, on which bubblewrap does not start."""

    def machine(*, root, bwrap, version):
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/bwrap" if bwrap else None)
        monkeypatch.setattr(landlock, "version", lambda: version)
        monkeypatch.setattr(sandbox, "Room", room)
        monkeypatch.setattr("sys.platform", "linux")

    def room(modules, limits, backend):
        del modules, limits
        if backend == "landlock":
            raise AssertionError("it starts")
        raise BrokenError(f"sandbox: {REFUSED}\nThis is no student's fault; see the doctor.")

    sandbox.refused.cache_clear()
    yield machine
    sandbox.refused.cache_clear()


@pytest.mark.parametrize(("root", "bwrap", "version"), CASES)
def test_the_remedy_that_works_comes_first(here, root, bwrap, version):
    here(root=root, bwrap=bwrap, version=version)
    begins, says, first, second = CASES[root, bwrap, version]
    with pytest.raises(BrokenError) as refused:
        choose()
    said, *reasons = str(refused.value).splitlines()
    assert said.startswith(f"sandbox: none starts here. {begins}")
    assert says in said
    assert (ORDINARY in said) == (says == ORDINARY)
    assert said.endswith("--trusted grades without a sandbox.")
    assert reasons == [f"namespaces: {first}", f"landlock: {second}"]


def test_an_ordinary_user_without_bubblewrap_gets_landlock(here, monkeypatch):
    here(root=False, bwrap=False, version=3)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    with pytest.raises(AssertionError, match="it starts"):
        choose()


def test_landlock_without_a_filter_is_no_sandbox(here, monkeypatch):
    here(root=False, bwrap=False, version=6)
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(BrokenError, match="on riscv64 it does not close the network"):
        choose()


def test_elsewhere_than_on_linux_nothing_is_tried(here, monkeypatch):
    here(root=True, bwrap=True, version=6)
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(BrokenError, match=r"none starts here\. Grade inside a Linux machine"):
        choose()
    assert "root" not in remedy()


def test_only_who_trusts_gets_none(here):
    here(root=True, bwrap=False, version=0)
    assert choose(trusted=True) == "none"
