"""What the builder of the site understands, and how it serves."""

import os
import signal
import subprocess
import sys
import urllib.request

import build_site
import pytest
from places import ROOT


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--sreve"], "make site: error: unrecognized arguments: --sreve"),
        (["lessons"], "make site: error: unrecognized arguments: lessons"),
        (["--port", "x"], "make site: error: argument --port: invalid int value: 'x'"),
        (["--serve", "--port", "99999"], "make site: error: bind(): port must be 0-65535"),
        (["--serve", "--external"], "argument --external: not allowed with argument --serve"),
        (["--into", "."], "make site: error: a site is built into a new folder, or over an"),
        (["--into", "README.md"], "make site: error: a site is built into a new folder"),
    ],
)
def test_what_is_not_understood_is_named_before_anything_is_built(
    arguments, told, capsys, monkeypatch, tmp_path
):
    monkeypatch.setattr(build_site, "gather", lambda: pytest.fail("builds"))
    monkeypatch.setattr(build_site, "SITE", tmp_path / "site")
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as stopped:
        build_site.main(arguments)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_only_what_was_gathered_lies_in_the_folder(tmp_path):
    folder = tmp_path / "new"
    build_site.write({"old.md": "gone"}, folder)
    build_site.write({"a/b.md": "text", "c.png": b"PNG"}, folder)
    assert (folder / "a" / "b.md").read_text() == "text"
    assert (folder / "c.png").read_bytes() == b"PNG"
    assert not (folder / "old.md").exists()


def test_a_folder_that_was_not_made_here_is_left_as_it_is(tmp_path):
    (tmp_path / "thesis.md").write_text("years")
    with pytest.raises(ValueError, match="holds something else; name another one"):
        build_site.write({"a.md": "text"}, tmp_path)
    assert (tmp_path / "thesis.md").read_text() == "years"


def test_a_port_that_is_taken_is_named_before_anything_is_built(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_site, "gather", lambda: pytest.fail("builds"))
    with build_site.server(tmp_path, 0) as other:
        words = ["--serve", "--port", str(other.server_port), "--into", str(tmp_path / "new")]
        with pytest.raises(SystemExit):
            build_site.main(words)
    assert "Address already in use" in capsys.readouterr().err


def test_it_is_served_on_this_machine_alone_until_interrupted(tmp_path, interruptible):
    (tmp_path / "index.html").write_text("here")
    program = (
        "import pathlib; from build_site import serve, server;"
        f"serve(server(pathlib.Path({str(tmp_path)!r}), 0))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT / "scripts",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    address = process.stdout.readline().split()[0]
    assert address.startswith("http://127.0.0.1:")
    assert urllib.request.urlopen(address).read() == b"here"
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 0
