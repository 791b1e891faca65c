"""A refusal from further down speaks in the name of the function that was called."""

import pytest

from mmcourse.boundary.names import speaking_as


def test_the_name_at_the_head_is_exchanged_and_the_class_kept():
    with pytest.raises(TypeError) as raised, speaking_as("outer", "inner"):
        raise TypeError("inner: expected a; got b.")
    assert raised.value.args == ("outer: expected a; got b.",)


def test_a_message_that_does_not_begin_with_the_name_stays():
    with pytest.raises(ValueError, match=r"^the inner: no head"), speaking_as("outer", "inner"):
        raise ValueError("the inner: no head.")
