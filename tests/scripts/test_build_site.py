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
    ],
)
def test_what_is_not_understood_is_named_before_anything_is_built(arguments, told, capsys):
    with pytest.raises(SystemExit) as stopped:
        build_site.main(arguments)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_only_what_was_gathered_lies_in_the_folder(tmp_path):
    (tmp_path / "old.md").write_text("gone")
    build_site.write({"a/b.md": "text", "c.png": b"PNG"}, tmp_path)
    assert (tmp_path / "a" / "b.md").read_text() == "text"
    assert (tmp_path / "c.png").read_bytes() == b"PNG"
    assert not (tmp_path / "old.md").exists()


def test_it_is_served_on_this_machine_alone_until_interrupted(tmp_path, interruptible):
    (tmp_path / "index.html").write_text("here")
    program = f"import build_site, pathlib as p; build_site.serve(p.Path({str(tmp_path)!r}), 0)"
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
