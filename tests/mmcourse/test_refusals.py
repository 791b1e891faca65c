"""Every refusal: whoever passes something wrong is told so, in the words that are written down.

`refusals` has a file of TOML for each entry of the map. Its `setup` makes what its calls share,
each `call` must raise what its entry `raises`, and the message `says` what it said when the
list was made; where that has changed since, `now` has today's words, and `now_raises` the
class. `{tmp}` stands for the path of the call's own folder. A refusal that was given up is
`struck`, with the reason. Leaves out what a call alone cannot reach: each file says in
`unreached` what and why.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from mmcourse.choice import VARIABLE

FOLDER = Path(__file__).with_name("refusals")
FILES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.toml"))
}
ALL = [(name, entry) for name, file in FILES.items() for entry in file["refusal"]]
STANDING = [(name, entry) for name, entry in ALL if "struck" not in entry]
STRUCK = [entry for _, entry in ALL if "struck" in entry]
ALWAYS, SOMETIMES = {"call", "cause", "raises", "says"}, {"now", "now_raises", "struck"}
MOST_STRUCK = 0.05
"""Share of all entries."""


def shortened(number, name, entry):
    """Return the name of a test: a number, the file, and what of the call fits into a line."""
    call = " ".join(entry["call"].split())[:72].encode("ascii", "replace").decode()
    return f"{number} {name}: {call}"


@cache
def prepared(name):
    """Return what the calls of a file share; none of them changes it."""
    space = {"__name__": name}
    exec(compile(FILES[name]["setup"], f"{name}.toml", "exec"), space)
    return space


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("name", "entry"),
    STANDING,
    ids=[shortened(number, *each) for number, each in enumerate(STANDING)],
)
def test_a_refusal_stands(name, entry, tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    call = compile(entry["call"], f"{name}.toml", "exec")
    with pytest.raises((Exception, SystemExit)) as raised:
        exec(call, prepared(name) | {"tmp": tmp_path})
    said = str(raised.value).replace(str(tmp_path), "{tmp}")
    assert type(raised.value).__name__ == entry.get("now_raises", entry["raises"]), said
    assert said == entry.get("now", entry["says"]), entry["cause"]


def test_every_entry_has_the_keys_that_are_known():
    assert len(FILES) == 39
    for name, file in FILES.items():
        assert {"setup", "refusal"} <= file.keys() <= {"setup", "refusal", "unreached"}, name
    for name, entry in ALL:
        assert ALWAYS <= entry.keys() <= ALWAYS | SOMETIMES, (name, entry["call"])
        assert all(isinstance(text, str) and text for text in entry.values()), entry["call"]
        assert entry["says"] != entry.get("now"), (name, entry["call"])
        assert entry["raises"] != entry.get("now_raises"), (name, entry["call"])


def test_no_call_is_listed_twice():
    calls = [(name, entry["call"]) for name, entry in ALL]
    assert len(set(calls)) == len(calls)


def test_few_refusals_are_struck_each_with_a_reason():
    assert len(STRUCK) <= MOST_STRUCK * len(ALL)
    assert [entry["call"] for entry in STRUCK if len(entry["struck"].split()) < 4] == []
