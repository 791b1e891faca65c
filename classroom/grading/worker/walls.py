"""What a forked worker puts between itself and everything else, before a student's first line.

With namespaces: a process tree, mounts, network and IPC of its own, fresh folders to write
in, no capability, and, where the grader was started by root, a user that nobody else has.
Always: resource limits, `no_new_privs` and the filter of `syscalls`.
"""

import ctypes
import os
import resource
import socket
from collections.abc import Mapping
from pathlib import Path

from .syscalls import refuse

NEW_MOUNTS, NEW_NAMES, NEW_IPC, NEW_PROCESSES, NEW_NETWORK = (
    0x20000,
    0x4000000,
    0x8000000,
    0x20000000,
    0x40000000,
)
PRIVATE = 0x4000 | 0x40000  # MS_REC | MS_PRIVATE
BIND = 0x1000  # as much of a mount as is named, and as little to be written as there
NO_SETUID, NO_DEVICES, NO_PROGRAMS = 2, 4, 8
SET_DUMPABLE, DROP_BOUND, SET_NO_NEW_PRIVS, SET_CHILD_SUBREAPER = 4, 24, 38, 36
CAPABILITIES_VERSION = 0x20080522
WRITABLE = ("/desk", "/tmp", "/dev/shm")
FILES = Path("/files")
LIBC = ctypes.CDLL(None, use_errno=True)


def fork_inside() -> int:
    """Fork so that the child is the first process of a new tree; return as `os.fork` does."""
    mine = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        _do("unshare", LIBC.unshare(NEW_PROCESSES))
        child = os.fork()
        if child:  # else no second fork could succeed once this tree has ended
            _do("setns", LIBC.setns(mine, NEW_PROCESSES))
        return child
    finally:
        os.close(mine)


def close_in(user: int | None, limits: Mapping[str, int]) -> bool:
    """Put up the walls around this process; return whether a system call filter stands.

    Args:
        user: the id to become, where the sandbox was started by root.
        limits: of resources, by their names in the module `resource`, and "FOLDER" in bytes.

    Raises:
        OSError: where one of them cannot be put up.
        RuntimeError: where a privilege is left.
    """
    _do("unshare", LIBC.unshare(NEW_MOUNTS | NEW_NAMES | NEW_IPC | NEW_NETWORK))
    _do("mount /", LIBC.mount(None, b"/", None, PRIVATE, None))
    harmless = NO_SETUID | NO_DEVICES
    _do("mount /proc", LIBC.mount(b"proc", b"/proc", b"proc", harmless | NO_PROGRAMS, None))
    options = f"size={limits['FOLDER']},mode=1777".encode()
    for folder in WRITABLE:
        _do(folder, LIBC.mount(b"tmpfs", folder.encode(), b"tmpfs", harmless, options))
    for file in FILES.iterdir():
        _show(file, Path("/desk", file.name))
    if user is None:  # this user namespace's own limit; root's would be the whole machine's
        Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    socket.sethostname("sandbox")
    os.chdir("/desk")
    restrict(limits)
    _drop_privileges(user)
    filtered = refuse(namespaces=True)
    _nothing_left(user)
    return filtered


def restrict(limits: Mapping[str, int]) -> None:
    """Set the limits, be the first that a lack of memory ends, and gain no privilege."""
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    for name, limit in limits.items():
        if name != "FOLDER":
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit))
    _do("no_new_privs", LIBC.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def adopt_orphans() -> None:
    """Become the parent of whatever loses its own, where no process tree ends by itself."""
    _do("subreaper", LIBC.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def _show(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir()
    else:
        target.touch()
    _do(str(target), LIBC.mount(bytes(source), bytes(target), None, BIND, None))


def _drop_privileges(user: int | None) -> None:
    for capability in range(64):
        if LIBC.prctl(DROP_BOUND, capability, 0, 0, 0):
            break  # beyond the last that this kernel knows
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        _do("dumpable", LIBC.prctl(SET_DUMPABLE, 1, 0, 0, 0))  # its own /proc/self
    head = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    _do("capset", LIBC.capset(ctypes.byref(head), ctypes.byref(none)))


def _nothing_left(user: int | None) -> None:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    rows = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    kept = [name for name in ("CapEff", "CapPrm", "CapInh", "CapAmb") if int(rows[name], 16)]
    if kept or rows["NoNewPrivs"].strip() != "1" or (user and os.getresuid() != (user,) * 3):
        raise RuntimeError(f"walls: expected no privilege; {kept or 'a user id'} was left.")


def _do(what: str, status: int) -> None:
    if status:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
