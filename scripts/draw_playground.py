"""Draw docs/playground.png: the first screen of the playground, as a browser shows it.

Needs Chromium on the path, as the tests of pages do. Leaves out the rest of the page.

usage: python scripts/draw_playground.py
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from lessons import ROOT
from pages import playground
from PIL import Image
from playwright.sync_api import sync_playwright

FILE = ROOT / "docs" / "playground.png"
SIZE = {"width": 1200, "height": 1000}
READY = "performance.getEntriesByName('ready').length > 0"


def screen(address: str) -> bytes:
    """Return what a browser shows of a page first, in the light, as a PNG."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("draw_playground: expected chromium on the path (Debian: apt install).")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = started.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.goto(address)
        page.wait_for_function(READY)
        shown = page.screenshot()
        started.close()
    return shown


def main() -> None:
    """Write the picture, with 256 colours."""
    with tempfile.TemporaryDirectory() as folder:
        playground.export(Path(folder))
        shown = screen((Path(folder) / "index.html").as_uri())
    with Image.open(io.BytesIO(shown)) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(FILE, optimize=True)
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
