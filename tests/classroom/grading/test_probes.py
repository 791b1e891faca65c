"""The doctor's seven attempts to get out: they fail in a sandbox, succeed without one."""

import contextlib

import pytest
from sandboxed import needs

from classroom import checks, grading
from classroom.grading.faults import BrokenError
from classroom.grading.probes import probe
from mmcourse.__main__ import main

SUBJECTS = [
    "sandbox",
    "network",
    "writing outside",
    "reading the answers",
    "signalling",
    "60 processes",
    "1 GB of memory",
    "surviving",
]


@needs("namespaces")
@pytest.mark.slow
def test_the_sandbox_holds_all_seven(capsys):
    assert main(["doctor", "--sandbox"]) == 0
    said = capsys.readouterr().out
    assert [line.split("  ")[0] for line in said.splitlines()[1:9]] == SUBJECTS
    assert said.rstrip().endswith("faults: 0, warnings: 0")


@pytest.mark.slow
def test_without_a_sandbox_the_probes_get_out():
    found = {one.subject: one for one in probe(trusted=True)}
    assert list(found) == SUBJECTS
    for subject in SUBJECTS[:5]:
        assert not found[subject].held, found[subject]
    assert "wrote" in found["writing outside"].said


def test_a_sandbox_that_does_not_start_is_a_fault(capsys, monkeypatch):
    def none(**_):
        raise BrokenError("sandbox: none starts here.")

    monkeypatch.setattr(grading.probes, "choose", none)
    monkeypatch.setattr(grading.probes, "refused", lambda backend: f"no {backend}")
    monkeypatch.setattr(grading.probes, "remedy", lambda: "Install bubblewrap.")
    assert main(["doctor", "--sandbox"]) == 1
    _, verdict, reason, mend, *_ = capsys.readouterr().out.splitlines()
    assert verdict.split() == ["sandbox", "none", "fault"]
    assert reason == "    namespaces: no namespaces; landlock: no landlock"
    assert mend == "    Install bubblewrap."


def test_landlock_is_a_fault_that_says_what_is_better(capsys, monkeypatch):
    monkeypatch.setattr(grading.probes, "choose", lambda **_: "landlock")
    monkeypatch.setattr(grading.probes, "refused", lambda backend: "bwrap: not permitted")
    monkeypatch.setattr(grading.probes, "remedy", lambda: "Grade as root.")
    monkeypatch.setattr(grading.probes, "TRIALS", {})
    monkeypatch.setattr(grading.probes, "Room", lambda *_: contextlib.nullcontext())
    assert main(["doctor", "--sandbox"]) == 1
    _, verdict, reason, mend, *_ = capsys.readouterr().out.splitlines()
    assert verdict.split() == ["sandbox", "landlock", "fault"]
    assert (reason, mend) == ("    namespaces: bwrap: not permitted", "    Grade as root.")


def test_the_command_knows_the_exercises_of_the_course(tmp_path, capsys):
    assert main(["grade", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 2
    assert "there is no" in capsys.readouterr().err
    words = ["grade", str(tmp_path), "--out", str(tmp_path / "out"), "--exercise", "99"]
    assert main(words) == 2
    assert "02_cosine_similarity" in capsys.readouterr().err


def test_another_exercise_that_is_half_written_hinders_nobody(tmp_path, capsys, monkeypatch):
    (tmp_path / "ex98_half").mkdir()
    (tmp_path / "ex98_half" / "__init__.py").write_text("EXERCISE = (")
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    words = ["grade", str(tmp_path / "none"), "--out", str(tmp_path / "out")]
    assert main([*words, "--exercise", "02_cosine_similarity"]) == 2
    assert "submissions" in capsys.readouterr().err
    assert main(words) == 3
    assert "cannot be loaded (SyntaxError" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["grade", "x", "--out", "y"], ["doctor", "--sandbox"]])
def test_elsewhere_than_on_linux_grading_says_where_to_go(words, capsys, monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    assert main(words) == 2
    assert "needs Linux" in capsys.readouterr().err
