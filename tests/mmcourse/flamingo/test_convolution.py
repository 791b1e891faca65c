import pytest
import torch
from torch.nn import functional as F
from torch.testing import assert_close

from mmcourse.flamingo import ShortConvolution


@pytest.fixture
def convolution():
    torch.manual_seed(0)
    return ShortConvolution(5, taps=3).double()


def test_it_is_torchs_convolution_beside_the_token_itself(convolution):
    x = torch.randn(2, 7, 5, dtype=torch.float64)
    kernel = convolution.taps.detach().flip(0).T[:, None]  # (width, 1, taps), oldest first
    mixed = F.conv1d(F.pad(x.mT, (2, 0)), kernel, groups=5).mT
    assert_close(convolution(x), x + mixed)


def test_no_token_sees_a_later_one(convolution):
    x = torch.randn(1, 7, 5, dtype=torch.float64)
    other = x.clone()
    other[:, 4:] += 1
    assert_close(convolution(other)[:, :4], convolution(x)[:, :4])


def test_no_token_sees_further_back_than_the_taps(convolution):
    x = torch.randn(1, 7, 5, dtype=torch.float64)
    other = x.clone()
    other[:, 0] += 1
    changed = (convolution(other) - convolution(x)).abs().amax(-1)[0] > 0
    assert changed.tolist() == [True] * 3 + [False] * 4


def test_it_reads_documents_shorter_than_its_taps(convolution):
    assert convolution(torch.zeros(1, 1, 5, dtype=torch.float64)).shape == (1, 1, 5)
