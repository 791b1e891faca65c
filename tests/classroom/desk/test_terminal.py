"""In JupyterLab's terminals `python` is this one, whatever the shell's start files say."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

from classroom.desk import terminal

OURS = str(Path(sys.executable).parent)
unix = pytest.mark.skipif(os.name == "nt", reason="JupyterLab's shell is PowerShell there")


@pytest.fixture
def home(tmp_path):
    """Return a home whose start files put another Python first, and move zsh's folder."""
    (tmp_path / "zsh").mkdir()
    (tmp_path / ".bashrc").write_text("MINE=read\nPATH=/elsewhere:$PATH\n")
    (tmp_path / ".zshenv").write_text("ZDOTDIR=$HOME/zsh\n")
    (tmp_path / "zsh" / ".zshrc").write_text("MINE=read\npath=(/elsewhere $path)\n")
    (tmp_path / ".config" / "fish").mkdir(parents=True)
    fish = "set MINE read\nset -gx PATH /elsewhere $PATH\n"
    (tmp_path / ".config" / "fish" / "config.fish").write_text(fish)
    return tmp_path


def said(command, environment, words):
    """Return what an interactive shell prints, without a terminal."""
    done = subprocess.run(
        [*command, "-i", "-c", words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@unix
@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_python_is_ours_though_the_readers_start_file_names_another(name, home):
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"no {name} on the path")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "SHELL": program}
    environment |= terminal.variables(environment)
    command = terminal.shell(ROOT, environment)
    words = "command -v python; echo $MINE; env"
    python, mine, *rest = said(command, environment, words)
    assert Path(python) == Path(OURS, "python")
    assert mine == "read"
    assert any(one.startswith(f"PATH={OURS}:/elsewhere:") for one in rest)


@unix
def test_a_folder_with_a_space_survives_the_option():
    (option,) = terminal.options(Path("/my course"), [], {"SHELL": "/bin/bash"})
    name, _, value = option.partition("=shell_command=")
    assert name == "--ServerApp.terminado_settings"
    assert shlex.split(value)[-2:] == ["--rcfile", "/my course/.jupyter/terminal/bashrc"]


def test_a_shell_that_the_reader_asks_for_stays():
    given = ["--ServerApp.terminado_settings=shell_command=dash"]
    assert terminal.options(ROOT, given, {"SHELL": "/bin/bash"}) == []


@unix
def test_an_unknown_shell_is_started_as_it_is():
    assert terminal.shell(ROOT, {"SHELL": "/opt/bin/nu"}) == ["/opt/bin/nu"]


def test_no_variable_leaves_another_environment_active():
    made = terminal.variables({"PATH": "/usr/bin", "VIRTUAL_ENV": "/another"})
    assert made["PATH"].split(os.pathsep)[0] == OURS
    assert made["PATH"].split(os.pathsep)[-1] == "/usr/bin"
    assert made.get("VIRTUAL_ENV") == (sys.prefix if sys.prefix != sys.base_prefix else None)
    assert terminal.variables({})["PATH"] == os.pathsep.join(terminal.programs())
