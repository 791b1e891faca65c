"""`python -m mmcourse ask`: its words, its answers, what it cannot read, exit statuses."""

import json
import re
from dataclasses import replace

import numpy as np
import odd_files
import pytest
import torch
from command_help import help_of
from PIL import Image
from places import ROOT

from mmcourse import ask, world
from mmcourse.__main__ import main
from mmcourse.ask import run
from mmcourse.ask.options import EXAMPLES
from mmcourse.eyes import FOREIGN
from mmcourse.vqa import CrossAttentionVQA, Reply, reply_to
from mmcourse.world import COLOURS, Thing


@pytest.fixture
def beginner(monkeypatch):
    """Let an answerer that has learnt nothing stand in for the shipped one."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = CrossAttentionVQA().eval()
    monkeypatch.setattr(run, "restore", lambda module, name: model)


CAT = Thing(kind="cat", colour="red", size=0.22, position=(0.28, 0.7), pose="sitting")
CAR = Thing(kind="car", colour="blue", size=0.16, position=(0.72, 0.78))


@pytest.fixture
def drawn(tmp_path):
    """Return what draws things in a meadow, into a file."""

    def draw(*things):
        scene = world.Scene(setting="meadow", objects=things)
        Image.fromarray(world.render(scene, 96)).save(tmp_path / "drawn.png")
        return tmp_path / "drawn.png"

    return draw


@pytest.fixture
def cat(tmp_path):
    """Return the file of a drawing."""
    scene = world.sample_scene(np.random.default_rng(5), n_objects=1, kinds=["cat"])
    Image.fromarray(world.render(scene, 96)).save(tmp_path / "cat.png")
    return tmp_path / "cat.png"


def said(capsys, *words, status=0):
    """Return what asking prints on standard output, and on the other."""
    assert main(["ask", *map(str, words)]) == status
    printed = capsys.readouterr()
    if status:
        assert printed.out == ""
    return printed.out, printed.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], r"required: FILE"),
        (["a.png"], r"the question is missing"),
        (["a.png", "is", "it", "red?"], r'put it in quotes: "is it red\?"'),
        (["a.png", " "], r"the question must have words in it"),
        (["a.png", "caf\udce9"], r"the question must be UTF-8"),
        (["", "is there a cat?"], r"FILE: must be a file; got ''"),
    ],
)
def test_what_is_not_understood_is_named(words, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["ask", *words])
    assert ended.value.code == 2
    assert re.search(message, capsys.readouterr().err)


def test_help_states_every_exit_status_and_form_of_question(capsys):
    printed = help_of(ask, capsys, "Exit status: 0 it is answered; 1 a fault")
    assert all(f"  {question}\n" in printed for question in EXAMPLES)


def test_every_example_of_the_help_is_answered_rightly(drawn, capsys):
    """With the shipped weights, of a red cat to the left of a blue car."""
    rightly = {
        "what is to the left of the car?": "cat",
        "what colour is the cat?": "red",
        "how many cats are there?": "one",
        "where is the cat relative to the car?": "left of",
        "is there a tree?": "no",
        "are there two cats?": "no",
        "is the cat red?": "yes",
        "is the cat to the left of the car?": "yes",
    }
    alone = {"what is the picture of?": "boat", "where in the picture is the boat?": "left"}
    boat = Thing(kind="boat", colour="red", size=0.3, position=(0.2, 0.7))
    for answers, things in ((rightly, (CAT, CAR)), (alone, (boat,))):
        for question, answer in answers.items():
            printed, beside = said(capsys, drawn(*things), question)
            assert (printed.rsplit(" ", 1)[0], beside) == (answer, "")
    assert {*rightly, *alone} == {*EXAMPLES}


def test_the_questions_of_the_readme_are_answered_rightly(drawn, capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    asked = re.findall(r'mmcourse ask \S+ "(.+?)"', text)
    answers = {"what colour is the cat?": "red", "how many cats are there?": "one"}
    assert {*asked} - {*answers} == set()
    for question in asked:
        assert said(capsys, drawn(CAT, CAR), question)[0].split()[0] == answers[question]


def test_american_spelling_is_read(drawn, capsys):
    assert said(capsys, drawn(CAT, CAR), "what color is the cat?")[0].startswith("red ")
    assert said(capsys, drawn(CAT, CAR), "is the cat gray?")[0].startswith("no ")


@pytest.mark.parametrize("question", ["are the cats red?", "what colour are the cats?"])
def test_of_one_cat_nothing_is_said_of_the_cats(question, drawn, capsys):
    printed, beside = said(capsys, drawn(CAT, CAR), question)
    assert printed == "no answer: one cat is there\n"
    assert beside == (
        "ask: the model sees one cat alone there, where the question takes several for "
        "granted.\n"
    )
    found = json.loads(said(capsys, drawn(CAT, CAR), question, "--json")[0])
    assert (found["answer"], found["lone"], found["doubted"]) == (None, ["cat"], [])
    assert found["guess"] == found["answers"][0]["answer"]


@pytest.mark.usefixtures("beginner")
def test_an_answer_is_one_that_the_question_can_have(cat, capsys, monkeypatch):
    monkeypatch.setattr(run, "reply_to", lambda *words: replace(reply_to(*words), absent=()))
    printed, beside = said(capsys, cat, "What  colour is the cat ?")
    answer, chance = printed.split()
    assert answer in COLOURS
    assert re.fullmatch(r"0\.\d\d", chance)
    assert beside == ""
    found = json.loads(said(capsys, cat, "is there a cat?", "--json")[0])
    assert list(found) == [
        *("path", "question", "answer", "probability", "guess", "foreign", "distance"),
        *("doubted", "lone", "answers"),
    ]
    assert {each["answer"] for each in found["answers"]} == {"yes", "no"}
    chances = [each["probability"] for each in found["answers"]]
    assert chances == sorted(chances, reverse=True)
    assert found["answer"] == found["guess"] == found["answers"][0]["answer"]


@pytest.mark.usefixtures("beginner")
def test_noise_is_foreign(tmp_path, capsys):
    odd_files.noise(np.random.default_rng(0), 90, 90, 3).save(tmp_path / "noise.png")
    assert said(capsys, tmp_path / "noise.png", "is there a cat?")[0] == f"{FOREIGN}\n"
    found = json.loads(said(capsys, tmp_path / "noise.png", "is there a cat?", "--json")[0])
    assert (found["answer"], found["foreign"]) == (None, True)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("why is the zebra sad?", r"it never learnt why, zebra, sad;"),
        ("wie viele?", r"it never learnt wie, viele;"),
        ("is the cat?", r"must be of a form that the model learnt"),
        (
            "how are you?",
            r"must be of a form that the model learnt, whose answer is a kind, a co",
        ),
        ("cat", r"must be of a form"),
        ("is there a \x1b[31mcat?", r"never learnt \\x1b\[31mcat"),
        ("is there a cat? " * 99, r"must be of a form"),
        ("z" * 99_999, r"it never learnt z"),
    ],
)
def test_a_question_that_the_model_cannot_read_is_a_fault(question, message, capsys):
    beside = said(capsys, "nowhere.png", question, status=1)[1]
    assert re.search(message, beside)
    assert len(beside) < 1500
    assert beside.endswith("  is the cat to the left of the car?\n")


@pytest.mark.usefixtures("beginner")
def test_what_a_question_takes_for_granted_in_vain_is_said(cat, capsys, monkeypatch):
    found = Reply((("yes", 0.6), ("no", 0.4)), absent=("cat", "bus"))
    monkeypatch.setattr(run, "reply_to", lambda *_: found)
    printed, beside = said(capsys, cat, "is the cat to the left of the buses?")
    assert printed == "yes 0.60\n"
    assert beside == (
        "ask: the model sees no cat, no bus there, which the question takes for granted.\n"
    )


@pytest.mark.usefixtures("beginner")
def test_a_file_that_is_no_picture_is_a_fault(tmp_path, capsys):
    (tmp_path / "text.png").write_text("Dear Ada")
    for path in (tmp_path, tmp_path / "text.png", tmp_path / "no.png"):
        beside = said(capsys, path, "is there a cat?", status=1)[1]
        assert f"ask: expected a picture in {path}; got " in beside
