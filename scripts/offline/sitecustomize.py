"""Switch the network off in every Python that finds this file at its start.

Put this folder on PYTHONPATH: a connection or a name look-up beyond this machine then
fails at once, in kernels and in the programs they start. Kernels talk to Jupyter over the
loopback, which stays open. Leaves out programs that are not Python.
"""

import sys

LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}
WATCHED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}
"""Each event, and which of its arguments names the other side."""


def refuse(event, arguments):
    """Raise ConnectionRefusedError where an event reaches beyond this machine."""
    if event not in WATCHED:
        return
    other = arguments[WATCHED[event]]
    host = other[0] if isinstance(other, tuple) else other
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    on_this_machine = host is None or host in LOOPBACK or str(host).startswith(("127.", "/"))
    if not on_this_machine:
        raise ConnectionRefusedError(
            f"the network is off in lessons and tests; asked for {host}"
        )


sys.addaudithook(refuse)
