"""What is made once in a test run, for all of its processes: whoever comes first makes it."""

import os

from filelock import FileLock


def made_once(tmp_path_factory, name, make):
    """Return a folder, and the text that `make` returned when it filled that folder.

    The text is kept beside the folder. It is written last, so where it is, the folder is whole;
    after a `make` that raised, the next process makes it anew.

    Args:
        name: of the folder within those of the run.
        make: a function of the folder.
    """
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent  # of all processes of this run
    folder, said = shared / name, shared / f"{name}.txt"
    with FileLock(shared / f"{name}.lock"):
        if not said.exists():
            said.write_text(make(folder), encoding="utf-8")
    return folder, said.read_text(encoding="utf-8")
