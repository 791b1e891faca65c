"""Answers are true, the only ones possible, and not to be guessed from the question."""

import math
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from by_hand import scene_of, thing
from only_random import OnlyRandom
from reading import COLOURS, RELATIONS, read

from mmcourse.world.scenes.sampling import sample_scene
from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import SPLITS
from mmcourse.world.words.question import Question, questions

COUNTS = ["none", "one", "two", "three", "four"]


def asked(scene: Scene, kind: str, start: int = 0) -> Question | None:
    """Return the question of one type, or None where there is none."""
    found = questions(scene, np.random.default_rng(start))
    return next((question for question in found if question.type == kind), None)


def ever_asked(scene: Scene, kind: str) -> set[tuple[str, str]]:
    """Return the questions of one type, with answers, that some fifty draws give."""
    found = (asked(scene, kind, start) for start in range(50))
    return {(question.text, question.answer) for question in found if question}


@pytest.fixture(scope="module")
def asked_of_scenes() -> list[tuple[Scene, Question]]:
    rng = np.random.default_rng(6)
    scenes = [sample_scene(rng, split=SPLITS[index % len(SPLITS)]) for index in range(400)]
    return [(scene, question) for scene in scenes for question in questions(scene, rng)]


def meant(scene: Scene, name: str) -> list[Thing]:
    """Return the objects that a name such as "red cats" or "person in blue" fits."""
    number = "two" if is_plural(name) else "a"
    named = read(with_article(number, name)).things[0]
    also = ("crane_bird",) if set(named.kinds) == {"bird"} else ()
    return [
        thing
        for thing in scene.objects
        if thing.kind in named.kinds + also and named.colour in ("", thing.colour)
    ]


def is_plural(name: str) -> bool:
    return name.split(" in ")[0].endswith(("s", "people")) and not name.endswith("bus")


def with_article(number: str, name: str) -> str:
    return f"an {name}" if number == "a" and name[0] in "aeiou" else f"{number} {name}"


def the_one(scene: Scene, name: str) -> Thing:
    """Return the one object that a name fits; in a group, any of those it fits alike."""
    found = meant(scene, name)
    assert len(found) == (len(scene.objects) if scene.layout == "group" else 1), name
    return found[0]


def true_answer(scene: Scene, question: Question) -> str:
    """Work an answer out from the question's words alone."""
    text, rels = question.text, "|".join(RELATIONS)
    if match := re.fullmatch(rf"what is ({rels}) the (.+)\?", text):
        landmark = the_one(scene, match[2])
        (there,) = [
            other
            for other in scene.objects
            if other != landmark and relation(other, landmark) == RELATIONS[match[1]]
        ]
        return there.kind.split("_")[0]
    if question.type == "kind":
        (kind,) = {thing.kind.split("_")[0] for thing in scene.objects}
        return kind
    if match := re.fullmatch(r"(?:what|which) colour (?:is|are) the (.+?)( wearing)?\?", text):
        person = the_one(scene, match[1]).kind == "person"
        assert bool(match[2]) == person, text
        return the_one(scene, match[1]).colour
    if match := re.fullmatch(r"how many (.+) (?:are there|can you see)\?", text):
        return COUNTS[len(meant(scene, match[1]))]
    where = r"(?:where in|in which part of) the picture is the (\w+)\?"
    if match := re.fullmatch(where, text):
        return str(scene.side(the_one(scene, match[1])))
    if match := re.fullmatch(
        r"where is the (.+) (?:relative to|compared with) the (.+)\?", text
    ):
        return relation(the_one(scene, match[1]), the_one(scene, match[2]))
    return "yes" if is_so(scene, text) else "no"


def is_so(scene: Scene, text: str) -> bool:
    """Return whether what a yes/no question asks is so."""
    rels, colours = "|".join(RELATIONS), "|".join(COLOURS)
    if match := re.fullmatch(r"(?:is there|can you see) an? (.+?)( in the picture)?\?", text):
        return bool(meant(scene, match[1]))
    if match := re.fullmatch(rf"(?:is|are) the (.+?)( wearing)? ({colours})\?", text):
        assert bool(match[2]) == (the_one(scene, match[1]).kind == "person"), text
        return the_one(scene, match[1]).colour == match[3]
    if match := re.fullmatch(r"are there (\w+) (.+)\?", text):
        return len(meant(scene, match[2])) == COUNTS.index(match[1])
    match = re.fullmatch(rf"is the (.+?) ({rels}) the (.+)\?", text)
    assert match, f"not a question that this test can read: {text}"
    first, second = the_one(scene, match[1]), the_one(scene, match[3])
    return relation(first, second) == RELATIONS[match[2]]


def test_every_answer_is_true(asked_of_scenes: list[tuple[Scene, Question]]) -> None:
    for scene, question in asked_of_scenes:
        assert question.answer == true_answer(scene, question), f"{question} / {scene}"


def test_each_type_is_asked_at_most_once_and_where_it_applies(
    asked_of_scenes: list[tuple[Scene, Question]],
) -> None:
    types: dict[int, list[str]] = {}
    for scene, question in asked_of_scenes:
        types.setdefault(id(scene), []).append(question.type)
    for scene in {id(scene): scene for scene, _ in asked_of_scenes}.values():
        found = Counter(types[id(scene)])
        assert max(found.values()) == 1
        assert {"kind", "yes/no"} <= set(found)
        assert ("relation" in found) == (scene.layout == "pair")
        sided = scene.layout == "single" and scene.side(scene.objects[0])
        assert ("position" in found) == bool(sided)


def test_half_of_the_answers_are_yes(asked_of_scenes: list[tuple[Scene, Question]]) -> None:
    said = [question.answer for _, question in asked_of_scenes if question.type == "yes/no"]
    assert len(said) == 400
    assert abs(said.count("yes") - 200) < 4 * math.sqrt(400 / 4)


@pytest.mark.parametrize("ask", ["colour", "count", "kind", "relation"])
def test_both_answers_occur_for_every_sort_of_yes_no_question(ask: str) -> None:
    alike = scene_of(*[thing("cat", x=x) for x in (0.2, 0.5, 0.8)])
    pair = scene_of(thing("cat", x=0.3), thing("dog", "blue", x=0.7))
    scene, words = {
        "colour": (alike, "are the cats"),
        "count": (alike, "are there"),
        "kind": (alike, "is there|can you see"),
        "relation": (pair, "is the (cat|dog) (to the )?(left|right) of"),
    }[ask]
    found = {answer for text, answer in ever_asked(scene, "yes/no") if re.match(words, text)}
    assert found == {"yes", "no"}


def test_wording_varies() -> None:
    pair = scene_of(thing("cat", x=0.3), thing("person", "blue", x=0.7))
    assert ever_asked(pair, "relation") == {
        ("where is the cat relative to the person?", "left of"),
        ("where is the cat compared with the person?", "left of"),
        ("where is the person relative to the cat?", "right of"),
        ("where is the person compared with the cat?", "right of"),
    }
    assert ever_asked(pair, "colour") == {
        ("what colour is the cat?", "red"),
        ("which colour is the cat?", "red"),
        ("what colour is the person wearing?", "blue"),
        ("which colour is the person wearing?", "blue"),
    }


def test_both_cranes_are_called_crane() -> None:
    for kind in ("crane_bird", "crane_machine"):
        assert asked(scene_of(thing(kind)), "kind").answer == "crane"


def test_two_cranes_are_told_apart_by_their_whole_names() -> None:
    both = scene_of(thing("crane_bird", "red", 0.3), thing("crane_machine", "blue", 0.7))
    assert {text for text, _ in ever_asked(both, "colour")} == {
        "what colour is the crane bird?",
        "which colour is the crane bird?",
        "what colour is the construction crane?",
        "which colour is the construction crane?",
    }
    assert ("what is left of the construction crane?", "crane") in ever_asked(both, "kind")
    assert not ever_asked(both, "count")


@pytest.mark.parametrize("kind", ["crane_bird", "crane_machine"])
def test_a_crane_is_never_denied(kind: str) -> None:
    scene = scene_of(thing(kind), setting="beach")
    rng = np.random.default_rng(0)
    texts = Counter[tuple[str, str]]()
    for _ in range(400):
        texts.update((question.text, question.answer) for question in questions(scene, rng))
    denied = {text for text, answer in texts if answer == "no"}
    assert any("a balloon" in text for text in denied)  # what is not there is asked for
    assert not any(re.search(r"there a crane|see a crane", text) for text in denied)
    birds = {text for text in denied if re.search(r"(there|see) a bird", text)}
    assert bool(birds) == (kind == "crane_machine")  # a crane that is a bird is a bird


def test_a_bird_beside_a_crane_bird_is_not_asked_about_as_the_bird() -> None:
    both = scene_of(thing("bird", "red", 0.3), thing("crane_bird", "blue", 0.7))
    assert {answer for _, answer in ever_asked(both, "colour")} == {"blue"}
    assert not ever_asked(both, "count")
    assert ("where is the red bird relative to the crane?", "left of") in ever_asked(
        both, "relation"
    )
    alike = replace(both, objects=(both.objects[0], replace(both.objects[1], colour="red")))
    assert not ever_asked(alike, "relation")


def test_what_the_setting_shows_is_not_asked_for() -> None:
    forest = scene_of(thing("cat"), setting="forest")
    rng = np.random.default_rng(1)
    texts = {question.text for _ in range(300) for question in questions(forest, rng)}
    assert not any("tree" in text for text in texts)
    assert any("house" in text for text in texts)


@pytest.mark.parametrize("setting", ["street", "building"])
def test_houses_are_not_asked_for_in_town(setting: str) -> None:
    town = scene_of(thing("cat"), setting=setting)
    texts = {text for text, _ in ever_asked(town, "yes/no")}
    assert any(re.search(r"is there|can you see", text) for text in texts)
    assert not any("house" in text for text in texts)


def test_kind_and_position_are_asked_of_what_the_picture_is_of() -> None:
    """A forest's trees are in the picture too, and "on the grass" also says where a cat is."""
    cat = scene_of(thing("cat"), setting="forest")
    assert ever_asked(cat, "kind") == {
        ("what is the picture of?", "cat"),
        ("what is the main thing shown?", "cat"),
    }
    assert ever_asked(cat, "position") == {
        ("in which part of the picture is the cat?", "middle"),
        ("where in the picture is the cat?", "middle"),
    }
    cats = scene_of(thing("cat", x=0.3), thing("cat", x=0.7), setting="forest")
    assert ever_asked(cats, "kind") == {
        ("what kind of thing is the picture of?", "cat"),
        ("which kind of thing is mainly shown?", "cat"),
    }


def test_two_of_one_kind_are_named_by_colour() -> None:
    cats = scene_of(thing("cat", "red", 0.3), thing("cat", "grey", 0.7))
    assert {answer for _, answer in ever_asked(cats, "count")} == {"two"}
    assert not ever_asked(cats, "colour")
    assert ("what is to the left of the grey cat?", "cat") in ever_asked(cats, "kind")


def test_same_start_same_questions_everywhere() -> None:
    pair = scene_of(thing("sign", "orange", 0.3, word="cat"), thing("person", "grey", 0.7))
    found = questions(pair, np.random.default_rng(33))
    assert [(question.text, question.answer) for question in found] == [
        ("what is left of the person?", "sign"),
        ("what colour is the person wearing?", "grey"),
        ("how many people are there?", "one"),
        ("where is the person relative to the sign?", "right of"),
        ("is there a cat?", "no"),
    ]


def test_draws_only_through_random() -> None:
    for scene in (scene_of(thing("cat")), scene_of(thing("cat"), thing("dog", x=0.9))):
        assert questions(scene, OnlyRandom(5)) == questions(scene, np.random.default_rng(5))


def test_questions_cannot_be_changed() -> None:
    question = Question("kind", "what is the picture of?", "cat")
    with pytest.raises(AttributeError, match=r"cannot assign"):
        question.answer = "dog"


def test_an_empty_scene_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match=r"a scene must hold one thing.*got none; add one"):
        questions(scene_of(), rng)


@pytest.mark.usefixtures("unchecked")
def test_bad_arguments_say_what_to_pass(rng: np.random.Generator) -> None:
    with pytest.raises(TypeError, match="rng must be a numpy Generator; got 0"):
        questions(scene_of(thing("cat")), 0)
    with pytest.raises(TypeError, match=r"scene must be a Scene; got list"):
        questions([thing("cat")], rng)
