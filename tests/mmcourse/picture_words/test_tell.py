"""Words after a picture: the likeliest, with their probabilities."""

import torch
from good_calls import spelled, word_net
from torch.testing import assert_close

from mmcourse.picture_words import surprise, tell, text_rows
from mmcourse.tokenizer.words import END


@torch.no_grad()
def test_every_word_is_the_likeliest_after_those_before_it():
    model = word_net()
    for row, said in enumerate(tell(model, spelled(n=3))):
        words = text_rows(model.tokens, [" ".join(said.words[:15])])
        codes = spelled(n=3)[row : row + 1]
        before, _ = model(words, codes, torch.tensor([False]))
        chosen = [model.tokens.ids[word] for word in said.words]
        chosen += [END] * (len(said.logprobs) > len(chosen))
        assert model.say_word(before)[0].argmax(-1)[: len(chosen)].tolist() == chosen


def test_a_caption_is_as_likely_as_the_loss_says():
    model = word_net()
    model.word_head.bias.data[END] = 3.0  # so that captions end
    [said] = tell(model, spelled(n=1))
    assert 0 < len(said.words) < 15
    found = surprise(
        model, text_rows(model.tokens, [said.text]), spelled(n=1), torch.tensor([False])
    )
    # the loss spreads its chances over padding and start, too, which are never said
    assert_close(torch.tensor(said.logprob), -found.words.sum(), rtol=0.2, atol=0)


def test_each_picture_is_told_by_itself():
    model, codes = word_net(), spelled(n=3)
    said = tell(model, codes)
    assert [each.text for each in tell(model, codes[[2, 0]])] == [said[2].text, said[0].text]
