"""Started by root from a home that nobody else may enter, and by an ordinary user.

An interpreter, its packages and the course are copied into a home, and a whole run is made
from there, over submissions that only their owner may read.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import NUMPY, RIGHT
from places import HELPERS, ROOT
from sandboxed import AS_ROOT, needs

from classroom.grading.sandbox import mounts

pytestmark = [
    needs("namespaces"),
    pytest.mark.slow,
    pytest.mark.skipif(not AS_ROOT, reason="NOT ROOT: the tests of a start by root need it"),
]
NOBODY = 54_321
RUN = """
import sys
from hostile.toy import NUMPY
from classroom.grading import command
sys.exit(command.main(sys.argv[1:], lambda _: [NUMPY]))
"""
WHO = """
import os, pathlib
said = [os.getuid(), os.path.exists("/root"), pathlib.Path("/python/lib").is_dir()]
forks = 0
for _ in range(60):
    try:
        if not os.fork():
            import time
            time.sleep(60)
        forks += 1
    except OSError:
        break
print(*said, forks < 60)
"""


@pytest.fixture(scope="module")
def home():
    """A folder with a Python, what grading needs of packages, and the course of its own."""
    made = Path(tempfile.mkdtemp(prefix="home-"))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = made / "python" / "lib" / version
    unneeded = shutil.ignore_patterns("test", "site-packages", "dist-packages", "__pycache__")
    shutil.copytree(sysconfig.get_paths()["stdlib"], library, ignore=unneeded)
    (library / "site-packages").mkdir()
    (made / "python" / "bin").mkdir()
    interpreter = made / "python" / "bin" / version
    shutil.copy(Path(sys.executable).resolve(), interpreter)
    for shared in Path(sys.base_prefix, "lib").glob("libpython*"):
        shutil.copy(shared, made / "python" / "lib")
    needed = ("filelock", "IPython", "jinja2", "numpy")
    for name, path in mounts.installed(needed).items():
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, library / "site-packages" / name)
    kept = shutil.ignore_patterns("__pycache__", "weights")
    for package in ("classroom", "mmcourse"):
        shutil.copytree(ROOT / package, made / "course" / package, ignore=kept)
    shutil.copytree(HELPERS / "hostile", made / "course" / "hostile", ignore=kept)
    yield made, interpreter
    shutil.rmtree(made)


def graded(home, interpreter, user, *cells):
    """Grade one submission as `user`, from `home` and in it; return the report's row."""
    work = home / f"work-{user}"
    hand_in(work / "in", "ada", NUMPY.name, notebook(*cells))
    for path in [work, *work.rglob("*")]:
        os.chown(path, user, user)
        path.chmod(0o700 if path.is_dir() else 0o600)
    libraries = {"LD_LIBRARY_PATH": str(home / "python" / "lib")}
    done = subprocess.run(
        [interpreter, "-c", RUN, str(work / "in"), "--out", str(work / "out")],
        cwd=home / "course",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(home / "course"), **libraries},
        user=user,
        group=user,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    record = (work / "out" / "report.json").read_text(encoding="utf-8")
    shutil.rmtree(work)
    return done.stdout, record


@pytest.mark.parametrize("user", [0, NOBODY], ids=["root, from a 0700 home", "ordinary user"])
def test_a_run_works_and_its_worker_is_nobody(home, user):
    folder, interpreter = home
    folder.chmod(0o755 if user else 0o700)
    said, record = graded(folder, interpreter, user, *RIGHT, WHO)
    assert "ada, 90_numbers: graded 8 of 8" in said
    assert '"sandbox": "namespaces"' in record
    inside = 0 if user else r"19\d{8}"  # its own namespace's 0 has no power outside it
    assert re.search(rf'"text": "{inside} False True True\\n"', record), record[-500:]
