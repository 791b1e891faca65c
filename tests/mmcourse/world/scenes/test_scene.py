from dataclasses import FrozenInstanceError, replace

import pytest

from mmcourse.world import HELD_OUT, KINDS, STYLES, Scene, Thing, relation


def thing(x: float = 0.5, y: float = 0.6, **changes) -> Thing:
    facts = {"kind": "cat", "colour": "red", "size": 0.2, "position": (x, y), "pose": "sitting"}
    return Thing(**{**facts, **changes})


def scene(*things: Thing, **changes) -> Scene:
    return Scene(**{"setting": "beach", "objects": things, **changes})


def test_scene_and_its_objects_are_frozen():
    picture = scene(thing())
    with pytest.raises(FrozenInstanceError):
        picture.setting = "sea"
    with pytest.raises(FrozenInstanceError):
        picture.objects[0].colour = "blue"


def test_scene_prints_one_line_per_object():
    text = str(scene(thing(), thing(0.8, kind="sign", pose="", word="zoo")))
    assert text == (
        "beach, flat:\n"
        "  red cat sitting at (0.50, 0.60) size 0.20\n"
        '  red sign "zoo" at (0.80, 0.60) size 0.20'
    )


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0.2, 0.5), (0.7, 0.6), "left of"),
        ((0.7, 0.6), (0.2, 0.5), "right of"),
        ((0.4, 0.2), (0.5, 0.7), "above"),
        ((0.5, 0.7), (0.4, 0.2), "below"),
    ],
)
def test_relation_follows_the_larger_distance(a, b, expected):
    assert relation(thing(*a), thing(*b)) == expected


def test_layout_tells_a_group_from_a_pair():
    assert scene(thing()).layout == "single"
    assert scene(thing(0.2), thing(0.8)).layout == "group"
    assert scene(thing(0.2), thing(0.8, kind="dog")).layout == "pair"


@pytest.mark.parametrize(
    ("x", "aspect", "side"),
    [
        (0.2, 1, "left"),
        (0.5, 1, "middle"),
        (0.8, 1, "right"),
        (0.42, 1, None),
        (0.5, 2, "left"),
    ],
)
def test_side_is_said_only_where_it_is_plain(x, aspect, side):
    only = thing(x)
    assert scene(only, aspect=aspect).side(only) == side


def test_size_word_leaves_middle_sizes_without_a_word():
    assert [thing(size=size).size_word for size in (0.2, 0.3, 0.4)] == ["small", None, "big"]


def test_split_ignores_style_and_small_differences():
    splits = {
        scene(thing(look=look), look=look + 1, style=style).split
        for look in range(40)
        for style in STYLES
    }
    assert len(splits) == 1


def test_splits_stay_what_they_are():
    drawn = [scene(thing(0.2 + 0.01 * step)).split for step in range(25)]
    assert [step for step, split in enumerate(drawn) if split != "train"] == [15, 17]
    assert drawn[15] == drawn[17] == "validation"


def test_split_does_not_depend_on_the_order_of_objects():
    left, right = thing(0.2), thing(0.8, kind="dog", colour="green")
    for y in (0.51, 0.55, 0.6, 0.65, 0.7):
        moved = replace(left, position=(0.2, y))
        assert scene(moved, right).split == scene(right, moved).split


def test_every_kind_has_two_held_out_colours_and_they_decide_the_split():
    assert {kind: sum(k == kind for k, _ in HELD_OUT) for kind in KINDS} == dict.fromkeys(
        KINDS, 2
    )
    kind, colour = min(HELD_OUT)
    held = thing(kind=kind, colour=colour, pose=KINDS[kind].poses[0])
    assert scene(thing(), held).split == "held-out"


@pytest.mark.parametrize("change", [{"size": 0.09}, {"contrast": 0.5}, {"cover": 0.4}])
def test_tiny_faded_or_hidden_objects_make_a_scene_hard(change):
    assert scene(thing()).split != "hard"
    assert scene(thing(**change)).split == "hard"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: thing(kind="unicorn"),
            r"Thing: kind must be one of 'cat', .*; got 'unicorn'\.",
        ),
        (lambda: thing(colour="teal"), r"Thing: colour must be one of .*; got 'teal'\."),
        (lambda: thing(pose="flying"), r"Thing: pose must be one of 'sitting', .*'flying'\."),
        (
            lambda: thing(facing="up"),
            r"Thing: facing must be one of 'left', 'right'; got 'up'\.",
        ),
        (lambda: scene(setting="moon"), r"Scene: setting must be one of .*; got 'moon'\."),
        (lambda: scene(style="oil"), r"Scene: style must be one of .*; got 'oil'\."),
        (lambda: thing(kind=["cat"]), r"Thing: kind must be one of .*; got \['cat'\]\."),
        (lambda: thing(size=0), r"Thing: size must be a number from 0\.001 to 1; got 0\."),
        (lambda: thing(size=float("nan")), r"Thing: size must be a number .*; got nan\."),
        (lambda: thing(contrast=-1), r"Thing: contrast must be a number from 0 to 1; got -1\."),
        (lambda: thing(cover=True), r"Thing: cover must be a number from 0 to 1; got True\."),
        (lambda: thing(position=(1,)), r"Thing: position must be \(x, y\) .*; got \(1,\)\."),
        (lambda: thing(position=("a", 1)), r"Thing: position must be a number .*; got 'a'\."),
        (lambda: thing(look=[1]), r"Thing: look must be a whole number, a seed; got \[1\]\."),
        (lambda: thing(word="zoo"), r"Thing: word must be .* on a sign; got 'zoo' on a cat\."),
        (
            lambda: thing(kind="sign", pose="", word="ZOO"),
            r"Thing: word must be letters from a to z, on a sign; got 'ZOO' on a sign\.",
        ),
        (lambda: scene(aspect=0), r"Scene: aspect must be a number from 1 to 3; got 0\."),
    ],
)
def test_false_facts_are_refused(make, message, unchecked):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("objects", [None, "cat", [thing()], ("cat",)])
def test_objects_must_be_a_tuple_of_things(objects, unchecked):
    with pytest.raises(TypeError, match=r"Scene: objects must be a tuple of things; got .*"):
        Scene(setting="beach", objects=objects)
