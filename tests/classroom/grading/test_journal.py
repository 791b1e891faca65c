"""What a run has graded so far: kept whole, believed only as it was written, by one run."""

import dataclasses
import json
import random
import subprocess
import sys

import pytest

from classroom.grading.journal import NAME, Journal, seed_of
from classroom.grading.results import CaseResult, PropertyResult, QuestionResult, Result

HEAD = {"seed": 5, "sandbox": "namespaces", "exercises": {"90": "ab"}, "checks": {"90": "cd"}}


def result(student, points=3.0):
    case = CaseResult(label="“ä”\n", visible=True, status="passed")
    prop = PropertyResult(name="any shape", points=points, maximum=3.0, cases=(case,))
    question = QuestionResult(number="90.1", function="f", properties=(prop,))
    return Result(
        student=student,
        exercise="90_numbers",
        maximum=3.0,
        status="graded",
        questions=(question,),
        digest=f"digest of {student}",
    )


WRITTEN = [result("ada"), result("Zoë 李", 0.0), result("=1+1", 1.5)]


@pytest.fixture
def folder(tmp_path):
    with Journal(tmp_path / "out", HEAD) as journal:
        for one in WRITTEN:
            journal.add(one)
    return tmp_path / "out"


def opened(folder, head=HEAD):
    """Return the results in a journal."""
    with Journal(folder, head) as journal:
        return journal.results


def test_what_was_written_is_read(folder):
    assert opened(folder) == WRITTEN
    assert seed_of(folder) == 5


def test_a_result_is_on_the_disk_at_once(folder):
    with Journal(folder, HEAD) as journal:
        journal.add(result("eve"))
        assert len((folder / NAME).read_bytes().splitlines()) == 5


def test_a_result_is_known_by_its_notebook(folder):
    with Journal(folder, HEAD) as journal:
        assert journal.known("ada", "90_numbers", "digest of ada") == WRITTEN[0]
        assert journal.known("ada", "90_numbers", "another") is None


def test_of_a_student_who_is_graded_again_nothing_is_known(folder):
    with Journal(folder, HEAD, again=["ada"]) as journal:
        assert journal.known("ada", "90_numbers", "digest of ada") is None
        assert journal.known("=1+1", "90_numbers", "digest of =1+1") == WRITTEN[2]
        journal.add(result("ada", 1.0))
    with Journal(folder, HEAD) as journal:
        assert journal.known("ada", "90_numbers", "digest of ada") == result("ada", 1.0)


def test_a_run_of_another_exercise_adds_its_rows(folder):
    late = dataclasses.replace(result("eve"), late_days=2, points_after_late=1.5)
    other = dataclasses.replace(result("ada"), exercise="91_other")
    head = {"exercises": {"91_other": "gh"}, "checks": {"91_other": "ij"}}
    with Journal(folder, HEAD) as journal:
        assert journal.report([late, *WRITTEN], ["90_numbers"]) == [late, *WRITTEN]
    with Journal(folder, {**HEAD, **head}) as journal:
        rows = journal.report([other], ["91_other"])
        assert sorted(journal.head["checks"].items()) == [("90", "cd"), ("91_other", "ij")]
    assert [(one.student, one.exercise) for one in rows] == [
        ("=1+1", "90_numbers"),
        ("Zoë 李", "90_numbers"),
        ("ada", "90_numbers"),
        ("ada", "91_other"),
        ("eve", "90_numbers"),
    ]
    assert rows[-1] == late
    with Journal(folder, {**HEAD, **head}) as journal:  # who has gone from a run has no row
        assert journal.report(WRITTEN, ["90_numbers"])[-1] == other
        assert journal.known("ada", "90_numbers", "digest of ada") == WRITTEN[0]
    with pytest.raises(ValueError, match="differs in checks"):
        opened(folder, {**HEAD, "checks": {"91_other": "kl"}})


def test_a_row_that_stays_is_written_once(folder):
    for _ in range(2):
        with Journal(folder, HEAD) as journal:
            journal.report(WRITTEN, ["90_numbers"])
    assert len((folder / NAME).read_bytes().splitlines()) == 1 + 3 + 3


def test_a_line_cut_short_anywhere_is_dropped(folder):
    path = folder / NAME
    whole = path.read_bytes()
    start = whole.rstrip(b"\n").rindex(b"\n") + 1
    for length in range(start, len(whole)):
        path.write_bytes(whole[:length])
        assert opened(folder) == WRITTEN[:2]
        assert path.read_bytes() == whole[:start]


def test_a_journal_cut_short_in_its_head_is_begun_again(folder):
    path = folder / NAME
    path.write_bytes(path.read_bytes()[:9])
    assert opened(folder, {**HEAD, "seed": 6}) == []
    assert seed_of(folder) == 6


def test_no_flipped_bit_changes_a_grade_in_silence(folder):
    path = folder / NAME
    whole, chosen = path.read_bytes(), random.Random(5)
    kept = [WRITTEN[:count] for count in range(4)]
    refused = 0
    for _ in range(400):
        damaged = bytearray(whole)
        damaged[chosen.randrange(len(whole))] ^= 1 << chosen.randrange(8)
        path.write_bytes(damaged)
        try:
            assert opened(folder) in kept  # a last line without an end is graded again
        except ValueError as error:
            refused += "does not agree with its checksum" in str(error)
    assert refused > 390


def test_a_changed_line_is_told_with_its_number_and_what_to_do(folder):
    path = folder / NAME
    path.write_bytes(path.read_bytes().replace(b"1.5", b"2.5"))
    with pytest.raises(
        ValueError, match=r"grade: line 4 of .*jsonl must be .*Remove this line, and its sub"
    ):
        opened(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]))
    assert opened(folder) == WRITTEN[:2]


def test_a_line_that_means_the_same_but_is_not_ours_is_told(folder):
    path = folder / NAME
    path.write_bytes(path.read_bytes().replace(b'"student": "ada"', b'"student":  "ada"'))
    with pytest.raises(ValueError, match="line 2 of"):
        opened(folder)


def test_a_changed_head_is_told(folder):
    path = folder / NAME
    path.write_bytes(path.read_bytes().replace(b'"seed": 5', b'"seed": 6'))
    with pytest.raises(ValueError, match=r"line 1 of .* Give another folder to --out"):
        opened(folder, {**HEAD, "seed": 6})
    assert seed_of(folder) is None


def test_a_report_of_an_older_edition_is_refused_and_left(folder):
    path = folder / NAME
    old = "".join(f"{json.dumps(one)}\n" for one in [HEAD, WRITTEN[0].as_data()])
    path.write_text(old)
    with pytest.raises(ValueError, match=r"grade: .*out must hold .*older edition.* to --out"):
        opened(folder)
    assert path.read_text() == old


def test_a_run_with_other_questions_is_refused_and_left(folder):
    before = (folder / NAME).read_bytes()
    with pytest.raises(ValueError, match=r"a run that differs in checks, seed\. Give another"):
        opened(folder, {**HEAD, "seed": 6, "checks": {"90": "ef"}})
    assert (folder / NAME).read_bytes() == before
    assert opened(folder) == WRITTEN  # and nothing holds it


def test_a_second_run_is_refused_while_one_is_writing(folder):
    with (
        Journal(folder, HEAD),
        pytest.raises(ValueError, match=r"another run is writing to .*out\. Wait for it, or"),
    ):
        opened(folder)
    assert opened(folder) == WRITTEN


def test_a_run_of_another_process_is_noticed_and_one_that_died_lets_go(folder):
    program = (
        "import sys; from pathlib import Path; from classroom.grading.journal import Journal\n"
        f"with Journal(Path(sys.argv[1]), {HEAD}): print('open', flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(ValueError, match="another run is writing"):
            opened(folder)
        other.kill()
        other.wait()
    assert opened(folder) == WRITTEN
