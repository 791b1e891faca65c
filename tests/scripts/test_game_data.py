"""Documents of the word game for training, and the exam that is measured with."""

import game_data
import measure_game
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from mmcourse.data import sample_scenes
from mmcourse.flamingo import SHOWN, Album, Flamingo, GameLanguageModel, Sight, game_words


@pytest.fixture(scope="module")
def pictures():
    scenes = sample_scenes(300, np.random.default_rng(0), n_objects=1, kinds=SHOWN)
    grids = torch.arange(300.0)[:, None, None].expand(300, 3, 5)
    return Album(grids, scenes)


def test_a_steps_texts_follow_from_its_number_and_the_seed():
    first = game_data.texts(3, 5, 1, bind=True)
    assert torch.equal(first, game_data.texts(3, 5, 1, bind=True))
    for other in (game_data.texts(4, 5, 1, bind=True), game_data.texts(3, 5, 2, bind=True)):
        assert first.shape != other.shape or not torch.equal(first, other)


def test_a_steps_pictures_show_what_its_documents_name(pictures):
    tokens, shown = game_data.shown_documents(3, 40, 1, pictures)
    assert tokens.shape == (40, 32)
    assert shown.shape == (40, 8, 3, 5)
    ids = game_words().ids
    for document, rows in zip(tokens.tolist(), shown[:, :, 0, 0].int().tolist(), strict=True):
        if ids["is"] not in document:  # one that names
            things = [pictures.things[row] for row in rows]
            named = [(document[4 * n + 2], document[4 * n + 1]) for n in range(8)]
            assert named == [(ids[kind], ids[colour]) for kind, colour in things]


def test_grids_are_kept_and_belong_to_their_scenes(tmp_path, monkeypatch):
    monkeypatch.setattr(game_data, "SHARD", 4)
    monkeypatch.setattr(game_data, "SHARDS", 2)
    made = game_data.training_album(tmp_path)
    kept = [load_file(path)["grids"] for path in sorted(tmp_path.iterdir())]
    assert torch.equal(torch.cat(kept), made.grids)
    again = game_data.album(4, 1001, "train", SHOWN)
    assert [scene.objects for scene in again.scenes] == [s.objects for s in made.scenes[4:]]
    assert torch.equal(again.grids, made.grids[4:])


def test_an_exam_asks_in_four_ways(monkeypatch):
    monkeypatch.setattr(measure_game, "PICTURES", {"shown": (140, ("cat", "boat"))})
    monkeypatch.setattr(measure_game, "SHOTS", (0, 1))
    exam, model = measure_game.Exam("test", 6), Flamingo(GameLanguageModel(), Sight()).eval()
    for way in ("pictures", "shuffled", "own words", "words"):
        two, every = exam.answers(model, "shown", 1, way)
        assert two.shape == every.shape == (6,)
        assert not (every & ~two).any()  # who is right among all is right among two
