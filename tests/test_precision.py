"""The bench of half precision: what is measured goes on where it was cut off, and is told."""

import pytest
import torch

from bench import encoding, precision
from bench.precision import Row

GPU = Row("cuda", "float16", 8, 5000.0, 176.0, 90.0, "a GPU", "2026-01-03")
CPU = Row("cpu", "bfloat16", 32, 12.5, 176.0, 68.6, "a machine", "2026-01-02")
READ = Row("read", "draft", 1, 40.0, 0.0, 0.0, "a machine", "2026-01-02")


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """Return a list of what is measured; results go to a folder of the test."""
    asked = []

    def measured(way, machine):
        asked.append(way)
        return Row(*way, 2.0, 1.0, 1.0, machine, "2026-01-02")

    monkeypatch.setattr(precision, "measured", measured)
    monkeypatch.setattr(precision, "this_machine", lambda device: "a machine")
    path = tmp_path / "rows.csv"
    monkeypatch.setattr(precision.read, "__defaults__", (path,))
    monkeypatch.setattr(precision.write, "__defaults__", (path,))
    monkeypatch.setattr(precision, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    return asked


def test_what_has_been_measured_here_is_not_measured_again(bench):
    first, *others = precision.ways(gpu=False)
    precision.write([Row(*first, 2.0, 1.0, 1.0, "a machine", "2026-01-01")])
    precision.main([])
    assert bench == others


def test_what_another_machine_measured_is_kept(bench):
    elsewhere = Row("cpu", "float32", 1, 9.0, 1.0, 1.0, "another", "2026-01-01")
    precision.write([elsewhere])
    precision.main([])
    assert bench == list(precision.ways(gpu=False))
    assert elsewhere in precision.read()


def test_asked_to_all_is_measured_again_in_place(bench):
    precision.main([])
    count = len(bench)
    precision.main(["--again"])
    assert len(bench) == 2 * count == 2 * len(precision.read())


def test_lines_are_read_as_they_were_written(tmp_path):
    precision.write([GPU, CPU, READ], tmp_path / "rows.csv")
    assert precision.read(tmp_path / "rows.csv") == [GPU, CPU, READ]


def test_time_is_worked_out_by_hand():
    assert CPU.minutes() == pytest.approx(10_000 / 12.5 / 60)
    page = precision.page([GPU, CPU, READ])
    assert "| cpu | bfloat16 | 32 | 12.5 | 176 | 69 | 13 min |" in page
    assert "| cuda | float16 | 8 | 5,000.0 | 176 | 90 | 2 s |" in page
    assert "| draft | 40.0 | 4 min |" in page
    assert "Measured on a GPU, 2026-01-03; a machine, 2026-01-02." in page


def test_a_page_without_a_gpu_says_so():
    assert "No GPU has been measured. `make bench` adds" in precision.page([CPU])
    assert "No GPU has been measured" not in precision.page([CPU, GPU])


def test_the_page_is_made_of_the_lines():
    assert precision.PAGE.read_text(encoding="utf-8") == precision.page(precision.read())


def test_only_a_gpu_that_is_there_is_measured():
    assert {way[0] for way in precision.ways(gpu=False)} == {"read", "cpu"}
    assert {way[0] for way in precision.ways(gpu=True)} == {"read", "cpu", "cuda"}


def test_an_unknown_word_is_refused(bench):
    with pytest.raises(SystemExit, match="takes --again or nothing; got now"):
        precision.main(["now"])


def test_the_rate_counts_what_was_done_not_the_first_round(monkeypatch):
    times = iter([10.0, 12.0, 12.0, 15.0, 15.0, 15.0])
    monkeypatch.setattr(encoding, "process_time", lambda: next(times))
    done = []
    rate = encoding._rate(lambda: done.append(1), 8, "cpu")
    assert (len(done), rate) == (3, 2 * 8 / 5.0)
