"""CLIP's tokenizer against OpenAI's own and open_clip's, on whatever text can be made."""

import gzip
import re
import subprocess
import sys
from importlib.machinery import ModuleSpec

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from peers import import_peer

from mmcourse.tokenizer import clip as tokenizer
from mmcourse.tokenizer import clip_vocabulary, tokenize
from mmcourse.tokenizer.bpe import BPE

TRICKY = [
    "",
    " \t\n\x0b\x0c\x1c\x85\u2028\u3000 ",
    "don't DON'T we'LL they\u2019re I'd've '\u017f 'tis",
    "caf&eacute; &amp;amp;lt; &#x1F600; &#28; &#xD800; &notanentity; &&",
    "<b> &amp;lt; &amp;amp;gt; &amp;amp;amp;eacute;",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇨🇭",
    "schÃ¶n â€œquotedâ€\x9d",
    "İstanbul ΣΊΣΥΦΟΣ ﬁne ①½ Ⅷ ٣٤ 12345",
    "<|startoftext|> <|ENDOFTEXT|><|endoftext|>'s <start_of_text>",
    "日本語の説明 नमस्ते สวัสดี e\u0301 \u200b\ufeff\x00\x1b[31m",
    "a_b-c…—!!!???  ...,;:'\"`\u00b4 \\ / </w> Ġ ĉ Ċ",
    "\ud800 \udfff lone surrogates",
    "x" * 300,
    "hippopotomonstrosesquippedaliophobia pneumonoultramicroscopicsilicovolcanoconiosis",
]

pieces = st.sampled_from(
    [
        "'s",
        "'t",
        "'re",
        "'LL",
        "&amp;",
        "&lt;",
        "&quot",
        "&#39;",
        "<|endoftext|>",
        "</w>",
        "\u017f",
        "a photo of a ",
        "😀",
        "\u200d",
        "ß",
        "Ǆ",
        "10",
        "\x1d",
        "\u00a0",
        "!?",
        "Ã©",
        "\u2019",
    ]
)
anything = st.one_of(
    st.text(max_size=40),
    st.lists(st.one_of(pieces, st.text(max_size=4)), max_size=9).map("".join),
)


@pytest.fixture(scope="module")
def theirs():
    return import_peer("clip.simple_tokenizer").SimpleTokenizer()


@given(text=anything)
@settings(deadline=None, max_examples=600)
def test_ids_equal_openai_on_any_text(theirs, text):
    assert clip_vocabulary().encode(text) == theirs.encode(text)


@pytest.mark.parametrize("text", TRICKY, ids=range(len(TRICKY)))
def test_ids_equal_openai_on_tricky_text(theirs, text):
    assert clip_vocabulary().encode(text) == theirs.encode(text)


@given(text=anything.filter(lambda text: "<" not in text and "&" not in text))
@settings(deadline=None, max_examples=300)
def test_ids_equal_open_clip_on_any_text_without_marks(text):
    # Its marks are spelt otherwise, so texts that may hold one are left to the test above.
    peer = import_peer("open_clip.tokenizer")._tokenizer
    assert clip_vocabulary().encode(text) == peer.encode(text)


@given(ids=st.lists(st.integers(0, 49407), max_size=30))
@example(ids=[49406, 27, 14, 86, 29, 320, 0, 49407])  # spells out </w>
@settings(deadline=None, max_examples=300)
def test_decoding_equals_openai_on_any_ids(theirs, ids):
    assert clip_vocabulary().decode(ids) == theirs.decode(ids)


def test_vocabulary_equals_openai_token_by_token(theirs):
    ours = clip_vocabulary()
    assert list(ours.tokens) == [theirs.decoder[i] for i in range(49408)]
    assert len(ours) == 49408
    assert (ours.start, ours.end) == (49406, 49407)


def test_vocabulary_is_read_once():
    assert clip_vocabulary() is clip_vocabulary()


@pytest.mark.parametrize("words", [0, 1, 74, 75])
def test_rows_equal_openai_up_to_77_ids(words):
    peer = import_peer("clip")
    texts = ["cat " * words, "a dog's life", "", "🚀 " * 3]
    ours = tokenize(texts)
    assert ours.dtype == torch.int32  # as in OpenAI's current code; the peer says int64
    assert torch.equal(ours.long(), peer.tokenize(texts).long())
    assert ours[0].argmax() == words + 1  # the end has the largest id
    assert ours[0].count_nonzero() == words + 2


@pytest.mark.parametrize("words", [75, 76, 77, 200])
@pytest.mark.parametrize("length", [2, 5, 77])
def test_truncated_rows_equal_openai(words, length):
    peer = import_peer("clip")
    texts = ["one", "cat " * words]
    ours = tokenize(texts, length, truncate=True)
    assert torch.equal(ours.long(), peer.tokenize(texts, length, truncate=True).long())
    assert ours.shape == (2, length)
    assert ours[1, -1] == 49407


@given(texts=st.lists(anything, min_size=1, max_size=3), length=st.integers(3, 33))
@settings(deadline=None, max_examples=200)
def test_rows_equal_openai_on_any_text(texts, length):
    peer = import_peer("clip")
    ours = tokenize(texts, length, truncate=True)
    assert torch.equal(ours.long(), peer.tokenize(texts, length, truncate=True).long())


def test_one_text_makes_one_row():
    assert torch.equal(tokenize("a cat"), tokenize(["a cat"]))
    assert torch.equal(tokenize(text for text in ["a cat", "b"]), tokenize(("a cat", "b")))


def test_no_text_makes_no_row():
    assert tokenize([]).shape == (0, 77)
    assert tokenize([], 5).dtype == torch.int32


@pytest.mark.usefixtures("unchecked")
def test_too_long_a_text_is_refused_with_its_number_and_length():
    message = "text 1 must fit into 77 ids.*got 78 for 'cat cat.*truncate=True"
    with pytest.raises(ValueError, match=message):
        tokenize(["dog", "cat " * 76])
    with pytest.raises(ValueError, match=r"text 0 must fit into 5 ids.*got 6"):
        tokenize("a b c d", 5)


@pytest.mark.usefixtures("unchecked")
def test_what_is_no_text_or_length_is_refused():
    with pytest.raises(TypeError, match="text must be a string; got 7"):
        tokenize(["a", 7])
    with pytest.raises(TypeError, match=r"texts must be a string or several strings; got b"):
        tokenize(b"a cat")
    with pytest.raises(ValueError, match="context_length must be a whole number from 2"):
        tokenize("a", 1)
    with pytest.raises(TypeError, match=r"context_length must be a whole number; got 77.0"):
        tokenize("a", 77.0)


def test_vocabulary_comes_from_clip_where_open_clip_is_missing(monkeypatch):
    import_peer("clip")
    real = tokenizer.find_spec
    monkeypatch.setattr(tokenizer, "find_spec", lambda name: name == "clip" and real(name))
    assert tokenizer._find_file().parent.name == "clip"


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(tokenizer, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install open_clip_torch or clip"):
        clip_vocabulary.__wrapped__()


def fake_package(folder, lines):
    (folder / tokenizer.FILE).write_bytes(gzip.compress("\n".join(lines).encode()))
    spec = ModuleSpec("clip", None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    return spec


def test_another_package_of_the_same_name_is_passed_over(monkeypatch, tmp_path):
    spec = ModuleSpec("clip", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(tokenizer, "find_spec", lambda name: spec)
    with pytest.raises(ModuleNotFoundError, match=re.escape(tokenizer.FILE)):
        clip_vocabulary.__wrapped__()


def test_short_file_is_refused(monkeypatch, tmp_path):
    spec = fake_package(tmp_path, ["heading", "a b", "ab c"])
    monkeypatch.setattr(tokenizer, "find_spec", lambda name: spec)
    with pytest.raises(ValueError, match=r"expected 48894 merges; got 2 in .*again"):
        clip_vocabulary.__wrapped__()


def test_peers_are_not_imported_for_their_file(tmp_path):
    code = (
        "import sys; from mmcourse.tokenizer import tokenize; tokenize('a');"
        "print([name for name in ('clip', 'open_clip', 'torchvision') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_encoding_remembers_nothing_wrong_about_marks():
    bpe = BPE()
    assert bpe.encode("<|endoftext|>") == [bpe.end]
    assert bpe.encode("<|StartOfText|>a") == [bpe.start, *bpe.encode("a")]


@pytest.mark.parametrize("texts", [None, 3])
def test_what_is_neither_a_text_nor_several_is_refused(texts, unchecked):
    with pytest.raises(TypeError, match="tokenize: texts must be a string or several"):
        tokenize(texts)
