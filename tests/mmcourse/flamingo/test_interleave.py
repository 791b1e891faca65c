import torch

from mmcourse.flamingo import interleave, own_picture, tokens_of


def test_words_of_a_chunk_see_its_picture():
    tokens = tokens_of(["is dax <image> is wug <eoc> <image> is"])
    assert interleave(tokens).tolist() == [[0, 0, 1, 1, 1, 1, 2, 2]]


def test_rows_do_not_mix():
    tokens = tokens_of(["<image> is", "is <image>"])
    assert interleave(tokens).tolist() == [[1, 1], [0, 1]]


def test_each_token_may_look_at_one_picture_at_most():
    tokens = tokens_of(["is <image> is <image> <image>"])
    may = own_picture(tokens, 4)
    assert may.shape == (1, 5, 4)
    assert may.sum(-1).tolist() == [[0, 1, 1, 1, 1]]
    assert may[0].float().argmax(-1).tolist() == [0, 0, 0, 1, 2]


def test_marks_without_a_picture_see_nothing():
    assert not own_picture(tokens_of(["<image> <image>"]), 1)[0, 1].any()


def test_no_words_see_nothing():
    assert interleave(torch.zeros(2, 0, dtype=torch.long)).shape == (2, 0)
