"""The byte-pair encoder: merges worked out by hand, and what holds for every vocabulary."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.tokenizer import bpe as module
from mmcourse.tokenizer.bpe import BPE
from mmcourse.tokenizer.pieces import cut

BY_HAND = ["ban ban can"]


def spell(bpe, text):
    return [bpe.tokens[i] for i in bpe.encode(text)]


def merges_in_the_obvious_way(texts, number):
    """Replace text in a line where each symbol has a blank on either side and | ends words."""
    words = [[*word[:-1], word[-1] + "</w>", "|"] for text in texts for word in text.split()]
    line = "".join(f" {symbol} " for word in words for symbol in word)
    merges = []
    for _ in range(number):
        pairs = [pair for pair in pairwise(line.split()) if "|" not in pair]
        if not pairs:
            break
        best = min(sorted(set(pairs)), key=lambda pair: -pairs.count(pair))
        merges.append(best)
        line = line.replace(f" {best[0]}  {best[1]} ", f" {best[0]}{best[1]} ")
    return tuple(merges)


def test_most_frequent_pair_is_merged_first():
    # "an" ends three words; then (b, an) is found twice and (c, an) once.
    merges = (("a", "n</w>"), ("b", "an</w>"), ("c", "an</w>"))
    assert BPE.train(BY_HAND, 514).merges == ()
    assert BPE.train(BY_HAND, 515).merges == merges[:1]
    assert BPE.train(BY_HAND, 516).merges == merges[:2]
    assert BPE.train(BY_HAND, 517).merges == merges


def test_training_stops_when_nothing_is_left_to_merge():
    assert len(BPE.train(BY_HAND, 9999)) == 514 + 3
    assert len(BPE.train([], 9999)) == 514
    assert len(BPE.train(["a b c 1 ! </w>"], 9999)) == 514 + 1  # only "</" is two symbols


def test_equally_frequent_pairs_merge_in_the_order_of_their_symbols():
    assert BPE.train(["zy", "xy", "xw"], 516).merges == (("x", "w</w>"), ("x", "y</w>"))
    assert BPE.train(["xw", "xy", "zy"], 516).merges == (("x", "w</w>"), ("x", "y</w>"))


def test_every_occurrence_counts_and_the_left_one_merges_first():
    # (a, a) is found three times in "aaaab" and (a, b) once.
    merges = BPE.train(["aaaab"], 517).merges
    assert merges == (("a", "a"), ("aa", "aa"), ("aaaa", "b</w>"))
    assert spell(BPE(merges[:1]), "aaab") == ["aa", "a", "b</w>"]


def test_no_merge_crosses_pieces():
    bpe = BPE.train(["1 1 1", "it's it's", "a! a! a!"], 9999)
    assert bpe.merges == (("'", "s</w>"), ("i", "t</w>"))
    assert spell(bpe, "it's 11!") == ["it</w>", "'s</w>", "1</w>", "1</w>", "!</w>"]


def test_marks_in_the_corpus_teach_nothing():
    assert BPE.train(["<|startoftext|><|endoftext|>"] * 3, 600).merges == ()


words = st.text(alphabet="abc", min_size=1, max_size=7)
corpora = st.lists(st.lists(words, max_size=5).map(" ".join), max_size=5)


@given(corpora, st.integers(0, 9))
@settings(deadline=None, max_examples=300)
def test_training_equals_replacing_text(texts, number):
    assert BPE.train(texts, 514 + number).merges == merges_in_the_obvious_way(texts, number)


@given(corpora)
@settings(deadline=None, max_examples=100)
def test_corpus_comes_out_as_one_token_a_word(texts):
    bpe = BPE.train(texts, 9999)
    for word in " ".join(texts).split():
        assert spell(bpe, word) == [word + "</w>"]


@given(st.text(max_size=30))
@settings(deadline=None, max_examples=300)
def test_decoding_undoes_encoding_but_for_spaces(text):
    bpe = BPE.train([text, "and more text"], 530)
    cleaned = " ".join(cut(text))
    assert bpe.decode(bpe.encode(text)).split() == cleaned.split()


def test_vocabulary_is_complete_and_ordered():
    bpe = BPE([("a", "b"), ("ab", "c</w>")])
    assert len(bpe) == len(bpe.tokens) == len(set(bpe.tokens)) == 516
    assert bpe.tokens[0] == "!"
    assert bpe.tokens[256] == "!</w>"
    assert bpe.tokens[512:] == ("ab", "abc</w>", "<|startoftext|>", "<|endoftext|>")
    assert (bpe.start, bpe.end) == (514, 515)
    assert repr(bpe) == "BPE(<2 merges>)"


def test_merges_are_all_there_is_to_store():
    bpe = BPE.train(["the cat sat on the mat with that hat"], 530)
    again = BPE([tuple(merge) for merge in map(list, bpe.merges)])
    assert again.tokens == bpe.tokens
    assert again.encode("that fat cat") == bpe.encode("that fat cat")


def test_all_bytes_have_a_printable_symbol_of_their_own():
    symbols = BPE().tokens[:256]
    assert len(set(symbols)) == 256
    assert all(symbol.isprintable() and not symbol.isspace() for symbol in symbols)


def test_bytes_of_a_letter_that_was_cut_decode_to_the_replacement_mark():
    bpe = BPE()
    first, second = bpe.encode("é")
    assert bpe.decode([first, second]) == "é "
    assert bpe.decode([first]) == "\ufffd"
    assert bpe.decode([]) == ""


def test_text_is_cleaned():
    bpe = BPE()
    assert bpe.encode("  A\t\n b ") == bpe.encode("a b")
    assert bpe.encode("&lt;") == bpe.encode("<")
    assert bpe.encode("schÃ¶n") == bpe.encode("schön")  # UTF-8 that was read as Latin-1
    assert bpe.encode("") == bpe.encode(" \n") == []


def test_memory_of_words_is_bounded_and_changes_nothing(monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 2)
    bpe = BPE.train(BY_HAND, 516)
    first, second = (spell(bpe, "ban can cab ban cab") for _ in range(2))
    cab = ["c", "a", "b</w>"]
    assert first == second == ["ban</w>", "c", "an</w>", *cab, "ban</w>", *cab]
    assert bpe._remembered.keys() == {"ban", "can"}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: BPE().encode(b"a"), TypeError, r"BPE.encode: text must be a string; got b"),
        (lambda: BPE().decode([514]), ValueError, r"each id must .* from 0 to 513; got 514"),
        (lambda: BPE().decode([-1]), ValueError, r"each id must .* from 0 to 513; got -1"),
        (lambda: BPE().decode(["a"]), TypeError, r"each id must be a whole number; got 'a'"),
        (lambda: BPE.train("ab", 600), TypeError, "texts must be several strings; got .ab."),
        (lambda: BPE.train([7], 600), TypeError, r"BPE.train: a text must be a str; got int"),
        (lambda: BPE.train([], 513), ValueError, r"vocab_size must .* at least 514; got 513"),
        (lambda: BPE(["abc"]), TypeError, r"merge 0 must be two strings; got 'abc'"),
        (lambda: BPE([("a", "b"), ("x", "bc")]), ValueError, r"merge 1 must join .* order"),
        (lambda: BPE([("a", "b")] * 2), ValueError, r"merge 1 must make .*; leave it out"),
    ],
)
def test_what_cannot_be_encoded_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
