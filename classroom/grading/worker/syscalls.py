"""A seccomp filter: the system calls that no exercise needs, and most escapes do.

Refused are those that reach the kernel, outlive a process or act on another one, of the same
user perhaps: that one may be the grader, or its next submission. A process may signal itself,
and the filter knows its number; those that it starts may signal nobody but it. Where no
namespace stands, sockets are refused too, and what Landlock overlooks: modes and times of
files, and on old kernels their lengths. Known for x86-64 and arm64; elsewhere there is no
filter, and the other walls stand alone.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator, Mapping, Sequence

from .calls import ATTRIBUTES, MACHINES, OTHERS, REFUSED, SETTINGS, SIGNALS, numbers

SET_SECCOMP, FILTER = 22, 2  # prctl's option, and seccomp's mode
KILL, ERROR, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
AUDITED = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000
ALL = 0xFFFFFFFF

CLONE_NEWUSER = 0x10000000
KINDS, STREAM, PACKETS = 0xF, 1, 5  # of a pair of sockets; the others can send elsewhere
BUFFERS = (7, 8)  # SO_SNDBUF SO_RCVBUF: what a full socket holds is in no process's memory
OWNERS_AND_LEASES = (8, 10, 15, 1024)  # F_SETOWN F_SETSIG F_SETOWN_EX F_SETLEASE
TERMINAL_AND_OWNERS = (0x5412, 0x8901, 0x8902)  # TIOCSTI FIOSETOWN SIOCSPGRP
SCHED_CORE = 62
EMPTYING, TO_READ = 0x203, 0x200  # O_TRUNC and the mode of access; O_TRUNC | O_RDONLY

Line = tuple[int, int, int, int]
NO: Line = (RETURN, 0, 0, ERROR | errno.EPERM)
YES: Line = (RETURN, 0, 0, ALLOW)
NO_SUCH_CALL: Line = (RETURN, 0, 0, ERROR | errno.ENOSYS)
NOTHING_DONE: Line = (RETURN, 0, 0, ERROR)
"""Said to be done, and skipped: `shutil.copy` sets modes and would fail, a daemon leaves its
session. Linux gives each session the same share of the processor, where its setting
`sched_autogroup_enabled` is 1, so that a submission with many had nearly all of it."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def refuse(*, namespaces: bool) -> bool:
    """Install the filter for this process and all that it starts; return whether there is one.

    Args:
        namespaces: whether they stand around this process; if not, more is refused.

    Raises:
        OSError: where the kernel does not take it; `no_new_privs` must be set.
    """
    machine = platform.machine()
    if machine not in MACHINES:
        return False
    code = program(machine, os.getpid(), namespaces=namespaces)
    kept = ctypes.create_string_buffer(code, len(code))
    wanted = _Program(len(code) // 8, ctypes.cast(kept, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(wanted), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel took no seccomp filter")
    return True


def program(machine: str, process: int, *, namespaces: bool) -> bytes:
    """Return the filter as instructions of 8 bytes: code, jump if true, if false, operand.

    Args:
        machine: as `platform.machine` names it.
        process: the one that may signal itself.
        namespaces: whether they stand.
    """
    lines: list[Line] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, AUDITED[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if machine == "x86_64":  # the 32-bit names of the same calls
        lines += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)]
    for number in numbers(REFUSED, machine).values():
        lines += [(EQUAL, 0, 1, number), NO]
    for number in numbers(SIGNALS, machine).values():
        lines += _only(number, 0, (process,))
    for number in numbers(SETTINGS, machine).values():
        lines += _only(number, 0, (0, process))
    others = numbers(OTHERS, machine)
    lines += [(EQUAL, 0, 1, others["clone3"]), NO_SUCH_CALL]
    lines += [(EQUAL, 0, 1, others["setsid"]), NOTHING_DONE]
    lines += _only(others["clone"], 0, (0,), of=CLONE_NEWUSER)  # the one libc then takes
    lines += _never(others["fcntl"], 1, OWNERS_AND_LEASES)
    lines += _never(others["setsockopt"], 2, BUFFERS)
    lines += _never(others["ioctl"], 1, TERMINAL_AND_OWNERS)
    lines += _never(others["prctl"], 0, (SCHED_CORE,))
    if not namespaces:
        lines += _beside_landlock(machine, others)
    return b"".join(struct.pack("HBBI", *line) for line in (*lines, YES))


def _beside_landlock(machine: str, others: Mapping[str, int]) -> Iterator[Line]:
    yield from [(EQUAL, 0, 1, others["socket"]), NO]
    yield from _only(others["socketpair"], 1, (STREAM, PACKETS), of=KINDS)
    for number in numbers(ATTRIBUTES, machine).values():
        yield from [(EQUAL, 0, 1, number), NOTHING_DONE]
    yield from [(EQUAL, 0, 1, others["truncate"]), NO]
    yield from [(EQUAL, 0, 1, others["openat2"]), NO_SUCH_CALL]
    for name, flags in (("open", 1), ("openat", 2)):
        if name in others:
            yield from _never(others[name], flags, (TO_READ,), of=EMPTYING)


def _only(number: int, argument: int, values: Sequence[int], of: int = ALL) -> Iterator[Line]:
    """Yield what allows a call with these values of an argument's bits, and no others."""
    tests: list[Line] = [(AND, 0, 0, of)]
    for value in values:
        tests += [(EQUAL, 0, 1, value), YES]
    yield from _asked(number, argument, [*tests, NO])


def _never(number: int, argument: int, values: Sequence[int], of: int = ALL) -> Iterator[Line]:
    """Yield what refuses a call with these values of an argument's bits, and allows others."""
    tests: list[Line] = [(AND, 0, 0, of)]
    for value in values:
        tests += [(EQUAL, 0, 1, value), NO]
    yield from _asked(number, argument, [*tests, YES])


def _asked(number: int, argument: int, tests: Sequence[Line]) -> Iterator[Line]:
    """Yield what tests the low half of an argument of one call, and skips that for others."""
    yield (EQUAL, 0, len(tests) + 1, number)
    yield (LOAD, 0, 0, ARGUMENTS + 8 * argument)
    yield from tests
