"""A submission acts on itself alone, though the grader and the worker may be the same user's.

Landlock keeps signals inside from Linux 6.12 on. The worker is tried as it is on older kernels
too, where nothing but the filter stands between a submission and its parent.
"""

import errno
import platform
import socket
import struct

import pytest
from sandboxed import needs, older_landlock, room, run

from classroom.grading.worker import calls, syscalls

pytestmark = pytest.mark.skipif(
    platform.machine() not in calls.MACHINES, reason="NO FILTER: another machine"
)
CALL = """
import ctypes, errno, os, resource, signal
libc = ctypes.CDLL(None, use_errno=True)
def refused(number, *words):
    status = libc.syscall(number, *[ctypes.c_long(one) for one in words])
    return status < 0 and errno.errorcode[ctypes.get_errno()] == "EPERM"
"""
ASK = """
import fcntl, os, signal  # signal 0 asks whether another might be sent
parent = os.getppid()
for kill in (
    lambda: os.kill(parent, 0),
    lambda: os.kill(-1, 0),
    lambda: os.killpg(os.getpgid(parent), 0),
    lambda: signal.pidfd_send_signal(os.pidfd_open(parent), 0),
    lambda: fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, parent),
):
    try:
        kill()
        print("sent")
    except PermissionError:
        pass
"""
QUEUE = """
import ctypes
libc = ctypes.CDLL(None)
print(libc.mq_open(b"/left", 0o102, 0o600, None))
print(libc.msgget(7, 0o1600), libc.semget(7, 1, 0o1600), libc.shmget(7, 9, 0o1600))
"""


@pytest.fixture(
    params=[
        pytest.param("namespaces", marks=needs("namespaces")),
        pytest.param("landlock", marks=needs("landlock")),
        pytest.param("an older landlock", marks=needs("landlock")),
    ]
)
def seat(request, tmp_path, monkeypatch):
    if request.param.startswith("an older"):
        older_landlock(tmp_path, monkeypatch)
    with room(backend=request.param.removeprefix("an older ")) as opened:
        yield opened.seat()


def test_nobody_is_signalled(seat):
    assert run(seat, ASK) == ""


@pytest.mark.parametrize("table", ["SIGNALS", "SETTINGS"])
def test_no_call_acts_on_another_process(seat, table):
    numbers = list(calls.numbers(getattr(calls, table), platform.machine()).values())
    look = f"print([refused(n, os.getpid() + 7, 0, 0, 0, 0) for n in {numbers}])"
    assert run(seat, CALL + look) == str([True] * len(numbers))


def test_a_process_signals_and_limits_itself(seat):
    source = """
import os, resource, signal
heard = []
signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
signal.pthread_kill(__import__("threading").get_ident(), signal.SIGUSR1)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.sched_setaffinity(0, os.sched_getaffinity(0))
print(len(heard))
"""
    assert run(seat, source) == "3"


@pytest.mark.parametrize("name", ["fcntl", "ioctl"])
def test_no_descriptor_signals_for_it(seat, name):
    refusals = {"fcntl": syscalls.OWNERS_AND_LEASES, "ioctl": syscalls.TERMINAL_AND_OWNERS}[
        name
    ]
    number = calls.numbers(calls.OTHERS, platform.machine())[name]
    look = f"print([refused({number}, os.pipe()[0], one, 1) for one in {refusals}])"
    assert run(seat, CALL + look) == str([True] * len(refusals))


def test_no_session_of_its_own_gives_it_a_larger_share_of_the_processor(seat):
    source = """
import os
before = os.getsid(0)
child = os.fork()
if not child:
    os.setsid()
    os._exit(os.getsid(0) != before)
print(os.waitpid(child, 0)[1])
"""
    assert run(seat, source) == "0"


def test_no_queue_of_messages_stays(seat):
    assert run(seat, QUEUE) == "-1\n-1 -1 -1"


def test_no_pair_of_sockets_sends_elsewhere(seat, tmp_path, request):
    if "landlock" not in request.node.callspec.params["seat"]:
        pytest.skip("the network's namespace holds that")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "log"))
        heard.settimeout(0.2)
        tmp_path.chmod(0o755)
        for kind in ("DGRAM", "RAW", "SEQPACKET", "STREAM"):
            source = f"import socket as s\na, b = s.socketpair(s.AF_UNIX, s.SOCK_{kind})\n"
            source += f"a.sendto(b'x', {str(tmp_path / 'log')!r})"
            seat.ask({"source": source}, seconds=5)
            with pytest.raises(TimeoutError):
                heard.recv(1)


@pytest.mark.parametrize("machine", calls.MACHINES)
def test_the_filter_says_the_same_on_every_machine(machine):
    code = syscalls.program(machine, 7, namespaces=False)
    tables = (calls.SIGNALS, calls.SETTINGS, calls.OTHERS)
    known = {name: n for table in tables for name, n in calls.numbers(table, machine).items()}
    no = 0x50000 | errno.EPERM
    for name, number in calls.numbers(calls.REFUSED, machine).items():
        assert decided(code, machine, number) == no, name
    for name in ("kill", "tgkill", "rt_sigqueueinfo", "prlimit64", "sched_setaffinity"):
        own, other, nought = (decided(code, machine, known[name], who) for who in (7, 8, 0))
        assert (own, other) == (ALLOWED, no)
        assert nought == (no if name in calls.SIGNALS else ALLOWED), name
    assert decided(code, machine, known["kill"], 2**64 - 7) == no, "a group of processes"
    assert decided(code, machine, known["clone"], 0x11) == ALLOWED
    assert decided(code, machine, known["clone"], 0x10000011) == no
    assert decided(code, machine, known["clone3"]) == 0x50000 | errno.ENOSYS
    assert decided(code, machine, known["fcntl"], 3, 1) == ALLOWED
    assert decided(code, machine, known["fcntl"], 3, 8) == no
    assert decided(code, machine, known["socket"]) == no
    assert decided(code, machine, known["socketpair"], 1, 0x80001) == ALLOWED
    assert decided(code, machine, known["socketpair"], 1, 0x80002) == no
    assert decided(code, machine, known["openat"], 0, 0, 0x200) == no, "emptied, to be read"
    for flags in (0, 1, 2, 0x201, 0x202, 0x80000):
        assert decided(code, machine, known["openat"], 0, 0, flags) == ALLOWED
    assert decided(code, machine, 500) == ALLOWED
    assert decided(code, "aarch64" if machine == "x86_64" else "x86_64", 500) == 0x80000000


ALLOWED = 0x7FFF0000


def decided(code, machine, number, *arguments):
    """Run a filter as the kernel does, on one call; return its decision."""
    words = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", number, syscalls.AUDITED[machine], 0, *words)
    lines, at, held = list(struct.iter_unpack("HBBI", code)), 0, 0
    while True:
        kind, yes, no, operand = lines[at]
        at += 1
        if kind == 0x06:
            return operand
        if kind == 0x20:
            held = int.from_bytes(data[operand : operand + 4], "little")
        elif kind == 0x54:
            held &= operand
        else:
            at += yes if {0x15: held == operand, 0x35: held >= operand}[kind] else no
