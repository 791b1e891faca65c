"""The watcher of films: what its tokens know, and what is answered from where."""

import pytest
import torch

from mmcourse.video import FrameEncoder, PieceEncoder, VideoQA, film_tokens, films, frozen


@pytest.fixture
def model():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return VideoQA(width=32, layers=2).eval()


@pytest.fixture(scope="module")
def shown():
    return films(3, 3)


@pytest.fixture
def asked():
    texts = ["what do you hear?", "which way does the cat go?", "which side hops first?"]
    return film_tokens()(texts).repeat(3, 1, 1)


def test_a_token_of_a_half_sees_that_half_alone(shown):
    encoder = FrameEncoder(width=7).eval()
    painted = shown.pictures.clone()
    painted[:, 4, :, 24:] = 0  # three convolutions reach at most eight pixels beyond a half
    before, after = encoder(shown.pictures), encoder(painted)
    changed = (before - after).abs().amax((0, 3)) > 1e-6
    assert changed.nonzero().tolist() == [[4, 1]]


def test_a_piece_of_sound_changes_its_own_token_alone(shown):
    encoder = PieceEncoder(width=7).eval()
    other = shown.sounds.clone()
    other[1, 6] += 1
    changed = (encoder(other) - encoder(shown.sounds)).abs().amax(2) > 1e-6
    assert changed.nonzero().tolist() == [[1, 6]]


def test_questions_do_not_see_each_other_and_padding_is_no_word(model, shown, asked):
    film = model.watch(shown.pictures, shown.sounds)
    together = model.reply(film, asked)
    for place in range(3):
        one = asked[:, place : place + 1]
        padded = torch.nn.functional.pad(one, (0, 4))
        torch.testing.assert_close(model.reply(film, padded)[:, 0], together[:, place])


def test_the_order_of_the_frames_is_seen(model, shown, asked):
    turned = model(shown.pictures.flip(1), shown.sounds.flip(1), asked)
    assert (turned - model(shown.pictures, shown.sounds, asked)).abs().max() > 1e-3
    still = frozen(shown)
    torch.testing.assert_close(
        model.frames(still.pictures.flip(1)), model.frames(still.pictures)
    )


def test_films_of_a_batch_do_not_see_each_other(model, shown, asked):
    alone = model(shown.pictures[1:2], shown.sounds[1:2], asked[1:2])
    together = model(shown.pictures, shown.sounds, asked)[1:2]
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=1e-5)


def test_every_weight_learns(model, shown, asked):
    (model.train()(shown.pictures, shown.sounds, asked) ** 2).sum().backward()
    still = {
        name for name, weight in model.named_parameters() if weight.grad.abs().max() < 1e-12
    }
    assert still == set()


def test_its_sizes_are_those_of_the_shipped_file():
    assert sum(each.numel() for each in VideoQA().parameters()) < 1_000_000
