"""The drawn world from outside: its public names, wherever in its rooms they stand."""

from importlib import import_module

import pytest

from mmcourse import world

NAMES = (
    "COLOURS HELD_OUT KINDS PLANTED_BIAS SCENES SIGN_WORDS SPLITS STYLES Film Information "
    "MinimalPair Question Scene TextPrior Thing bayes_loss caption caption_logprob film "
    "log_posterior masks minimal_pairs mutual_information questions relation render "
    "sample_scene sound swap_attributes"
)
"""What edition 0.1 gave, and every later one has to give."""


@pytest.mark.parametrize("name", NAMES.split())
def test_a_public_name_is_handed_on(name):
    assert name in world.__all__
    given = getattr(world, name)
    assert not hasattr(given, "__path__"), "a module hides it"
    if callable(given):
        assert getattr(import_module(given.__module__), name) is given
