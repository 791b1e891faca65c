"""What tests of the playground share: a copy of it, and a page that shows it."""

import base64
import contextlib
import functools
import http.server
import json
import os
import threading

import browsing
from filelock import FileLock
from pages import playground
from safetensors.numpy import load

READY = "performance.getEntriesByName('ready').length > 0"


def exported(tmp_path_factory):
    """Return a folder with the playground in it; it is written once in a test run."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder = shared / "playground"
    with FileLock(shared / "playground.lock"):
        if not (folder / "index.html").exists():
            playground.export(folder)
    return folder


def stored(folder):
    """Return what the page holds of the drawn pictures: a row of features each."""
    script = (folder / "data" / "start.js").read_text()
    return load(base64.b64decode(script.split('"')[1]))["pictures"]


@contextlib.contextmanager
def served(folder):
    """Yield the address at which a folder is served on this machine."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing."""


@contextlib.contextmanager
def played(folder):
    """Yield a page that shows the playground, and what it asked for and complained of."""
    with browsing.chromium() as page, served(folder) as address:
        page.emulate_media(reduced_motion="reduce")
        page.requested, page.complaints = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.address = address
        show(page, f"{address}index.html")
        yield page


def show(page, address):
    """Go to an address of the playground, and wait until it has answered."""
    page.goto(address)
    page.wait_for_function(READY)


def ask(page, function, argument=None):
    """Return what a function of the page gives, sent as ASCII, so that all texts arrive."""
    sent = json.dumps(argument)
    call = f"async (sent) => JSON.stringify(await ({function})(JSON.parse(sent)))"
    return json.loads(page.evaluate(call, sent))
