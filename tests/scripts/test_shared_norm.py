"""A BatchNorm over several processes is the one of the whole batch."""

import numpy as np
import pytest
from shared_work import described, norm, normed
from together import needs_fork, together

SHAPE = (12, 3, 4, 5)


@needs_fork
@pytest.mark.parametrize("world", [2, 3])
def test_each_process_gets_its_part_of_what_one_would_make(world):
    model, x, along = normed(SHAPE)
    out = model(x.requires_grad_())
    out.backward(along)
    expected, found = described(model, x, out), together(world, norm, SHAPE)
    for name, whole in expected.items():
        if name in ("out", "to x"):
            parts = [np.concatenate([each[name] for each in found])]
        else:
            parts = [each[name] for each in found]
        for part in parts:
            np.testing.assert_allclose(part, whole, rtol=0, atol=1e-12, err_msg=name)
