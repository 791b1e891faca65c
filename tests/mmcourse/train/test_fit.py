import math

import pytest
import torch
from small_run import Small, loss_of, train
from torch import nn

from mmcourse.train import fit


def numbers(*values: float) -> nn.ParameterList:
    return nn.ParameterList([torch.tensor(values)])


def descend(model: nn.ParameterList, loss_at, steps: int, **changes):
    """Fit by plain descent, which moves a parameter by its rate times its gradient."""
    changes = {"warmup": 0.0, "lr": 0.5, **changes}
    chosen = [torch.optim.SGD(model.parameters(), lr=changes.pop("lr"))]
    return fit(model, loss_at, steps, chosen=chosen, progress=False, **changes)


def test_learning_rate_rises_linearly_under_half_a_cosine():
    # Rises 1/4, 2/4, 3/4, then 1; cosine (1 + cos(45° s)) / 2 at s = 0 … 3, 4 … 7.
    model, rates = nn.ParameterList([torch.zeros(1)]), []
    chosen = [torch.optim.SGD(model.parameters(), lr=0.3)]
    fit(
        model,
        lambda _: model[0].sum(),
        8,
        chosen=chosen,
        warmup=0.5,
        after_step=lambda _: rates.append(chosen[0].param_groups[0]["lr"]),
        progress=False,
    )
    cosines = [(1 + math.cos(math.radians(22.5 * step))) / 2 for step in range(8)]
    rises = [0.25, 0.5, 0.75, 1, 1, 1, 1, 1]
    assert rates == pytest.approx(
        [0.3 * rise * cosine for rise, cosine in zip(rises, cosines, strict=True)]
    )


def test_every_group_keeps_its_own_highest_rate():
    model = nn.ParameterList([torch.zeros(1), torch.zeros(1)])
    groups = [{"params": [model[0]], "lr": 0.1}, {"params": [model[1]], "lr": 0.7}]
    chosen = [torch.optim.SGD(groups)]
    fit(model, lambda _: model[0] + model[1], 2, chosen=chosen, warmup=0, progress=False)
    # The last of two steps has half its rate.
    assert [group["lr"] for group in groups] == pytest.approx([0.05, 0.35])


def test_a_long_gradient_is_shortened_to_one():
    model = numbers(0.0, 0.0)
    descend(model, lambda _: (model[0] * torch.tensor([30.0, 40.0])).sum(), 1)
    assert model[0].tolist() == pytest.approx([-0.5 * 0.6, -0.5 * 0.8], abs=1e-6)


def test_a_short_gradient_stays_as_it_is():
    model = numbers(0.0, 0.0)
    descend(model, lambda _: (model[0] * torch.tensor([0.3, 0.4])).sum(), 1)
    assert model[0].tolist() == pytest.approx([-0.15, -0.2])


def test_gradients_do_not_pile_up():
    model = numbers(0.0)
    descend(model, lambda _: 0.5 * model[0].sum(), 2)
    assert model[0].item() == pytest.approx(-0.25 - 0.125)  # the second at half the rate


def test_a_step_is_told_its_number_and_then_how_many_are_done():
    model, seen = numbers(1.0), []

    def loss_at(step):
        seen.append(step)
        return model[0].sum()

    descend(model, loss_at, 3, after_step=lambda done: seen.append(-done))
    assert seen == [0, -1, 1, -2, 2, -3]


def test_losses_are_those_of_the_steps():
    model = numbers(0.0)
    values = [3.0, 1.0, 2.0]
    found = descend(model, lambda step: 0 * model[0].sum() + values[step], 3)
    assert found.losses == values


@pytest.mark.parametrize("factor", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_leaves_all_as_before_its_step(factor):
    model, before = Small(), {}
    loss_at = loss_of(model)

    def breaking(step):
        if step != 2:
            return loss_at(step)
        before.update({name: x.clone() for name, x in model.state_dict().items()})
        model.norm(torch.full((2, 5), torch.nan))  # what such a step does to a BatchNorm
        return factor * loss_at(step)

    with pytest.raises(ValueError, match=r"loss must stay finite; got (nan|inf) at step 2"):
        train(model, loss_at=breaking)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_a_gradient_that_is_not_finite_leaves_all_as_before_its_step():
    model = numbers(0.0)  # the root has the finite value 0 there, and an endless slope
    with pytest.raises(ValueError, match="gradient must stay finite; got inf at step 0"):
        descend(model, lambda _: model[0].sqrt().sum(), 1)
    assert model[0].item() == 0


def test_interrupting_a_step_leaves_buffers_as_before_it():
    model = Small()

    def interrupted(step):
        model(torch.ones(2, 3))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(model, loss_at=interrupted)
    assert model.norm.num_batches_tracked == 0


def test_nothing_is_written_where_no_checkpoint_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train(Small())
    assert not list(tmp_path.iterdir())


def test_progress_is_shown_only_where_it_is_asked_for(capsys):
    model = numbers(1.0)
    descend(model, lambda _: model[0].sum(), 2)
    assert capsys.readouterr().err == ""
    chosen = [torch.optim.SGD(model.parameters())]
    fit(model, lambda _: model[0].sum(), 2, chosen=chosen)
    assert "training: 100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "changes", "message"),
    [
        (ValueError, {"steps": 0}, "fit: steps must be a whole number of at least 1; got 0"),
        (TypeError, {"steps": 1.5}, "fit: steps must be a whole number; got 1.5"),
        (ValueError, {"every": 0}, "fit: every must be a whole number of at least 1; got 0"),
        (ValueError, {"warmup": 1.1}, "fit: warmup must be a finite number from 0 to 1"),
    ],
)
def test_numbers_out_of_range_are_refused(error, changes, message, unchecked):
    model = numbers(1.0)
    with pytest.raises(error, match=message):
        descend(model, lambda _: model[0].sum(), **{"steps": 2, **changes})


@pytest.mark.parametrize(
    ("error", "loss", "message"),
    [
        (TypeError, 0.5, "fit: loss_at must return a tensor; got float"),
        (ValueError, torch.ones(3, requires_grad=True), r"one number.*got shape \(3,\)"),
        (ValueError, torch.tensor(0.5), r"got shape \(\), requires_grad=False"),
        (
            ValueError,
            2 * torch.ones((), requires_grad=True),
            r"on weights that an optimizer mo",
        ),
    ],
)
def test_a_loss_that_cannot_be_descended_is_refused(error, loss, message, unchecked):
    with pytest.raises(error, match=message):
        descend(numbers(1.0), lambda _: loss, 2)


def test_gradients_of_what_no_optimizer_was_chosen_for_do_not_pile_up():
    torch.manual_seed(0)
    model = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 1)])
    x = torch.randn(5, 3)
    seen = []

    def loss_at(step: int) -> torch.Tensor:
        seen.append(model[1].weight.grad)
        return model[1](model[0](x)).square().mean()

    chosen = [torch.optim.SGD(model[0].parameters(), lr=0.0)]
    fit(model, loss_at, 3, chosen=chosen, progress=False)
    once = torch.autograd.grad(loss_at(3), model[1].weight)[0]
    torch.testing.assert_close(
        model[1].weight.grad / model[1].weight.grad.norm(), once / once.norm()
    )
    assert model[1].weight.grad.norm() <= once.norm() + 1e-6


def test_training_with_no_optimizer_is_refused(unchecked):
    with pytest.raises(ValueError, match=r"fit: chosen must hold an optimizer; got none;"):
        fit(nn.Linear(1, 1), lambda _: torch.zeros(()), 1, chosen=[], progress=False)
