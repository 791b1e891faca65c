"""The scripts that run lessons and checks: what they drop, count and refuse."""

import json
import os
import platform
import subprocess
import sys
from xml.sax.saxutils import quoteattr

import lessons
import nbformat
import pytest
import run_checks
import run_lessons
from front_matter import FRONT, write_lesson
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from mmcourse.lesson import claims


def test_tidying_drops_timings_widgets_and_the_python_version():
    cell = nbformat.v4.new_code_cell(
        "x", metadata={"execution": {"iopub": "now"}, "tags": ["kept"]}
    )
    slider = nbformat.v4.new_output("display_data", {run_lessons.WIDGET: {"model_id": "7f"}})
    shown = nbformat.v4.new_output("display_data", {"text/plain": "kept"})
    cell.outputs = [slider, shown]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.update(
        widgets={"state": {}}, language_info={"name": "python", "version": "3"}
    )
    run_lessons.tidy(notebook)
    assert cell.metadata == {"tags": ["kept"]}
    assert cell.outputs == [shown]
    assert notebook.metadata == {"language_info": {"name": "python"}}


def test_tidying_leaves_the_picture_that_a_widget_keeps():
    data = {run_lessons.WIDGET: {"model_id": "7f"}, "image/png": "iVBO", "text/plain": "Figure"}
    known = {"image/png": {"alt": "An arrow turns."}}
    bundle = nbformat.v4.new_output("display_data", data, metadata=known)
    bar = {run_lessons.WIDGET: {"model_id": "8a"}, "text/plain": "HBox(children=(1, 2))"}
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [bundle, nbformat.v4.new_output("display_data", bar)]
    run_lessons.tidy(nbformat.v4.new_notebook(cells=[cell]))
    (kept,) = cell.outputs
    assert kept.data == {"image/png": "iVBO", "text/plain": "Figure"}
    assert kept.metadata == known


@pytest.mark.slow
def test_running_a_lesson_twice_changes_nothing_and_the_network_is_off(tmp_path, capfd):
    path = write_lesson(tmp_path, "01_a.ipynb", FRONT)
    notebook = nbformat.read(path, as_version=4)
    source = (
        "import socket\n"
        "try:\n    socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
        "except ConnectionRefusedError as error:\n    print(error)"
    )
    notebook.cells = [nbformat.v4.new_code_cell(source)]
    nbformat.write(notebook, path)
    run_lessons.run(lessons.read(path), tmp_path)
    once = path.read_bytes()
    run_lessons.run(lessons.read(path), tmp_path)
    assert path.read_bytes() == once
    assert capfd.readouterr().err == ""
    (output,) = nbformat.read(path, as_version=4).cells[0].outputs
    assert output.text == "the network is off in lessons and tests; asked for 192.0.2.1\n"


def claiming(folder, value):
    """Return the path of a lesson that claims a share of `value` to be at least 0.5."""
    path = write_lesson(folder, "01_a.ipynb", FRONT)
    notebook = nbformat.read(path, as_version=4)
    sources = [
        "from mmcourse.lesson import Claims\nclaim = Claims('01')",
        f"claim('share', {value}, 0.5, 1)\nclaim('it is so', True)",
        "print('went on')",
    ]
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(notebook, path)
    return path


@pytest.mark.slow
def test_a_lessons_claims_are_kept_as_data(tmp_path):
    path = claiming(tmp_path, 0.765432)
    run_lessons.run(lessons.read(path), tmp_path)
    kept = json.loads((tmp_path / "01.json").read_text(encoding="utf-8"))
    assert kept == {"share": 0.7654, "it is so": True}


@pytest.mark.slow
def test_a_lesson_with_a_false_claim_is_left_as_it_was(tmp_path):
    path = claiming(tmp_path, 0.25)
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match=r"claim: share must be 0.5 to 1; got 0.25"):
        run_lessons.run(lessons.read(path), tmp_path)
    assert path.read_bytes() == before
    assert not (tmp_path / "01.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("value", "failed"), [(0.25, 1), (0.75, 0)])
def test_a_false_claim_fails_make_test(value, failed, tmp_path, monkeypatch):
    path = claiming(tmp_path, value)
    monkeypatch.setattr(run_checks, "longest_first", lambda: [str(path)])
    outcome = run_checks.run("lessons", run_checks.CHECKS["lessons"], tmp_path)
    assert (outcome.failed, outcome.passed) == (failed, 3 - failed)


TWICE = """
import resource
import numpy as np

def asked_for():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones(10_000_000)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

asked_for()
print(asked_for())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries keep it or not")
def test_checks_ask_once_for_the_memory_of_equal_arrays():
    kept = run_checks.KEPT_MEMORY
    plain = {name: value for name, value in os.environ.items() if name not in kept}
    for environment, again in ((plain | kept, False), (plain, True)):
        said = subprocess.check_output([sys.executable, "-c", TWICE], env=environment)
        assert (int(said) > 10) == again


@pytest.mark.slow
def test_a_false_claim_stops_no_learner(tmp_path, monkeypatch):
    monkeypatch.delenv(claims.MODE, raising=False)
    notebook = nbformat.read(claiming(tmp_path, 0.25), as_version=4)
    NotebookClient(notebook, kernel_name="python3").execute()
    told, after = (cell.outputs[0].text for cell in notebook.cells[1:])
    assert told.startswith("share: 0.25; the course")
    assert after == "went on\n"


def test_only_lessons_that_exist_can_be_run(tmp_path):
    found = [lessons.read(write_lesson(tmp_path, f"0{n}_a.ipynb", FRONT)) for n in (1, 2, 4)]
    assert [lesson.number for lesson in run_lessons.choose(found, ["04", "01"])] == ["01", "04"]
    assert run_lessons.choose(found, []) == found
    with pytest.raises(
        ValueError, match=r"expected numbers of lessons \(01, 02, 04\); got \['3"
    ):
        run_lessons.choose(found, ["3", "01"])


def report(folder, *cases):
    path = folder / "report.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    return path


def test_checks_are_counted_with_the_reasons_of_the_skipped(tmp_path):
    skip = f"<testcase name='c'><skipped message={quoteattr('no chromium')}/></testcase>"
    path = report(
        tmp_path,
        "<testcase name='a'/>",
        "<testcase classname='t' name='b'><failure message='1 == 2&#10;more'/></testcase>",
        "<testcase classname='t' name='d'><error/></testcase>",
        skip,
        "<testcase name='e'/>",
        "<testcase name='f'/>",
    )
    outcome = run_checks.count(path, 1)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (3, 2, 1)
    assert outcome.reasons == ["c: no chromium"]
    assert outcome.faults == ["t.b: 1 == 2", "t.d: error"]


def test_a_tool_that_fails_without_naming_a_test_counts_as_one_failure(tmp_path):
    assert run_checks.count(report(tmp_path, "<testcase name='a'/>"), 3).failed == 1
    assert run_checks.count(tmp_path / "none.xml", 1) == run_checks.Outcome(failed=1)
    assert run_checks.count(tmp_path / "none.xml", 0) == run_checks.Outcome(passed=1)


def test_seconds_are_summed_for_each_notebook(tmp_path):
    path = report(
        tmp_path,
        "<testcase classname='notebooks.01_a.ipynb' name='1' time='2'/>"
        "<testcase classname='notebooks.01_a.ipynb' name='2' time='0.5'/>"
        "<testcase classname='solutions.02_b.02_b.ipynb' name='1' time='4'/>",
    )
    assert run_checks.seconds(path) == {"01_a.ipynb": 2.5, "02_b.ipynb": 4}


@pytest.mark.parametrize(
    ("code", "line", "status"), [(0, "1 passed, 0 failed", 0), (3, "0 passed, 1 failed", 1)]
)
def test_the_last_line_sums_up_and_the_status_follows(code, line, status, monkeypatch, capfd):
    command = [sys.executable, "-c", f"raise SystemExit({code})"]
    monkeypatch.setattr(run_checks, "CHECKS", {"only": command})
    assert run_checks.main([]) == status
    assert capfd.readouterr().out.splitlines()[-1] == f"{line}, 0 skipped"


def test_failed_tests_are_named_after_the_skipped(monkeypatch, capsys):
    fallen = run_checks.Outcome(failed=1, skipped=1, reasons=["gone"], faults=["t.b: 1 == 2"])
    monkeypatch.setattr(run_checks, "run", lambda *_: fallen)
    monkeypatch.setattr(run_checks, "CHECKS", {"only": []})
    assert run_checks.main([]) == 1
    said = capsys.readouterr().out.splitlines()[-4:-1]
    assert said == ["skipped: gone", "failed: only", "  t.b: 1 == 2"]


def test_the_closing_line_says_loudly_that_no_sandbox_was_there():
    untested = run_checks.Outcome(skipped=1, reasons=["test_x: NO SANDBOX (namespaces): gone"])
    other = run_checks.Outcome(skipped=1, reasons=["test_y: NO SANDBOX (landlock): as root"])
    said = run_checks.without_sandbox({"pytest": untested, "lessons": other})
    assert said == "; NO SANDBOX (namespaces): 1 TESTS OF GRADING DID NOT RUN"
    assert run_checks.without_sandbox({"pytest": other}) == ""


def test_an_unknown_check_lists_those_there_are(capsys):
    assert run_checks.main(["pytst"]) == 2
    assert "checks: expected some of ruff, format," in capsys.readouterr().err


def test_a_changed_check_is_tried_on_many_seeds(monkeypatch):
    def chosen(*files):
        monkeypatch.setattr(run_checks, "changed_files", lambda: list(files))
        return run_checks.choose(["--quick"])

    many = chosen("classroom/checks/ex02_a/b.py", "classroom/checks/ex07_a/b.py")["seeds"]
    assert many[-4:] == ["--seeds", "40", "-k", "ex02 or 02. or ex07 or 07."]
    assert "seeds" not in chosen("classroom/checks/judge.py")
    assert list(chosen("nothing.here")) == ["ruff", "format", "mypy", "imports", "changed"]
