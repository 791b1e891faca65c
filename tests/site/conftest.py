"""The built site and the playground alone, each made once for all processes of a test run."""

import subprocess
import sys

import pytest
from browsing import chromium
from built_pages import Page
from once_a_run import made_once
from places import ROOT
from playing import exported, played, show
from serving import served

from mmcourse import clip


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of the built site; a warning of Sphinx fails what needs it."""
    built, said = made_once(tmp_path_factory, "site", _build)
    status, _, told = said.partition("\n")
    assert status == "0", told
    return built


def _build(folder):
    command = [sys.executable, ROOT / "scripts" / "build_site.py", "--into", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="session")
def pages(site):
    """Return every page of the built site, read; the theme brings files that are none."""
    found = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    return [Page(path) for path in found]


@pytest.fixture(scope="session")
def address(site):
    """Return where the built site is served."""
    with served(site) as address:
        yield address


@pytest.fixture
def page():
    """Return a page of headless Chromium."""
    with chromium() as page:
        yield page


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Return a folder with the playground in it, which takes no building of the site."""
    return exported(tmp_path_factory)


@pytest.fixture(scope="module")
def kept(folder):
    """Return a page that shows the playground, one for all tests of a file."""
    with played(folder) as shown:
        yield shown


@pytest.fixture
def visited(kept):
    """Return the playground as a visitor finds it; nothing may go wrong on it."""
    kept.requested.clear()
    kept.complaints.clear()
    kept.set_viewport_size({"width": 1200, "height": 900})
    show(kept, f"{kept.address}index.html")
    yield kept
    assert kept.complaints == []
    elsewhere = [url for url in kept.requested if not url.startswith((kept.address, "blob:"))]
    assert [url for url in elsewhere if not url.startswith("data:")] == []


@pytest.fixture(scope="session")
def model():
    """Return `tiny` in Python, which the playground is held to."""
    return clip.load("tiny", device="cpu")[0]
