"""A seccomp filter: the system calls that no exercise needs, and most escapes do.

Refused are those that make or join namespaces, mount, trace or read other processes, load
code into the kernel, or hold memory that no limit counts (memfd, System V shared memory).
Known for x86-64 and arm64; elsewhere there is no filter, and the other walls stand alone.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Mapping, Sequence

CLONE_NEWUSER = 0x10000000
SET_SECCOMP, FILTER = 22, 2  # prctl's option, and seccomp's mode
ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
X32 = 0x40000000

COMMON = (425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 447)
"""io_uring (3), the new mount calls (7), memfd_secret: one number on all machines."""

# ptrace mount umount2 pivot_root chroot unshare setns bpf perf_event_open userfaultfd
# add_key request_key keyctl kexec_load init_module delete_module finit_module
# name_to_handle_at open_by_handle_at process_vm_readv process_vm_writev kcmp
# syslog memfd_create shmget
X86_64 = """
101 165 166 155 161 272 308 321 298 323
248 249 250 246 175 176 313
303 304 310 311 312
103 319 29
"""
ARM64 = """
117 40 39 41 51 97 268 280 241 282
217 218 219 104 105 106 273
264 265 270 271 272
116 279 194
"""

REFUSED: Mapping[str, tuple[int, int, Sequence[int]]] = {
    # machine: audit architecture, number of clone, numbers refused
    "x86_64": (
        0xC000003E,
        56,
        tuple(map(int, X86_64.split())),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        tuple(map(int, ARM64.split())),
    ),
}
CLONE3 = 435
SOCKET = {"x86_64": (41,), "aarch64": (198,)}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def refuse(*, network: bool = False) -> bool:
    """Install the filter for this process and all that it starts; return whether there is one.

    Args:
        network: whether to refuse new sockets as well, where no namespace closes the network.

    Raises:
        OSError: where the kernel does not take it; `no_new_privs` must be set.
    """
    known = REFUSED.get(platform.machine())
    if known is None:
        return False
    architecture, clone, numbers = known
    code = program(
        architecture, clone, [*numbers, *(SOCKET[platform.machine()] if network else ())]
    )
    kept = ctypes.create_string_buffer(code, len(code))
    wanted = _Program(len(code) // 8, ctypes.cast(kept, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(wanted), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel took no seccomp filter")
    return True


def program(architecture: int, clone: int, numbers: Sequence[int]) -> bytes:
    """Return the filter as instructions of 8 bytes: code, jump if true, if false, operand."""
    refused = [*numbers, *COMMON]
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if architecture == REFUSED["x86_64"][0]:  # the 32-bit names of the same calls
        lines += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)]
    for number in refused:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | errno.EPERM)]
    lines += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, ERROR | errno.ENOSYS)]  # libc falls back
    lines += [
        (EQUAL, 0, 3, clone),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 0, 1, CLONE_NEWUSER),
        (RETURN, 0, 0, ERROR | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
