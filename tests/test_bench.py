"""The bench: its rows are found, its numbers are reckoned, and what falls behind is said."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from places import ROOT

import bench.__main__ as command
from bench import figure, memory, page, records
from bench.measure import LIMIT, OURS, Case, Times, measure
from bench.records import Record
from bench.rows import row

CLEARED = "/proc/self/clear_refs"
"""What makes Linux count a peak anew."""

RECORD = Record(
    row="loss",
    case="64 pairs",
    unit="calls/s",
    peer="a peer 1.0",
    ours=200.0,
    theirs=100.0,
    times=(2.0, 1.9, 2.2),
    limit="a product",
    of_limit=0.5,
    our_memory=3_000_000,
    their_memory=6_000_000,
    machine="a machine",
    date="2026-01-02",
    command='make bench ARGS="loss"',
)


def case(**changed):
    ways = {"ours": lambda: sum(range(20_000)), "peers": {"slow": lambda: sum(range(60_000))}}
    return Case(**{"name": "sums", "unit": "calls/s", "count": 1, **ways, **changed})


def python(*words, **environment):
    """Return what a new Python prints."""
    command, environment = [sys.executable, *words], {**os.environ, **environment}
    return subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=environment
    ).stdout


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Return a folder that records, page and figure go to."""
    monkeypatch.setattr(records.read, "__defaults__", (tmp_path / "results.json",))
    monkeypatch.setattr(records.write, "__defaults__", (tmp_path / "results.json",))
    monkeypatch.setattr(command, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(figure.draw, "__defaults__", (tmp_path / "results.png",))
    return tmp_path


@pytest.mark.slow
def test_every_row_finds_all_that_it_imports():
    found = "from bench.rows import names, row; assert all(row(name).TITLE for name in names())"
    assert python("-W", "error::ImportWarning", "-c", found) == ""


def test_every_round_has_its_own_ratio():
    times = Times({OURS: (1.0, 2.0, 4.0), "peer": (3.0, 4.0, 4.0)})
    assert times.ratio("peer") == (2.0, 1.0, 3.0)
    assert times.fastest(OURS) == 1.0


def test_all_ways_take_turns_and_the_first_round_is_not_counted():
    said = []
    made = case(
        ours=lambda: said.append(OURS),
        peers={"peer": lambda: said.append("peer")},
        limit=("nothing", lambda: said.append(LIMIT)),
    )
    times = measure(made, rounds=2)
    assert said == [OURS, "peer", LIMIT, LIMIT, "peer", OURS, OURS, "peer", LIMIT]
    assert {name: len(taken) for name, taken in times.seconds.items()} == {
        OURS: 2,
        "peer": 2,
        LIMIT: 2,
    }


def test_work_of_child_processes_is_counted():
    work = "sum(range(10**6))"
    child = case(ours=lambda: subprocess.run([sys.executable, "-c", work], check=True))
    assert measure(child, rounds=1).fastest(OURS) > 0.005


@pytest.mark.skipif(not os.access(CLEARED, os.W_OK), reason=f"{CLEARED} cannot be written")
def test_the_peak_of_memory_is_that_of_what_is_done():
    take = "from bench.memory import taken; print(taken(lambda: bytearray(50_000_000)))"
    taken = int(python("-c", take, **memory.GIVEN_BACK))  # a worker may have memory to spare
    assert taken == pytest.approx(5e7, rel=0.1)


def test_a_new_record_takes_the_place_of_an_older_version_and_leaves_other_machines():
    elsewhere = replace(RECORD, machine="another")
    newer = replace(RECORD, peer="a peer 2.0", ours=300.0)
    assert records.joined([RECORD, elsewhere], [newer]) == [newer, elsewhere]


@pytest.mark.parametrize(("now", "fell"), [(1.81, False), (1.79, True)])
def test_more_than_a_tenth_behind_what_is_published_is_a_fall(now, fell):
    new = replace(RECORD, times=(now, now, now))
    assert bool(list(records.fallen([RECORD], [new]))) == fell
    assert not list(records.fallen([replace(RECORD, machine="another")], [new]))


def test_records_come_back_from_their_file(files):
    records.write([RECORD])
    assert records.read() == [RECORD]


def test_a_line_says_rates_times_and_memory():
    assert page.line(RECORD) == (
        "| 64 pairs | 200 calls/s | a peer 1.0 | 100 calls/s | **2.00** (1.90 to 2.20) | 50% "
        "| 3, 6 |\n"
    )
    alone = replace(RECORD, peer="", limit="", their_memory=0)
    assert page.line(alone) == "| 64 pairs | 200 calls/s |  |  |  |  | 3 |\n"


def test_a_table_has_the_note_of_its_row():
    assert " ".join(row("loss").NOTE.split()) in " ".join(page.table("loss", [RECORD]).split())


@pytest.fixture
def measured(files, monkeypatch):
    """Publish a record; return what says how often faster the next run finds it."""
    records.write([RECORD])

    def run(times, *words):
        new = replace(RECORD, times=(times, times, times))
        monkeypatch.setattr(command, "measured", lambda name, large: iter([new]))
        return command.main(["loss", *words]), records.read()

    return run


def test_what_falls_behind_fails_and_stays_as_it_was_published(measured, capsys):
    assert measured(1.0) == (1, [RECORD])
    assert "loss: 64 pairs, beside a peer 1.0: published 2.00 times, now 1.00" in (
        capsys.readouterr().err
    )


def test_what_is_accepted_is_published(measured, files):
    status, kept = measured(1.0, "--accept")
    assert (status, kept[0].times[0]) == (0, 1.0)
    assert "**1.00**" in (files / "RESULTS.md").read_text()
    assert (files / "results.png").stat().st_size > 1000


def test_an_unknown_row_is_refused_with_all_that_there_are(capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main(["serch"])
    assert "expected some of" in capsys.readouterr().err


def test_the_page_is_what_the_records_say():
    assert (ROOT / "bench/RESULTS.md").read_text() == page.page(records.read())
