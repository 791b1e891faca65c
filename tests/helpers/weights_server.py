"""A server on this machine that hands out one file, well or badly, and notes each request."""

import hashlib
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from mmcourse.clip.released.download import download
from mmcourse.clip.released.releases import RELEASES

CONTENT = np.random.default_rng(8).bytes(3_000_000)
"""A file that is right if its hash is: what it holds is for `checkpoints` to judge."""


@dataclass
class Server:
    """What the server does; a test may change it between two requests.

    Args:
        content: the file.
        etag: the name of its version; "" to give none.
        ranges: whether parts are handed out.
        lengths: whether an answer says how long it is.
        cuts: for each request that is still to come: bytes after which it is cut, or None.
        refusals: for each request that is still to come: the status to answer with, or None.
        shift: bytes by which the parts are not those that were asked for.
        hold: set to let an answer go on beyond its first half.
    """

    content: bytes
    etag: str = '"first"'
    ranges: bool = True
    lengths: bool = True
    cuts: list = field(default_factory=list)
    refusals: list = field(default_factory=list)
    shift: int = 0
    hold: threading.Event | None = None
    url: str = ""
    asked: list = field(default_factory=list)
    sent: list = field(default_factory=list)

    @property
    def ranges_asked(self):
        """The Range header of each request, None where it had none."""
        return [headers.get("Range") for _, headers in self.asked]


@contextmanager
def serving(content=CONTENT, *, path="/models/any.pt", **behaviour):
    """Serve a file at `server.url` for as long as the context lasts."""
    server = Server(content, **behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append((self.path, self.headers))
            status = server.refusals.pop(0) if server.refusals else None
            if self.path.startswith("/moved"):
                self.answer(302, Location=self.path.removeprefix("/moved"))
            elif status is not None:
                self.answer(status)
            else:
                with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked is gone
                    hand_out(self, server)

        def answer(self, status, **headers):
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name.replace("_", "-"), text)
            self.end_headers()

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}{path}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            if server.hold is not None:
                server.hold.set()
            http.shutdown()
            thread.join()


def hand_out(handler, server):
    """Answer with the file, or the part of it that was asked for."""
    whole, headers, start = server.content, {}, 0
    wanted = handler.headers.get("Range") if server.ranges else None
    if wanted and handler.headers.get("If-Range", server.etag) == server.etag:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(whole):
            handler.answer(416, Content_Range=f"bytes */{len(whole)}")
            return
        start += server.shift
        headers["Content_Range"] = f"bytes {start}-{len(whole) - 1}/{len(whole)}"
    if server.etag:
        headers["ETag"] = server.etag
    if server.lengths:
        headers["Content_Length"] = str(len(whole) - start)
    handler.answer(206 if "Content_Range" in headers else 200, **headers)
    stop = server.cuts.pop(0) if server.cuts else None
    body = whole[start:] if stop is None else whole[start : start + stop]
    half = len(body) // 2
    server.sent.append(len(body))
    handler.wfile.write(body[:half])
    handler.wfile.flush()
    if server.hold is not None:
        server.hold.wait(30)
    handler.wfile.write(body[half:])


def release(url, content=CONTENT, name="ViT-B/32"):
    """Return a release that lies at an address, and should hold these bytes."""
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(RELEASES[name], url=url, sha256=sha256)


def fetch(wanted, folder, pauses=(0,)):
    """Download a release without waiting between tries."""
    return download(wanted, folder, pauses=pauses)


def cut_at(server, folder, stop, wanted=None):
    """Leave the first `stop` bytes of the file in a folder, as a cut transfer does."""
    server.cuts = [stop]
    with pytest.raises(ConnectionError, match=rf"cut after {stop:,} of 3,000,000 bytes"):
        fetch(wanted or release(server.url), folder, pauses=())
    server.asked.clear()
    server.sent.clear()


def left(folder):
    """Return the names in a folder, but for the lock."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def nobody():
    """Return an address of this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/any.pt"


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    """Whatever proxy this machine has, its own server is spoken to directly."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("urllib.request._opener", None)  # it remembers proxies
