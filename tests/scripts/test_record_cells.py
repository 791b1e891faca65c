"""Recorded cells: what lessons show of code that they cannot run is what it printed."""

import json
import re

import nbformat
import numpy as np
import pytest
import record_cells
import shown_tables
from front_matter import FRONT, write_lesson
from peers import import_peer
from places import ROOT

from bench.precision import Row

ALL = {recording.path.stem: recording for recording in record_cells.recordings()}
PEERS = ("07_peers_ours", "07_peers_open_clip", "07_peers_transformers")
MOST_LINES, MOST_WORDS = 15, 60


def numbers(text):
    """Return the decimal numbers of a text, in order."""
    return np.array([float(found) for found in re.findall(r"-?\d+\.\d+", text)])


@pytest.mark.parametrize("recording", ALL.values(), ids=ALL)
class TestRecording:
    """What holds for every recording."""

    def test_says_what_it_printed_and_on_what(self, recording):
        assert recording.output.read_text(encoding="utf-8").strip()
        assert re.match(r"20\d\d-\d\d-\d\d, ", record_cells.read_made()[recording.path.stem])

    def test_is_short_to_read(self, recording):
        lines = [line.strip() for line in recording.code.splitlines()]
        code = [one for one in lines if one and not one.startswith(("#", "import ", "from "))]
        assert len(code) <= MOST_LINES
        assert len(recording.text.split()) <= MOST_WORDS


def test_lessons_show_what_was_recorded_and_what_the_data_say():
    expected = record_cells.cells()
    expected |= {cell: make() for cell, make in shown_tables.TABLES.items()}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["id"] in expected:
                assert "".join(cell["source"]) == expected[cell["id"]], (
                    "out of date: python scripts/record_cells.py"
                )


def test_three_packages_say_the_same_of_one_picture_and_one_text():
    ours, *others = (numbers(ALL[name].output.read_text(encoding="utf-8")) for name in PEERS)
    assert len(ours) == 4 + 4 + 2
    for other in others:
        np.testing.assert_allclose(other, ours, atol=1e-4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return where the files that recordings open are made, once for all."""
    import_peer("open_clip")
    import_peer("transformers")
    return tmp_path_factory.mktemp("files")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PEERS, "08_imagenet_names", "09_other_vectors"])
def test_a_recording_prints_today_what_it_printed(name, folder):
    import recording_files  # imports mmcourse, which is to be checked while it is imported

    recording_files.make(recording_files.needed(ALL[name].code), folder)
    printed = record_cells.run(ALL[name], folder)
    before = ALL[name].output.read_text(encoding="utf-8")
    np.testing.assert_allclose(numbers(printed), numbers(before), atol=1e-4)
    blank = re.compile(r"-?\d+\.\d+")
    assert blank.sub("", printed).split() == blank.sub("", before).split()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["09_faiss_flat", "09_faiss_hnsw"])
def test_a_search_runs_on_few_vectors_too(name, tmp_path):
    pytest.importorskip("faiss")
    rng = np.random.default_rng(3)
    for file, count in (("pictures", 200), ("captions", 20)):
        rows = rng.standard_normal((count, 128)).astype(np.float32)
        np.save(tmp_path / file, rows / np.linalg.norm(rows, axis=1, keepdims=True))
    printed = record_cells.run(ALL[name], tmp_path)
    if name == "09_faiss_flat":
        assert "the same rows as Index.search_many: 100.00%" in printed
        assert "the same answers from the file: True" in printed
    else:
        recalls = [float(line.split()[-1]) for line in printed.splitlines()[2:]]
        assert len(recalls) == 3
        assert recalls[-1] == 1  # all 200 are kept in mind


@pytest.fixture
def recorded(tmp_path):
    """Return a folder with one recording, and a lesson that has its cell."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "01_adding_up.py").write_text(
        '"""Text\nabove."""\n\nimport math\n\nprint(1 + 1)\n'
    )
    (folder / "01_adding_up.out").write_text("2\n")
    (folder / "made.toml").write_text('01_adding_up = "2026-01-02, a machine"\n')
    path = write_lesson(tmp_path, "01_a.ipynb", FRONT)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        nbformat.v4.new_markdown_cell("old", id="01-adding-up"),
        nbformat.v4.new_markdown_cell("other", id="01-other"),
    ]
    nbformat.write(notebook, path)
    return folder, path


def test_text_code_and_output_are_written_into_the_cell_and_no_other(recorded):
    folder, path = recorded
    assert record_cells.show(record_cells.cells(folder), path.parent) == []
    shown, other = nbformat.read(path, as_version=4).cells
    assert shown.source == (
        "Text\nabove.\n\n```python\nimport math\n\nprint(1 + 1)\n```\n\n```text\n2\n```\n\n"
        "*Recorded 2026-01-02, a machine.*"
    )
    assert (shown.metadata, other.source) == ({"tags": ["recorded"]}, "other")


def test_showing_twice_writes_nothing(recorded):
    folder, path = recorded
    record_cells.show(record_cells.cells(folder), path.parent)
    before = path.stat().st_mtime_ns
    record_cells.show(record_cells.cells(folder), path.parent)
    assert path.stat().st_mtime_ns == before


def test_a_cell_that_no_lesson_has_is_told(recorded):
    folder, path = recorded
    notebook = nbformat.read(path, as_version=4)
    del notebook.cells[0]
    nbformat.write(notebook, path)
    assert record_cells.show(record_cells.cells(folder), path.parent) == ["01-adding-up"]


@pytest.mark.slow
def test_a_recording_that_fails_says_why(recorded, tmp_path):
    folder, _ = recorded
    (broken,) = record_cells.recordings(folder)
    broken.path.write_text('"""Text."""\n\nraise SystemExit("no such thing")\n')
    with pytest.raises(RuntimeError, match=r"01_adding_up.py: it failed:\nno such thing"):
        record_cells.run(broken, tmp_path)


def test_an_unknown_recording_is_refused(capsys):
    assert record_cells.main(["--again", "07_peer"]) == 2
    message = capsys.readouterr().err
    assert "expected some of 05_several_processes, 07_peers_open_clip" in message


def test_of_each_kind_of_number_batch_one_and_the_fastest_are_shown():
    rows = [
        Row("cpu", dtype, batch, rate, 0, 0, "", "")
        for dtype, batch, rate in (
            ("float32", 1, 5.0),
            ("float32", 8, 9.0),
            ("float32", 32, 8.0),
            ("float16", 1, 3.0),
            ("float16", 8, 2.0),
        )
    ]
    shown = [(row.dtype, row.batch) for row in shown_tables.chosen(rows)]
    assert shown == [("float32", 1), ("float32", 8), ("float16", 1)]
