"""What `python` means in JupyterLab: in its terminals, and in a cell that says `!python`.

The folder of this Python's programs comes first on the path, as if its environment had been
activated. A shell reads its own start files after that, and pyenv's or conda's lines in them
put another Python before ours; so bash, zsh and fish are told to put ours first once more.
None is a login shell, for which /etc/profile may set the path anew. Leaves out other shells,
PowerShell among them: there, what their own start files do to the path stays.
"""

import os
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

FILES = Path(".jupyter", "terminal")
"""Where the shells' start files lie, in the course's folder."""

FISH = "set -gx PATH $MMCOURSE_PROGRAMS $PATH"


def programs() -> list[str]:
    """Return the folders that hold this Python and what is installed with it."""
    folders = [str(Path(sys.executable).parent), sysconfig.get_path("scripts")]
    return list(dict.fromkeys(folders))


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make `python` this one, as activating it would.

    Another environment that is active is no longer: IPython would take packages from it.
    """
    before = [environment["PATH"]] if environment.get("PATH") else []
    path = os.pathsep.join([*programs(), *before])
    isolated = sys.prefix != sys.base_prefix
    return {"PATH": path, **({"VIRTUAL_ENV": sys.prefix} if isolated else {})}


def options(root: Path, given: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Return JupyterLab's option for the shell of its terminals; none on Windows.

    Args:
        root: the course's folder.
        given: the reader's own options; a shell that these choose stays.
        environment: says which shell the reader uses.
    """
    if os.name == "nt" or any("terminado_settings" in one for one in given):
        return []
    return [
        f"--ServerApp.terminado_settings=shell_command={shlex.join(shell(root, environment))}"
    ]


def shell(root: Path, environment: Mapping[str, str]) -> list[str]:
    """Return the reader's shell as a command that puts this Python first, where we know how."""
    program = environment.get("SHELL") or shutil.which("bash") or "sh"
    files = root / FILES
    ours = ["env", f"MMCOURSE_PROGRAMS={programs()[0]}"]
    name = Path(program).name
    if name == "bash":
        return [*ours, program, "--rcfile", str(files / "bashrc")]
    if name == "zsh":
        theirs = environment.get("ZDOTDIR", "")
        return [*ours, f"MMCOURSE_ZDOTDIR={theirs}", f"ZDOTDIR={files}", program]
    return [*ours, program, "--init-command", FISH] if name == "fish" else [program]
