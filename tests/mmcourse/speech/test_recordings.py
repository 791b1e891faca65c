"""The recordings that come with the course: what they say, who speaks, what is to be played."""

import numpy as np
import pytest
import spoken
import spoken_data
import torch

from mmcourse.audio import log_mel
from mmcourse.captioning import target_caption
from mmcourse.speech import plain, stored_recordings
from mmcourse.speech.recordings import FOLDER, PARTS

MEGABYTE = 1_000_000


CAPTIONS = [name for name in PARTS if name != "new-words"]


@pytest.fixture(scope="module", params=PARTS)
def part(request):
    return request.param, stored_recordings(request.param)


@pytest.mark.parametrize("name", CAPTIONS)
def test_each_says_the_caption_of_its_scene(name):
    found = stored_recordings(name)
    assert len(found) == 250
    assert [each.text for each in found] == [
        plain(target_caption(each.scene)) for each in found
    ]
    assert {each.scene.split for each in found} == {PARTS[name][1]}


def test_new_words_stand_where_the_thing_was():
    found = stored_recordings("new-words")
    assert len(found) == 50
    for number, each in enumerate(found):
        [thing] = each.scene.objects
        _, colour, word, *_ = each.text.split()
        assert colour == thing.colour
        assert word == spoken_data.NEW_WORDS[number % 25]


def test_each_is_a_log_mel_with_room_for_its_letters(part):
    for each in part[1]:
        assert each.log_mel.shape[0] == 48
        assert each.log_mel.dtype == torch.float32
        assert each.log_mel.shape[1] // 2 > len(each.text)


def test_waves_are_those_of_the_log_mels(part):
    name, found = part
    played = [each for each in found if each.wave is not None]
    assert len(played) == {"train": 0, "new-words": 2}.get(name, 24)
    for each in played:
        assert each.wave.dtype == np.int16
        # rounded to 12 bits, which is felt in the quietest bands alone
        difference = (log_mel(each.wave) - each.log_mel).abs()
        assert difference.mean() < 0.1


def test_new_voices_are_new_and_all_are_to_be_heard():
    heard = {each.voice for name in ("train", "heard") for each in stored_recordings(name)}
    new = stored_recordings("new")
    assert [each.voice for each in new[:5]] == list(spoken.NEW_VOICES)
    variants = {voice.partition("+")[2] for voice in heard}
    assert variants & {voice.partition("+")[2] for voice in spoken.NEW_VOICES} == set()
    assert {each.voice for each in new if each.wave is not None} == set(spoken.NEW_VOICES)


def test_new_and_known_voices_speak_of_the_same_scenes():
    new, heard = stored_recordings("new"), stored_recordings("heard")
    assert [each.scene for each in new] == [each.scene for each in heard]


def test_files_are_small():
    sizes = [file.stat().st_size for file in FOLDER.iterdir()]
    assert max(sizes) < MEGABYTE
    assert sum(sizes) < 6.4 * MEGABYTE
