"""The built site, made once for all processes of a test run."""

import http.server
import os
import subprocess
import sys
import threading
from functools import partial

import pytest
from browsing import chromium
from built_pages import Page
from filelock import FileLock
from places import ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of the built site; a warning of Sphinx fails what needs it."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent  # shared by all processes of this run
    built, said = folder / "site", folder / "site.txt"
    with FileLock(folder / "site.lock"):
        if not said.exists():
            command = [sys.executable, ROOT / "scripts" / "build_site.py", "--into", built]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            said.write_text(f"{done.returncode}\n{done.stdout}{done.stderr}", encoding="utf-8")
    status, _, told = said.read_text(encoding="utf-8").partition("\n")
    assert status == "0", told
    return built


@pytest.fixture(scope="session")
def pages(site):
    """Return every page of the built site, read; the theme brings files that are none."""
    found = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    return [Page(path) for path in found]


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site):
    """Return where the built site is served."""
    handler = partial(_Silent, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page():
    """Return a page of headless Chromium."""
    with chromium() as page:
        yield page
