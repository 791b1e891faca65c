"""What the help of every command says: the exit statuses, for a terminal of any encoding."""

import re
from types import ModuleType

import pytest

from mmcourse.__main__ import main


def help_of(command: ModuleType, capsys: pytest.CaptureFixture[str], documented: str) -> str:
    """Return a command's help, after asking that it and the docstring state the exit statuses.

    Args:
        command: its package.
        capsys: pytest's.
        documented: how the docstring's paragraph of them begins.
    """
    with pytest.raises(SystemExit) as ended:
        main([command.__name__.rpartition(".")[2], "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for status in (0, 1, 2, 130):
        assert re.search(rf"^  {status}  \w", said, re.MULTILINE), f"no status {status}"
    assert said.isascii()
    assert documented in " ".join(str(command.__doc__).split())
    return said
