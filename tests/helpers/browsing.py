"""What tests in a browser share: a bare environment, a server that answers, a page."""

import contextlib
import os
import re
import shutil
import socket
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

SECONDS = 60
"""Until JupyterLab has started, or a page shows what it must, on a busy machine."""
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def bare_environment(home):
    """Return an environment in which nothing but the path is set, and home is elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT")}
    return {**kept, "HOME": str(home), "USERPROFILE": str(home)}


def wait_for_address(process, log):
    """Return the address that JupyterLab writes to its log, once it answers there."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"http://localhost:\d+/\S+token=\w+", log.read_text())
        if found and listens(urlsplit(found.group()).port):
            return found.group()
        time.sleep(0.2)
    pytest.fail(f"JupyterLab printed no address that answers:\n{log.read_text()}")


def listens(port):
    """Return whether the port is open yet: JupyterLab prints its address just before."""
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0


@contextlib.contextmanager
def chromium(*arguments):
    """Yield a page of headless Chromium; skip, with a reason, where there is none.

    Args:
        arguments: what it is started with besides.
    """
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium on the path (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=[*QUIET, *arguments])
        page = started.new_page()
        page.set_default_timeout(1000 * SECONDS)
        expect.set_options(timeout=1000 * SECONDS)
        yield page
        started.close()
