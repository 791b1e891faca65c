"""Build the site from what the repository holds: build/site, to be opened by any web server.

No notebook is run, and nothing is fetched. The pages are gathered in build/site-source; Sphinx
reads them there, and a warning of its is an error. The playground's data come from the shipped
weights. `--external` builds nothing: it asks every address that a page names.

usage: make site [ARGS=--serve]
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
from lessons import ROOT
from pages import api, bibliography, claims, documents, front, glossary, notebooks, playground
from pages.addresses import addresses
from pages.links import relinked
from pages.uses import names_used_here
from sphinx.cmd.build import main as sphinx

from mmcourse.lesson.claims import claimed

MAKERS: tuple[Callable[[Path], Mapping[str, str]], ...] = (
    documents.pages,
    api.pages,
    bibliography.pages,
    claims.pages,
    glossary.pages,
)
"""Who writes pages; a later one may write a page of an earlier one anew."""

BELOW_A_LESSON: tuple[Callable[[Path, str], str], ...] = (names_used_here,)
"""Who writes a part for the end of a lesson's page, given the root and the lesson's number."""

EXPORTS: Mapping[str, Callable[[Path], None]] = {"playground": playground.export}
"""Who fills a folder of the built site with files of its own, by the folder's name."""

SITE = ROOT / "build" / "site"
MARK = ".made_by_make_site"
"""Lies in every folder that is emptied here, so that no other one ever is."""

PICTURES = "_extra/pictures"
"""What lies in `_extra` goes into the site as it is."""


def gather(root: Path = ROOT) -> dict[str, str | bytes]:
    """Return all that Sphinx reads, by where it stands in the folder that Sphinx reads."""
    files: dict[str, str | bytes] = {**documents.figures(root)}
    pages: dict[str, str] = {}
    for maker in MAKERS:
        pages |= maker(root)
    for name, page in addresses(root).items():
        if page.endswith(".ipynb"):
            pages[page], pictures = _notebook(root, name, page)
            files |= {f"{PICTURES}/{file}": data for file, data in pictures.items()}
    pages["index.md"] = front.page(root, pages)
    return {**files, **pages}


def _notebook(root: Path, name: str, page: str) -> tuple[str, dict[str, bytes]]:
    """Return a lesson or an exercise as the page that Sphinx reads, and its pictures."""
    number = Path(name).name[:2]
    is_lesson = page.startswith("lessons/")
    made, pictures = notebooks.page(
        nbformat.read(root / name, as_version=4),
        Path(name).stem,
        claimed(number) if is_lesson else {},
        partial(relinked, here=name, pages=addresses(root)),
        [text for write in BELOW_A_LESSON if is_lesson and (text := write(root, number))],
    )
    return json.dumps(made, ensure_ascii=False, indent=1), pictures


def write(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Write files into a folder, and nothing else."""
    empty(folder)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def empty(folder: Path) -> None:
    """Make an empty folder, in place of one that was made here.

    Raises:
        ValueError: something else is there.
    """
    require_ours(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def require_ours(folder: Path) -> None:
    """Refuse to empty what was not made here.

    Raises:
        ValueError: it is a file, or a folder with something in it.
    """
    strange = folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file()
    if strange or folder.is_file():
        raise ValueError(
            f"a site is built into a new folder, or over an earlier site; got {folder}, which "
            "holds something else; name another one"
        )


def source_of(site: Path) -> Path:
    """Return the folder, beside the site's, that Sphinx reads."""
    return site.with_name(f"{site.name}-source")


def build(site: Path, builder: str = "html") -> int:
    """Build the site into a folder; return an exit status."""
    source = source_of(site)
    write(gather(), source)
    empty(site)
    settings = ["-W", "--keep-going", "-q", "-E", "-d", str(source / "_read")]
    extra = ["-D", f"html_extra_path={source / '_extra'}"]
    places = ["-c", str(ROOT / "site"), str(source), str(site)]
    if status := sphinx(["-b", builder, *settings, *extra, *places]):
        return status
    for name, export in EXPORTS.items() if builder == "html" else ():
        (site / name).mkdir(exist_ok=True)
        export(site / name)
    return 0


def server(site: Path, port: int) -> ThreadingHTTPServer:
    """Return what serves a folder, on this machine alone.

    Raises:
        OSError: the port is taken.
    """
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def serve(serving: ThreadingHTTPServer) -> None:
    """Serve until Ctrl-C."""
    with serving:
        print(f"http://127.0.0.1:{serving.server_port}/ (Ctrl-C ends)", flush=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print()


def parser() -> argparse.ArgumentParser:
    """Return what reads the options."""
    made = argparse.ArgumentParser(
        prog="make site", description=(__doc__ or "").partition("\n")[0]
    )
    made.add_argument("--port", type=int, default=8000, help="to serve on; 0 is any")
    made.add_argument("--into", type=Path, default=SITE, help="the folder to build")
    either = made.add_mutually_exclusive_group()
    either.add_argument("--serve", action="store_true", help="serve it on 127.0.0.1, too")
    either.add_argument(
        "--external", action="store_true", help="ask each external link in place of building"
    )
    return made


def main(arguments: list[str]) -> int:
    """Build, and serve if asked to; return an exit status."""
    asked = parser().parse_args(arguments)
    site = asked.into.resolve()
    if asked.external:
        return build(site.with_name(f"{site.name}-links"), "linkcheck")
    try:
        require_ours(site)
        require_ours(source_of(site))
        serving = server(site, asked.port) if asked.serve else None
    except (ValueError, OSError, OverflowError) as error:
        parser().error(str(error))
    if status := build(site):
        return status
    pages = list(site.rglob("*.html"))
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{site}: {len(pages)} pages, {size / 1e6:.0f} MB")
    if serving:
        serve(serving)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
