"""A CLIP trained by two processes takes the step of one, and outlives one that is killed."""

import numpy as np
import pytest
import torch
from shared_work import gradients, restarted
from together import alone, needs_fork, together

SHARED = {
    "tiny": {},
    "tiny-hard": {"twins": 0.67},
    "tiny-vit": {},
    "tiny-bag": {},
}
"""What each diet has besides; tiny-vit has a teacher, and tiny-bag locked pictures."""


@needs_fork
@pytest.mark.parametrize("name", SHARED)
def test_two_processes_have_the_loss_and_the_gradients_of_one(name, tmp_path):
    (one,) = together(1, gradients, name, tmp_path, SHARED[name])
    both = together(2, gradients, name, tmp_path, SHARED[name])
    assert len(one) > 20
    for found in both:
        assert found.keys() == one.keys()
        for weight, expected in one.items():
            # float32 throughout, and sums in another order, through many norms of 12 pictures
            allowed = 2e-4 * max(1.0, float(np.abs(expected).max()))
            np.testing.assert_allclose(found[weight], expected, rtol=0, atol=allowed)


@needs_fork
def test_a_killed_process_costs_a_restart_and_changes_no_weight(tmp_path):
    weights = []
    for name, killed_at in (("whole", None), ("killed", 3)):
        folder = tmp_path / name
        folder.mkdir()
        alone(restarted, folder, killed_at)
        files = {path.name for path in folder.iterdir()}
        assert {"run.pt", "weights-0.pt", "weights-1.pt"} <= files
        weights += [torch.load(folder / f"weights-{rank}.pt") for rank in (0, 1)]
    for other in weights[1:]:
        assert all(torch.equal(other[key], weights[0][key]) for key in weights[0])
