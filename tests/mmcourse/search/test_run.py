"""`python -m mmcourse search`, from the words of a command to what it finds, with `tiny`."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import numpy as np
import odd_files
import pytest
from PIL import Image
from places import ROOT
from scipy.io import wavfile

from mmcourse import world
from mmcourse.__main__ import main
from mmcourse.checkpoints import shipped
from mmcourse.choice import VARIABLE
from mmcourse.retrieval import default_path
from mmcourse.retrieval.album.build import alone

COLOURS, KINDS = ("red", "blue"), ("cat", "boat", "house")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Keep indexes apart, and let no setting of the reader choose the model."""
    place = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    monkeypatch.delenv(VARIABLE, raising=False)
    return place


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Return a folder with a picture of each colour and kind; the name says which."""
    folder = tmp_path_factory.mktemp("drawings")
    rng = np.random.default_rng(11)
    for colour in COLOURS:
        for kind in KINDS:
            scene = world.sample_scene(rng, n_objects=1, kinds=[kind], colours=[colour])
            pixels = world.render(scene, 96)
            Image.fromarray(pixels).save(folder / f"{colour} {kind}.png")
    return folder


def run(capsys, *words, status=0):
    """Return what a search prints on standard output, and on the other."""
    assert main(["search", *map(str, words)]) == status
    said = capsys.readouterr()
    if status:
        assert said.out == ""
    return said.out, said.err


def found(capsys, *words):
    return json.loads(run(capsys, *words, "--json")[0])


def paths(answer):
    return [each["path"] for each in answer["results"]]


def contents(folder):
    """Return every path in a folder with what the system says of it."""
    return {
        path: (status.st_mode, status.st_size, status.st_mtime_ns)
        for path in [folder, *sorted(folder.rglob("*"))]
        for status in [path.lstat()]
    }


@pytest.mark.parametrize("text", ["a red cat", "a blue house"])
def test_the_picture_that_a_text_describes_comes_first(text, drawings, capsys):
    answer = found(capsys, drawings, text, "--top", 3)
    keys = ["query", "model", "folder", "results", "skipped", "unknown_words"]
    assert list(answer) == keys
    assert paths(answer)[0] == text.removeprefix("a ") + ".png"
    scores = [each["score"] for each in answer["results"]]
    assert len(scores) == 3
    assert 1 >= scores[0] >= scores[1] >= scores[2] >= -1
    rest = {key: answer[key] for key in ("query", "model", "skipped", "unknown_words")}
    assert rest == {"query": text, "model": "tiny", "skipped": [], "unknown_words": []}


def test_a_picture_finds_itself_whatever_its_name(drawings, tmp_path, capsys):
    copy = tmp_path / "query"
    copy.write_bytes((drawings / "blue boat.png").read_bytes())
    answer = found(capsys, drawings, "--image", copy)
    assert answer["query"] == {"image": str(copy)}
    assert answer["results"][0] == {
        "path": "blue boat.png",
        "file": str(drawings.resolve() / "blue boat.png"),
        "score": pytest.approx(1, abs=1e-5),
        "copies": [],
    }
    assert len(answer["results"]) == 6  # all there are, fewer than the ten that are asked for


def test_plus_and_minus_turn_a_red_cat_blue(drawings, capsys):
    cat = drawings / "red cat.png"
    words = [drawings, "--like", cat, "--plus", "a blue cat", "--minus", "a red cat"]
    answer = found(capsys, *words)
    assert answer["query"] == {
        "like": str(cat),
        "plus": ["a blue cat"],
        "minus": ["a red cat"],
    }
    order = paths(answer)
    assert order.index("blue cat.png") < order.index("red cat.png")


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_finds_pictures_of_what_makes_it(kind, drawings, tmp_path, capsys):
    rng = np.random.default_rng(12)
    scene = world.sample_scene(rng, n_objects=1, kinds=[kind], split="test")
    wavfile.write(tmp_path / "heard.wav", 16_000, world.sound(scene, rng))
    answer = found(capsys, drawings, "--sound", tmp_path / "heard.wav", "--top", 2)
    assert {hit["path"].split()[1] for hit in answer["results"]} == {f"{kind}.png"}
    assert answer["query"] == {"sound": str(tmp_path / "heard.wav")}


def test_a_sound_from_elsewhere_is_said_to_be(drawings, tmp_path, capsys):
    t = np.arange(3 * 16_000) / 16_000
    chord = sum(np.sin(2 * np.pi * pitch * t) for pitch in (262, 330, 392)) / 6
    wavfile.write(tmp_path / "chord.wav", 16_000, (32_000 * chord).astype(np.int16))
    _, beside = run(capsys, drawings, "--sound", tmp_path / "chord.wav")
    assert "1 of 1 parts of chord.wav do not sound like the drawn world" in beside
    ours = world.play(world.sound_scene(np.random.default_rng(3)))
    wavfile.write(tmp_path / "ours.wav", 16_000, ours)
    _, beside = run(capsys, drawings, "--sound", tmp_path / "ours.wav")
    assert "sound like the drawn world" not in beside


def test_a_sound_that_is_none_is_a_fault(drawings, tmp_path, capsys):
    (tmp_path / "torn.wav").write_bytes(b"RIFF")
    _, beside = run(capsys, drawings, "--sound", tmp_path / "torn.wav", status=1)
    assert "open_recording: expected a whole WAV" in beside
    _, beside = run(capsys, drawings, "--sound", tmp_path / "no.wav", status=1)
    assert "search: expected a recording at" in beside


def test_words_that_tiny_never_saw_are_named(drawings, capsys):
    out, err = run(capsys, drawings, "a cute red cat, playing", "--json")
    assert json.loads(out)["unknown_words"] == ["cute", "playing"]
    assert "tiny never saw these words, and reads nothing in them: cute, playing." in err
    cat = drawings / "red cat.png"
    answer = found(capsys, drawings, "--like", cat, "--plus", "猫", "--minus", "猫 dog")
    assert answer["unknown_words"] == ["猫"]


def test_people_read_lines_and_that_tiny_knows_drawings_only(drawings, capsys):
    out, err = run(capsys, drawings, "a red cat", "--top", 2)
    assert [line.split("  ")[0] for line in out.splitlines()] == ["1", "2"]
    assert out.splitlines()[0].endswith("  red cat.png")
    assert "tiny knows only the drawn world of this course" in err
    assert "--model ViT-B/32 knows photos" in err
    assert err.splitlines()[-1] == "6 pictures searched, 0 files skipped."


def test_json_carries_paths_that_open_from_anywhere(drawings, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(drawings.parent)
    answer = found(capsys, drawings.name, "a red cat")
    monkeypatch.chdir(tmp_path)
    assert answer["folder"] == str(drawings.resolve())
    for each in answer["results"]:
        with Image.open(each["file"]) as picture:
            picture.load()


def test_minus_without_a_picture_moves_a_text(drawings, capsys):
    answer = found(capsys, drawings, "a red cat", "--minus", "a cat", "--plus", "a boat")
    assert answer["query"] == {"text": "a red cat", "plus": ["a boat"], "minus": ["a cat"]}
    assert paths(answer)[0] == "red boat.png"


def test_duplicates_fold(drawings, tmp_path, capsys):
    folder = tmp_path / "twice"
    shutil.copytree(drawings, folder)
    (folder / "old").mkdir()
    for number in range(7):
        shutil.copy(drawings / "red cat.png", folder / "old" / f"{number}.png")
    out, _ = run(capsys, folder, "a red cat", "--top", 3)
    assert len(out.splitlines()) == 3
    assert out.splitlines()[0].endswith("red cat.png  (and 7 copies)")
    answer = found(capsys, folder, "a red cat", "--top", 2)
    copies = [f"old/{number}.png" for number in range(7)]
    assert answer["results"][0]["copies"] == copies
    assert answer["results"][1]["copies"] == []


def test_bars_go_to_terminals_only(drawings, monkeypatch, capsys):
    assert "Encoding" not in run(capsys, drawings, "a red cat")[1]
    monkeypatch.setattr("mmcourse.search.folder_index.on_terminal", lambda: True)
    assert "Encoding" in run(capsys, drawings, "a red cat", "--dtype", "bfloat16")[1]


@pytest.mark.parametrize("words", [["--batch", 4], ["--dtype", "bfloat16"]])
def test_batch_and_dtype_change_the_order_little(words, drawings, capsys):
    answer = found(capsys, drawings, "a red cat", *words)
    assert paths(answer)[0] == "red cat.png"


def test_another_dtype_has_an_index_of_its_own(drawings, cache, capsys):
    run(capsys, drawings, "a cat")
    run(capsys, drawings, "a cat", "--dtype", "bfloat16")
    assert len([*cache.rglob("*.safetensors")]) == 2


def test_pictures_unlike_the_drawn_world_are_counted(drawings, tmp_path, rng, capsys):
    folder = tmp_path / "photos"
    shutil.copytree(drawings, folder)
    said = run(capsys, folder, "a red cat")[1]
    assert "unlike all that tiny learnt from" not in said
    for number in range(3):
        odd_files.noise(rng, 131, 133, 3).save(folder / f"{number}.png")
    said = run(capsys, folder, "a red cat")[1]
    assert "3 of 9 pictures that were looked at are unlike all that tiny learnt from" in said


def test_max_pixels_moves_what_is_let_in(drawings, tmp_path, capsys):
    folder = tmp_path / "photos"
    shutil.copytree(drawings, folder)
    Image.new("1", (500, 300)).save(folder / "large.png")
    answer = found(capsys, folder, "a cat", "--max-pixels", 100_000)
    assert [each["path"] for each in answer["skipped"]] == ["large.png"]
    assert "a huge one" in answer["skipped"][0]["reason"]
    assert found(capsys, folder, "a cat")["skipped"] == []  # other readers: tried again


def test_300_unreadable_files_are_told_of_once(drawings, tmp_path, capsys):
    folder = tmp_path / "photos"
    shutil.copytree(drawings, folder)
    for number in range(300):
        (folder / f"IMG_{number}.HEIC").write_bytes(b"\0\0\0\x18ftypheic torn")
    lines = run(capsys, folder, "a cat")[1].splitlines()
    assert len(lines) <= 4
    assert "and 299 others: " in lines[-1]
    again = run(capsys, folder, "a cat")[1].splitlines()
    assert again[-1].endswith("300 files skipped, 300 of them as before (--json lists them).")
    assert len(found(capsys, folder, "a cat")["skipped"]) == 300


def test_a_place_where_locks_fail_ends_with_an_error(drawings, monkeypatch, capsys):
    def busy(*_):
        raise PermissionError(13, "as some network disks say")

    monkeypatch.setattr("fcntl.flock", busy)
    _, err = run(capsys, drawings, "a cat", status=1)
    assert "locks do not work in" in err
    assert "name a file that can be written with --index" in err


def test_every_odd_file_is_found_or_skipped_with_a_reason(tmp_path, rng, capsys):
    odd = odd_files.fill(tmp_path / "odd", rng)
    before = contents(odd.path)
    answer = found(capsys, odd.path, "a red cat", "--top", 999)
    assert sorted(paths(answer)) == list(odd.good)
    skipped = {each["path"]: each["reason"] for each in answer["skipped"]}
    assert set(odd.bad) <= set(skipped) <= {*odd.bad, *odd.other}
    assert all(skipped.values())
    assert contents(odd.path) == before


def test_lines_for_people_hold_odd_names_too(tmp_path, rng, capsys):
    odd = odd_files.fill(tmp_path / "odd", rng)
    out, err = run(capsys, odd.path, "a red cat", "--top", 999)
    assert len(out.splitlines()) == len(odd.good)
    assert "\x1b" not in out + err
    assert r"new\nline.png" in out
    assert "  empty.png and 1 other: " in err  # of the same reason


def test_only_what_is_new_or_changed_is_encoded_again(tmp_path, rng, monkeypatch, capsys):
    monkeypatch.setattr("mmcourse.search.folder_index.on_terminal", lambda: True)  # bars count
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        odd_files.noise(rng, 31, 33, 3).save(folder / name)
    assert "/3 " in run(capsys, folder, "a cat")[1]
    assert not re.search(r"/\d+ \[", run(capsys, folder, "a dog")[1])  # no bar of n
    (folder / "a.png").unlink()
    odd_files.noise(rng, 35, 37, 3).save(folder / "b.png")
    odd_files.noise(rng, 31, 33, 3).save(folder / "d.png")
    out, err = run(capsys, folder, "a cat", "--json")
    assert "/2 " in err
    assert sorted(paths(json.loads(out))) == ["b.png", "c.png", "d.png"]


def test_the_index_lies_in_the_cache_or_where_it_is_put(drawings, tmp_path, cache, capsys):
    run(capsys, drawings, "a cat")
    place = default_path(drawings, "tiny")
    assert place.is_relative_to(cache)
    assert place.is_file()
    run(capsys, drawings, "a cat", "--index", tmp_path / "mine")
    assert (tmp_path / "mine").is_file()


def test_two_ways_to_name_a_model_share_an_index(
    drawings, tmp_path, cache, monkeypatch, capsys
):
    shutil.copy(shipped("tiny"), tmp_path / "my own.safetensors")
    monkeypatch.chdir(tmp_path)
    for name in ("my own.safetensors", tmp_path / "my own.safetensors"):
        run(capsys, drawings, "a cat", "--model", name)
    assert len([*cache.rglob("*.safetensors")]) == 1


def test_a_damaged_index_in_the_cache_is_built_again(drawings, capsys):
    whole = found(capsys, drawings, "a red cat")
    index = default_path(drawings, "tiny")
    for content in (b"", index.read_bytes()[:-5], b"dear diary"):
        index.write_bytes(content)
        out, said = run(capsys, drawings, "a red cat", "--json")
        assert json.loads(out) == whole
        assert f"search: {index} is damaged; it is built again." in said


def test_a_damaged_index_of_the_readers_own_place_is_left_alone(drawings, tmp_path, capsys):
    (tmp_path / "diary").write_text("dear diary", encoding="utf-8")
    run(capsys, drawings, "a red cat", "--index", tmp_path / "diary", status=1)
    assert (tmp_path / "diary").read_text(encoding="utf-8") == "dear diary"


def test_a_cache_inside_the_folder_is_refused(tmp_path, drawings, capsys):
    _, err = run(capsys, tmp_path, "a cat", status=1)
    assert "nothing is written into FOLDER" in err
    assert "pass --index with a file elsewhere" in err


def test_an_index_of_another_model_is_a_fault(drawings, tmp_path, capsys):
    place = tmp_path / "mine"
    run(capsys, drawings, "a cat", "--index", place)
    before = place.read_bytes()
    words = [drawings, "a cat", "--index", place, "--model", "tiny-vit"]
    _, err = run(capsys, *words, status=1)
    assert "tiny" in err
    assert str(place) in err
    assert place.read_bytes() == before


def test_a_file_that_is_no_index_is_never_written_over(drawings, tmp_path, capsys):
    place = tmp_path / "letter.txt"
    place.write_text("Dear Ada")
    _, err = run(capsys, drawings, "a cat", "--index", place, status=1)
    assert str(place) in err
    assert place.read_text() == "Dear Ada"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["cat " * 10_000],
            r"must fit into \d+ tokens, .*; got 10002 for 'cat cat .*; shorten it\.",
        ),
        (["a cat", "--model", "tinny"], r"did you mean 'tiny'"),
        (["a cat", "--model", "nowhere.pt"], r"expected a file of weights"),
        (["a cat", "--device", "abacus"], r"device must be one that torch knows"),
    ],
)
def test_faults_are_named_before_any_picture_is_encoded(
    words, message, drawings, cache, capsys
):
    _, err = run(capsys, drawings, *words, status=1)
    assert re.search(message, err)
    assert "Traceback" not in err
    assert not cache.exists()


def test_a_query_that_is_no_picture_is_a_fault(drawings, cache, tmp_path, capsys):
    (tmp_path / "torn.png").write_bytes((drawings / "red cat.png").read_bytes()[:99])
    _, err = run(capsys, drawings, "--image", tmp_path / "torn.png", status=1)
    assert "expected a picture in" in err
    assert not cache.exists()


def test_a_folder_without_a_picture_is_a_fault_that_names_what_was_skipped(tmp_path, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    assert "must be a picture in" in run(capsys, folder, "a cat", status=1)[1]
    (folder / "torn.png").touch()
    assert "\n  torn.png: " in run(capsys, folder, "a cat", "--json", status=1)[1]


def test_a_place_that_cannot_be_written_is_a_fault(drawings, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    _, err = run(capsys, drawings, "a cat", "--index", tmp_path / "file/index", status=1)
    assert "file" in err
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    _, err = run(capsys, drawings, "a cat", status=1)
    assert "--index" in err


def test_a_search_waits_for_another_of_the_same_folder(drawings, monkeypatch, capsys):
    path = default_path(drawings, "tiny")
    with ExitStack() as other:
        other.enter_context(alone(path))
        monkeypatch.setattr("mmcourse.search.folder_index.sleep", lambda _: other.close())
        out, err = run(capsys, drawings, "a red cat", "--top", 1)
    assert out.endswith("red cat.png\n")
    assert err.startswith(f"search: waiting for another search that is at work on {path} …\n")


def test_closed_outputs_are_no_fault(drawings, monkeypatch, capsys):
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stderr", None)
        out, err = run(capsys, drawings, "a red cat", "--top", 1)
    assert (out[-12:], err) == ("red cat.png\n", "")
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stdout", None)
        out, err = run(capsys, drawings, "a red cat")
    assert out == ""
    assert "6 pictures searched" in err


def test_the_contact_sheet_shows_the_results(drawings, tmp_path, capsys):
    sheet = tmp_path / "sheet.PNG"
    run(capsys, drawings, "a red cat", "--top", 4, "--contact-sheet", sheet)
    with Image.open(sheet) as drawn:
        assert drawn.format == "PNG"
        assert drawn.info["Description"].startswith("Pictures found for a red cat: 1. red cat")
    run(capsys, drawings, "--like", drawings / "red cat.png", "--plus", "snow",
        "--minus", "sand", "--contact-sheet", sheet)  # fmt: skip
    with Image.open(sheet) as drawn:
        assert drawn.info["Title"] == "like red cat.png + snow − sand"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "sheet.PNG"]


def start(words, **how):
    return subprocess.Popen(
        [sys.executable, "-m", "mmcourse", "search", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        **how,
    )


@pytest.mark.slow
def test_a_reader_that_closes_early_hears_no_complaint(drawings):
    with start([drawings, "a red cat"]) as process:
        process.stdout.close()
        err = process.stderr.read().decode()
    assert process.returncode == 0
    assert "Error" not in err
    assert "Traceback" not in err


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_what_was_done_before_ctrl_c_is_not_done_again(tmp_path, rng, cache, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(300):
        odd_files.noise(rng, 150, 200, 3).save(folder / f"{number}.png", compress_level=1)
    with start([folder, "a red cat"]) as process:
        while process.poll() is None and not any(cache.rglob("*journal")):
            time.sleep(0.01)
        while process.poll() is None and next(cache.rglob("*journal")).stat().st_size < 9999:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read().decode()
    assert process.returncode == 130
    assert err.splitlines()[-1] == "search: stopped; the next run goes on from here."
    assert "Traceback" not in err
    _, err = run(capsys, folder, "a red cat")
    assert "300 pictures searched" in err
    left = int(re.search(r"/(\d+) ", err).group(1))
    assert 0 < left < 300


UNUSED = ("ftfy", "matplotlib", "mmcourse.world", "scipy.signal", "sympy")
"""What other searches need, and this one would wait for."""


def test_a_plain_search_imports_nothing_that_only_others_need():
    code = (
        "import sys, mmcourse.search.run; from mmcourse.tokenizer import tokenize;"
        "tokenize('a red cat');"
        f"print([name for name in {UNUSED} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
