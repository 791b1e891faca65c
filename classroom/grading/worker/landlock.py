"""Landlock: what a process may read, and the one folder that it may write.

For where no namespace is to be had: the kernel's own interface (5.13 and newer), without a
privilege. Leaves out what it cannot stop: looking at the names of files, and being seen in
the list of processes. Networks, signals, queues, and the modes, times and lengths of files
are closed by the filter of `syscalls`: Landlock overlooks them, or did before 6.12.
"""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446
ASK_VERSION = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
FILES_BY_VERSION = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights over files each version knows, where the number grows."""
SIGNALS_FROM = 6
SIGNALS = 3  # abstract sockets and signals stay inside
LIBC = ctypes.CDLL(None, use_errno=True)
NAMES_ONLY = "names:"
"""Begins a path whose folders may be listed, and whose files may not be read."""


class _Rules(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the version of the kernel's Landlock; 0 where there is none."""
    return max(0, LIBC.syscall(CREATE, None, ctypes.c_size_t(0), ASK_VERSION))


def close_in(readable: Sequence[str], folder: str) -> None:
    """Let this process, and all that it starts, read `readable` and write in `folder` alone.

    Raises:
        OSError: where the kernel refuses.
    """
    known = version()
    everything = (
        1 << max(bits for first, bits in FILES_BY_VERSION.items() if known >= first)
    ) - 1
    rules = _Rules(everything, 0, SIGNALS if known >= SIGNALS_FROM else 0)
    size = 24 if known >= SIGNALS_FROM else 8
    made = _call(CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    try:
        for path in readable:
            names = path.startswith(NAMES_ONLY)
            rights = READ_DIR if names else READ_FILE | READ_DIR | EXECUTE
            _allow(made, Path(path.removeprefix(NAMES_ONLY)), rights)
        _allow(made, Path(os.devnull), READ_FILE | WRITE_FILE)
        _allow(made, Path("/dev/urandom"), READ_FILE)
        _allow(made, Path(folder), everything & ~EXECUTE)
        _call(RESTRICT, made, 0)
    finally:
        os.close(made)


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not path.is_dir():
            rights &= EXECUTE | WRITE_FILE | READ_FILE
        beneath = _Beneath(rights, opened)
        _call(ADD, rules, 1, ctypes.byref(beneath), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: object) -> int:
    status = LIBC.syscall(number, *arguments)
    if status < 0:
        raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
    return status
