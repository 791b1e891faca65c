"""BatchNorm over several processes: mean and variance of the whole batch, in each of them.

torch's own SyncBatchNorm does this on GPUs alone. Here it is plain torch, so that it is the
same on a CPU. All processes have as many pictures.
"""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional as F

AXES = (0, 2, 3)
"""Batch, height and width: what a channel's mean is taken over."""


class SharedNorm(nn.BatchNorm2d):
    """What `nn.BatchNorm2d` is, for a batch whose parts are in several processes."""

    def forward(self, x: Tensor) -> Tensor:
        """Return each channel with the mean and variance that its weights say."""
        if not self.training:
            return super().forward(x)
        out, mean, variance = _Shared.apply(x, self.weight, self.bias, self.eps)  # type: ignore[no-untyped-call]
        count = x.numel() / x.shape[1] * dist.get_world_size()
        with torch.no_grad():
            self.num_batches_tracked.add_(1)
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        return out


def share_norms(model: nn.Module) -> None:
    """Put a `SharedNorm` in the place of each BatchNorm2d, with its own weights and buffers."""
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if type(child) is nn.BatchNorm2d:
                shared = SharedNorm(child.num_features, child.eps, child.momentum)
                for own, tensor in [*child.named_parameters(), *child.named_buffers()]:
                    setattr(shared, own, tensor)
                setattr(parent, name, shared.train(child.training))


class _Shared(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, eps: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        here = torch.stack(torch.var_mean(x.to(weight.dtype), AXES, correction=0))
        parts = [torch.empty_like(here) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, here)
        variances, means = torch.stack(parts, dim=1)  # each (processes, channels)
        mean = means.mean(0)
        # within the parts, and between them
        variance = variances.mean(0) + means.var(0, correction=0)
        ctx.save_for_backward(x, weight, mean, (variance + eps).rsqrt())
        ctx.mark_non_differentiable(mean, variance)
        return F.batch_norm(x, mean, variance, weight, bias, eps=eps), mean, variance

    @staticmethod
    def backward(ctx: Any, outer: Tensor, *_: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        x, weight, mean, steep = ctx.saved_tensors
        mean, steep, gain = (each[:, None, None] for each in (mean, steep, weight))
        normal, given = (x.to(weight.dtype) - mean) * steep, outer.to(weight.dtype)
        to_weight, to_bias = (given * normal).sum(AXES), given.sum(AXES)
        # moving one number moves the mean and the variance, and with them all others
        total = torch.stack([to_weight, to_bias])
        dist.all_reduce(total)
        total = total / (x.numel() / x.shape[1] * dist.get_world_size())
        through_variance, through_mean = total[:, :, None, None]
        to_x = gain * steep * (given - through_mean - normal * through_variance)
        return to_x.to(x.dtype), to_weight, to_bias, None
