"""The painter put together: which noise, which velocity, which pixels."""

import good_calls
import pytest
import torch
from good_calls import seeded, tiny
from torch import nn
from torch.testing import assert_close

from mmcourse.autoencoder import Autoencoder
from mmcourse.rectified_flow import Painter, euler, midpoint, painter, read_prompts

PROMPTS = ["a red cat", "a blue dog", "a green tree"]


def paint(prompts=PROMPTS, of=None, **more):
    of = of or good_calls.painter()
    return of.paint(prompts, **{"generator": seeded(), "steps": 1, **more})


class Decoder(nn.Module):
    """Stands in for a decoder: a colour for each channel; it keeps what it got."""

    def __init__(self, *colour):
        super().__init__()
        self.colour, self.seen = colour, []

    def forward(self, places):
        self.seen.append(places)
        colour = torch.tensor(self.colour).view(-1, 1, 1)
        return colour.expand(len(places), 3, 64, 64)


def seeing(*colour):
    """Return a painter with a stand-in for its decoder, and the list of what that gets."""
    unfolded = good_calls.layer(Autoencoder)
    unfolded.decoder = Decoder(*(colour or (0.0,)))
    return Painter(tiny()[0], good_calls.flow_net(), unfolded), unfolded.decoder.seen


def farthest(one, other):
    return (one.int() - other.int()).abs().max().item()


def test_there_is_one_picture_of_64_pixels_for_each_prompt():
    pixels = paint()
    assert pixels.shape == (3, 64, 64, 3)
    assert pixels.dtype == torch.uint8


@pytest.mark.parametrize(("number", "pixel"), [(-1.0, 0), (1.0, 255), (0.2, 153)])
def test_numbers_from_minus_one_to_one_become_bytes(number, pixel):
    assert paint(of=seeing(number)[0]).unique().tolist() == [pixel]


def test_colours_come_last():
    of, _ = seeing(-1.0, 0.2, 1.0)
    assert paint(of=of)[1, 5, 7].tolist() == [0, 153, 255]


def test_the_seed_decides_and_the_generator_is_advanced():
    generator = seeded()
    first, second = paint(generator=generator), paint(generator=generator)
    assert torch.equal(first, paint())
    assert farthest(first, second) > 10


def test_without_guidance_the_prompt_plays_no_part_and_with_it_it_does():
    others = ["a blue dog", "a green tree", "a red cat"]
    assert farthest(paint(guidance=0), paint(others, guidance=0)) <= 1
    assert farthest(paint(guidance=5), paint(others, guidance=5)) > 1


@torch.no_grad()
@pytest.mark.parametrize("guidance", [0, 1, 3])
@pytest.mark.parametrize("method", [euler, midpoint])
def test_the_noise_is_led_by_the_guided_velocity(guidance, method):
    of, seen = seeing()
    paint(of=of, guidance=guidance, steps=2, method=method)
    condition = read_prompts(tiny()[0], PROMPTS)
    nothing = of.net.nothing.expand_as(condition)

    def velocity(points, times):
        apart = [of.net(points, times, read) for read in (condition, nothing)]
        return apart[1] + guidance * (apart[0] - apart[1])

    expected = method(velocity, torch.randn(3, 16, 8, 8, generator=seeded()), 2)
    assert_close(torch.cat(seen), expected, rtol=1e-4, atol=1e-4)


def test_a_picture_is_the_same_in_a_batch_of_another_size(monkeypatch):
    (whole, seen), (parts, apart) = seeing(), seeing()
    paint(of=whole)
    monkeypatch.setattr(painter, "BATCH", 2)
    paint(of=parts)
    assert [len(each) for each in apart] == [2, 1]
    assert_close(torch.cat(apart), torch.cat(seen), rtol=1e-4, atol=1e-4)


def test_steps_are_counted():
    steps = []
    paint(method=lambda velocity, noise, n: steps.append(n) or noise, steps=7)
    assert steps == [7]


def test_painting_teaches_nobody():
    paint()
    assert all(each.grad is None for each in good_calls.flow_net().parameters())


def test_what_was_read_already_is_painted_alike():
    of, condition = good_calls.painter(), read_prompts(tiny()[0], PROMPTS)
    painted = of.paint_read(condition, generator=seeded(), steps=2)
    assert torch.equal(painted, of.paint(PROMPTS, generator=seeded(), steps=2))
