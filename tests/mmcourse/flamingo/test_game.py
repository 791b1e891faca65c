from collections import Counter

import numpy as np
import pytest

from mmcourse.flamingo import GAME_KINDS, INVENTED, WordGame, draw_game, draw_things

GAME = WordGame(("cat", "car"), ("red", "blue"), ("dax", "wug"), "kind")


def test_a_kind_is_called_the_same_in_both_colours():
    assert [GAME.label(thing) for thing in GAME.things()] == ["dax", "dax", "wug", "wug"]


def test_a_colour_is_called_the_same_for_both_kinds():
    game = WordGame(GAME.kinds, GAME.colours, GAME.words, "colour")
    assert [game.label(thing) for thing in game.things()] == ["dax", "wug", "dax", "wug"]


def test_things_with_a_name_are_those_that_are_called_so():
    assert GAME.things("wug") == [("car", "red"), ("car", "blue")]


def test_a_game_is_of_two_kinds_two_colours_and_two_names():
    rng = np.random.default_rng(0)
    for game in (draw_game(rng) for _ in range(50)):
        assert len(set(game.kinds)) == len(set(game.colours)) == len(set(game.words)) == 2
        assert set(game.kinds) <= set(GAME_KINDS)
        assert set(game.words) <= set(INVENTED)


def test_both_rules_are_as_likely():
    rng = np.random.default_rng(1)
    rules = Counter(draw_game(rng).rule for _ in range(400))
    assert rules["kind"] == pytest.approx(200, abs=40)


def test_the_same_seed_gives_the_same_game():
    assert draw_game(np.random.default_rng(3)) == draw_game(np.random.default_rng(3))


def test_a_game_has_only_things_that_are_there():
    rng = np.random.default_rng(2)
    for _ in range(20):
        game = draw_game(rng, there=lambda thing: thing[1] != "red")
        assert "red" not in game.colours


def test_each_of_four_things_is_as_likely():
    found = Counter(draw_things(GAME, 800, np.random.default_rng(4)))
    assert sorted(found) == sorted(GAME.things())
    assert min(found.values()) > 150


def test_names_mean_another_thing_in_another_game():
    rng = np.random.default_rng(5)
    meant = {
        kind
        for game in (draw_game(rng) for _ in range(400))
        if game.rule == "kind" and "dax" in game.words
        for kind in [game.kinds[game.words.index("dax")]]
    }
    assert len(meant) > 5


def test_a_game_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="two kinds must be there in two colours"):
        draw_game(np.random.default_rng(0), there=lambda thing: thing[1] == "red")
