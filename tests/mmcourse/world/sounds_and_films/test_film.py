from collections import Counter
from importlib import import_module
from itertools import permutations

import numpy as np
import pytest
from only_random import OnlyRandom

from mmcourse.world.scenes.sampling import sample_scene
from mmcourse.world.scenes.scene import Scene, Thing
from mmcourse.world.scenes.vocabulary import KINDS, SCENES
from mmcourse.world.sounds_and_films.film import Film, film
from mmcourse.world.sounds_and_films.sound import mix

film_module = import_module(
    "mmcourse.world.sounds_and_films.film"
)  # `mmcourse.world.sounds_and_films.film` is the function


def thing(kind: str = "cat", x: float = 0.25, y: float = 0.6, size: float = 0.12) -> Thing:
    return Thing(kind=kind, colour="red", size=size, position=(x, y), pose=KINDS[kind].poses[0])


KINDS_IN_ROW = ("cat", "car", "dog", "house", "bird")


def row(count: int) -> Scene:
    things = [thing(kind, x=0.15 + 0.18 * i) for i, kind in enumerate(KINDS_IN_ROW[:count])]
    return Scene(setting="street", objects=tuple(things))


def start(number: int = 7) -> np.random.Generator:
    return np.random.default_rng(number)


def movers(still: Scene, frame: Scene) -> list[int]:
    """Return which objects are away from home in a frame."""
    pairs = enumerate(zip(still.objects, frame.objects, strict=True))
    return [index for index, (home, now) in pairs if home != now]


@pytest.fixture
def in_order(monkeypatch):
    """Return a function that makes a film with its order chosen and all else left to chance."""

    def make(scene: Scene, order: tuple[int, ...], frames: int) -> Film:
        rng = start()
        rng.random(len(order))  # what the order would have drawn
        monkeypatch.setattr(film_module, "_turns", lambda count, rng: order)
        return film(scene, rng, frames)

    return make


# What moves when


def test_four_frames_of_two_things_worked_out_by_hand(in_order):
    right = Thing(kind="car", colour="red", size=0.2, position=(0.25, 0.7))
    left = Thing(kind="bus", colour="blue", size=0.2, position=(0.55, 0.7), facing="left")
    rng = start()
    rng.random(2)
    strides = [0.2 * (0.8 + 0.2 * vigour) for vigour in rng.random(2)]
    clip = in_order(Scene(setting="street", objects=(right, left)), (1, 0), 4)
    # Phases 1/4 and 3/4 of a turn: 4 · 1/4 · 3/4 = 3/4 of the stride.
    xs = [[one.position[0] for one in frame.objects] for frame in clip.scenes]
    bus_away, car_away = 0.55 - 0.75 * strides[1], 0.25 + 0.75 * strides[0]
    expected = [[0.25, bus_away], [0.25, bus_away], [car_away, 0.55], [car_away, 0.55]]
    np.testing.assert_allclose(xs, expected, atol=1e-12)
    assert clip.first == left
    assert clip.seconds == 2.0


@pytest.mark.parametrize("frames", [5, 7, 16, 33, 60])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_things_move_one_at_a_time_in_the_stated_order_and_equally_long(count, frames):
    still = row(count)
    clip = film(still, start(frames), frames)
    assert len(clip.scenes) == frames
    away = [movers(still, frame) for frame in clip.scenes]
    assert max(map(len, away)) == 1
    sequence = [indices[0] for indices in away if indices]
    each = frames // count
    assert sequence == [index for index in clip.order for _ in range(each)]
    assert sorted(clip.order) == list(range(count))


def test_every_move_lies_within_its_turn():
    clip = film(row(3), start(), 16)
    for number, frame in enumerate(clip.scenes):
        for index in movers(clip.still, frame):
            assert clip.order.index(index) == int((number + 0.5) / 16 * 3)


def test_every_order_is_equally_likely():
    rng = start()
    orders = Counter(film_module._turns(3, rng) for _ in range(300))
    assert len(orders) == 6
    # 50 expected of each, standard deviation 6.5: five of them.
    assert min(orders.values()) > 50 - 5 * 6.5


def test_things_stay_inside_the_picture_and_move_visibly(rng):
    for setting in SCENES:
        for aspect in (1.0, 2.0):
            still = sample_scene(rng, scenes=[setting], aspect=aspect)
            clip = film(still, rng, 17)
            for index, home in enumerate(still.objects):
                places = np.array([frame.objects[index].position for frame in clip.scenes])
                reach = np.array([still.aspect, 1.0]) - home.size
                assert (places >= home.size - 1e-9).all()
                assert (places <= reach + 1e-9).all()
                # Three pixels of a picture 64 high.
                assert np.abs(places - home.position).max() > 3 / 64


def test_a_cornered_thing_goes_where_there_is_room():
    car = Thing(kind="car", colour="red", size=0.3, position=(0.7, 0.6))
    clip = film(Scene(setting="street", objects=(car,)), start(), 3)
    assert clip.scenes[1].objects[0].position[0] < 0.6


# What does and does not tell who was first


@pytest.mark.parametrize(("count", "frames"), [(2, 16), (2, 7), (3, 16), (4, 7), (4, 60)])
def test_a_heap_of_unordered_frames_is_the_same_whoever_was_first(in_order, count, frames):
    still = row(count)
    heaps = {
        frozenset(Counter(in_order(still, order, frames).scenes).items())
        for order in permutations(range(count))
    }
    assert len(heaps) == 1


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_sound_is_made_of_the_same_pieces_whoever_was_first(in_order, count):
    still, orders = row(count), list(permutations(range(count)))[::7]
    assert len(orders) > 0
    bed_rng = start()
    bed_rng.random(2 * count)
    bed = mix(Scene(setting="street", objects=()), [], 2.0, bed_rng, 16_000)
    turn = 32_000 // count
    pieces: dict[int, np.ndarray] = {}
    for order in [*orders, orders[0][::-1]]:
        calls = in_order(still, order, 16).sound.astype(int) - bed
        for place, index in enumerate(order):
            first = round(place * 32_000 / count)
            piece = calls[first : first + turn]
            assert piece[:6_000].std() > 100
            # Two roundings to a whole step, in the sum and in the bed, each off by half a step.
            assert np.abs(piece - pieces.setdefault(index, piece)).max() <= 2


def first_mover(scenes: list[Scene]) -> str:
    """Answer "which came first?" from frames: the thing that is away in the earliest one."""
    homes = [Counter(frame.objects[i] for frame in scenes).most_common(1)[0][0] for i in (0, 1)]
    away = [i for frame in scenes for i in (0, 1) if frame.objects[i] != homes[i]]
    return scenes[0].objects[away[0]].kind


def test_shuffled_frames_answer_who_came_first_at_chance(rng):
    clips = [film(row(2), rng, 8, sr=8_000) for _ in range(120)]
    assert all(first_mover(list(clip.scenes)) == clip.first.kind for clip in clips)
    shuffled = [[clip.scenes[i] for i in np.argsort(rng.random(8))] for clip in clips]
    right = np.mean(
        [first_mover(s) == c.first.kind for s, c in zip(shuffled, clips, strict=True)]
    )
    # Four standard errors of a fair coin thrown 120 times.
    assert abs(right - 0.5) < 4 * 0.5 / np.sqrt(120)


# Pictures, repeats, refusals


def test_pictures_are_the_drawn_frames():
    wide = Scene(setting="beach", objects=(thing("dog"),), aspect=1.5)
    pictures = film(wide, start(), 3).pictures(size=32)
    assert pictures.shape == (3, 32, 48, 3)
    assert pictures.dtype == np.uint8
    assert (pictures[0] != pictures[1]).any()


def test_the_same_state_gives_the_same_film_and_draws_a_fixed_number():
    rng, twin = start(), start()
    one, other = film(row(3), rng, 9), film(row(3), start(), 9)
    assert one.scenes == other.scenes
    np.testing.assert_array_equal(one.sound, other.sound)
    twin.random(1 + 3 * 3)
    assert rng.random() == twin.random()


def test_it_draws_through_random_alone():
    np.testing.assert_array_equal(
        film(row(3), OnlyRandom(7), 9).sound, film(row(3), start(), 9).sound
    )


def test_the_sampling_rate_is_the_listeners_choice():
    assert film(row(1), start(), 2, sr=8_000).sound.shape == (16_000,)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("scene", "frames", "message"),
    [
        (row(2), 1, r"film: frames must be from 2 to 60, at least one per object; got 1"),
        (row(4), 3, r"film: frames must be from 4 to 60"),
        (row(2), 61, r"got 61"),
        (row(2), 16.0, r"film: frames must be a whole number; got 16\.0"),
        (row(2), True, r"film: frames must be a whole number; got True"),
        (row(0), 16, r"film: the scene must have from 1 to 5 objects; got 0"),
        (Scene(setting="plain", objects=(thing(),) * 6), 16, r"1 to 5 objects; got 6"),
    ],
)
def test_numbers_out_of_range_are_refused(scene, frames, message):
    with pytest.raises(ValueError, match=message):
        film(scene, start(), frames)


@pytest.mark.usefixtures("unchecked")
def test_other_types_and_rates_are_refused():
    with pytest.raises(TypeError, match=r"film: expected a Scene; got str"):
        film("a cat", start())
    with pytest.raises(TypeError, match=r"film: rng must be a numpy Generator; got NoneType"):
        film(row(1), None)
    with pytest.raises(ValueError, match=r"film: sr must be a whole number"):
        film(row(1), start(), sr=4_000)
