import pytest

from mmcourse.vqa import understood


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is there an umbrella", "is there an umbrella?"),
        ("Which  Color are the buses?!", "which colour are the buses?"),
        ("is the grey cat left of the gray car?", "is the grey cat left of the grey car?"),
    ],
)
def test_a_question_is_read_as_the_model_learnt_it(typed, read):
    assert understood(typed) == read


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("why is the cat colorful?", "it never learnt why, colorful\\."),
        ("where is the cat?", "must be of a form .*; got where is the cat\\?"),
        ("", "must be of a form"),
    ],
)
def test_what_the_model_never_learnt_is_named(typed, why):
    with pytest.raises(ValueError, match=why):
        understood(typed)
