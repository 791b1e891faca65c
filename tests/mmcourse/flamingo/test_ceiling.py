import numpy as np
import pytest

from mmcourse.flamingo import best_possible, chance_of_first, draw_game


@pytest.mark.parametrize("shots", range(4))
def test_best_possible_is_the_closed_form(shots):
    # open are the examples whose other fact goes along: two of 4 ** shots. Then half of the
    # questions have two answers, and half of those are met
    still_open = min(1.0, 2 / 4**shots)
    expected = 0.5 if shots == 0 else 1 - still_open / 4
    assert best_possible(shots) == pytest.approx(expected)


def test_who_plays_by_the_rule_reaches_it_and_no_more():
    rng, right = np.random.default_rng(0), []
    for _ in range(4000):
        game = draw_game(rng)
        things = game.things()
        names = [game.words[0], game.words[1]]
        examples = [game.things(name)[int(2 * rng.random())] for name in names]
        asked = things[int(4 * rng.random())]
        told = [
            (game.kinds.index(kind), game.colours.index(colour), names.index(game.label(thing)))
            for thing in examples
            for kind, colour in [thing]
        ]
        first = chance_of_first(
            told, (game.kinds.index(asked[0]), game.colours.index(asked[1]))
        )
        said = names[0 if first > 0.5 or (first == 0.5 and rng.random() < 0.5) else 1]
        right.append(said == game.label(asked))
    assert np.mean(right) == pytest.approx(best_possible(1), abs=0.02)


def test_without_examples_nothing_is_known():
    assert [chance_of_first([], (kind, colour)) for kind in (0, 1) for colour in (0, 1)] == [
        0.5
    ] * 4


def test_names_turned_round_turn_the_chance_round():
    examples = [(0, 1, 0), (1, 1, 1)]
    turned = [(kind, colour, 1 - name) for kind, colour, name in examples]
    assert chance_of_first(examples, (0, 0)) == 1 - chance_of_first(turned, (0, 0)) == 1


def test_examples_of_no_rule_are_refused():
    with pytest.raises(ValueError, match="some rule must give these examples"):
        chance_of_first([(0, 0, 0), (0, 0, 1)], (0, 0))
