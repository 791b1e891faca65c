"""What tests of the playground share: a copy of it, and a page that shows it."""

import base64
import contextlib
import json

import browsing
from once_a_run import made_once
from pages import playground
from safetensors.numpy import load
from serving import served

READY = "performance.getEntriesByName('ready').length > 0"


def exported(tmp_path_factory):
    """Return a folder with the playground in it; it is written once in a test run."""
    folder, _ = made_once(tmp_path_factory, "playground", _export)
    return folder


def _export(folder):
    playground.export(folder)
    return ""


def stored(folder):
    """Return what the page holds of the drawn pictures: a row of features each."""
    script = (folder / "data" / "start.js").read_text()
    return load(base64.b64decode(script.split('"')[1]))["pictures"]


@contextlib.contextmanager
def played(folder):
    """Yield a page that shows the playground, and what it asked for and complained of."""
    with browsing.chromium() as page, served(folder) as address:
        page.emulate_media(reduced_motion="reduce")
        page.requested, page.complaints = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.address = f"{address}/"
        show(page, f"{address}/index.html")
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
