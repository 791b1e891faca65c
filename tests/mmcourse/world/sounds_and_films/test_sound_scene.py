"""Three seconds of sound: what happens is what is described, played and said."""

from itertools import pairwise

import numpy as np
import pytest
from only_random import OnlyRandom

from mmcourse.world import KINDS, NEVER_TOGETHER, SCENES
from mmcourse.world.sounds_and_films.sound_caption import TIMES, sound_caption, sound_words
from mmcourse.world.sounds_and_films.sound_scene import Calls, SoundScene, play, sound_scene
from mmcourse.world.sounds_and_films.voices import CALL_SECONDS


@pytest.fixture(scope="module")
def scenes():
    rng = np.random.default_rng(3)
    return [sound_scene(rng) for _ in range(3000)]


def quiet(*calls, relation=""):
    """Return a recording with a quiet bed."""
    return SoundScene(calls, relation, "plain", 0.01, 0.0, 0.5)


def test_every_kind_count_relation_and_setting_occurs(scenes):
    assert {each.kind for scene in scenes for each in scene.calls} == set(KINDS)
    assert {each.count for scene in scenes for each in scene.calls} == set(TIMES)
    assert {scene.relation for scene in scenes} == {"", "then", "while"}
    assert {scene.setting for scene in scenes} == set(SCENES)


def test_every_call_is_whole(scenes):
    assert min(each.starts[0] for scene in scenes for each in scene.calls) >= 0
    assert max(scene.end for scene in scenes) <= 3 + 1e-9


def test_calls_of_a_kind_are_in_order(scenes):
    for scene in scenes:
        for each in scene.calls:
            assert all(sooner < later for sooner, later in pairwise(each.starts))


def test_then_is_true(scenes):
    for first, second in (scene.calls for scene in scenes if scene.relation == "then"):
        assert first.end <= second.starts[0]


def test_while_is_true_and_its_order_tells_nothing(scenes):
    sooner = []
    for first, second in (scene.calls for scene in scenes if scene.relation == "while"):
        assert first.starts[0] < second.end - 0.2
        assert second.starts[0] < first.end - 0.2
        assert list(KINDS).index(first.kind) < list(KINDS).index(second.kind)
        sooner.append(first.starts[0] < second.starts[0])
    assert 0.45 < np.mean(sooner) < 0.55


def test_pairs_held_out_are_heard_only_there(scenes):
    rng = np.random.default_rng(4)
    pairs = [frozenset(each.kind for each in scene.calls) for scene in scenes]
    assert not NEVER_TOGETHER & set(pairs)
    apart = [sound_scene(rng, held_out=True) for _ in range(300)]
    assert {frozenset(each.kind for each in scene.calls) for scene in apart} == NEVER_TOGETHER


def test_a_listener_counts_calls_that_do_not_overlap():
    assert Calls("cat", (0.1, 0.2, 0.3), (0.5,) * 3, (0.5,) * 3).heard == 1
    assert Calls("cat", (0.0, 0.4, 1.0), (0.5,) * 3, (0.5,) * 3).heard == 3


def test_what_is_clear_is_what_one_hidden_repeat_in_ten_leaves(scenes):
    # 1, 2 or 3 calls alike: nothing, one or two repeats, each clear in nine of ten
    one = (1 + 0.9 + 0.81) / 3
    for kinds, share in ((1, one), (2, one**2)):
        clear = [scene.clear for scene in scenes if len(scene.calls) == kinds]
        assert abs(np.mean(clear) - share) < 3 * np.sqrt(share * (1 - share) / len(clear))


def test_only_random_is_drawn():
    assert sound_scene(OnlyRandom(5)) == sound_scene(np.random.default_rng(5))


@pytest.mark.parametrize("sr", [8_000, 16_000, 44_100])
def test_three_seconds_of_mono_int16_never_clipped(sr, scenes):
    for scene in scenes[:5]:
        wave = play(scene, sr)
        assert wave.dtype == np.int16
        assert wave.shape == (3 * sr,)
        assert np.abs(wave.astype(int)).max() <= 0.95 * 32_767 + 1


def test_a_call_is_heard_when_it_is_said_to_be():
    calls = Calls("house", (1.0,), (0.5,), (0.3,))
    wave = play(quiet(calls)).astype(float) / 32_767
    loud = np.abs(wave) > 0.05
    assert loud[16_000 : int(16_000 * (1 + CALL_SECONDS))].any()
    assert not loud[: 16_000 - 1].any()
    assert not loud[int(16_000 * (1 + CALL_SECONDS)) + 1 :].any()


def test_the_level_is_the_largest_sample():
    wave = play(quiet(Calls("cat", (0.5,), (0.4,), (0.3,))))
    assert abs(np.abs(wave.astype(int)).max() / 32_767 - 0.4) < 0.01


def test_every_sentence_has_words_that_are_known(scenes):
    known = set(sound_words())
    said = {sound_caption(scene) for scene in scenes}
    assert {word for text in said for word in text.split()} - {"an"} == known
    assert len({sound_caption(scene) for scene in scenes[:500]}) > 480


def test_the_sentence_of_one_that_calls_across_another():
    umbrella = Calls("umbrella", (0.1, 0.8, 1.5), (0.5,) * 3, (0.1,) * 3)
    crane = Calls("crane_bird", (0.3,), (0.5,), (0.3,))
    scene = SoundScene((crane, umbrella), "while", "night", 1.0, 0.01, 0.5)
    assert sound_caption(scene) == "a crane bird once while an umbrella three times at night"
