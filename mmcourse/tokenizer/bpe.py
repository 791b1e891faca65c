"""Byte-pair encoding: any text as numbers, by steps that each build on those above.

1. Bytes: `spell` gives a word as its UTF-8 bytes, the last of them marked `</w>`, the end of a
   word. Every text is bytes, so no word is unknown (GPT-2: Radford et al., *Language Models are
   Unsupervised Multitask Learners*, 2019, section 2.2).
2. Merges: `learn_merges` finds in a corpus which neighbours to join, `apply_merges` joins them,
   earliest first, until none is left (arXiv 1508.07909, section 3.2).
3. Numbers: `vocabulary` gives each symbol its id, in CLIP's order (arXiv 2103.00020).
4. Pieces: `BPE` takes the `pieces` of each word of a text through the steps above.

Leaves out anything faster than counting all pairs again for each merge.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import SupportsIndex, TypeAlias, final

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.tokenizer.pieces import END, PIECES, START, cleaned, cut

Word: TypeAlias = tuple[str, ...]
Pair: TypeAlias = tuple[str, str]

END_OF_WORD = "</w>"


def byte_symbols() -> dict[int, str]:
    """Return one printable character for each byte, in the order of the vocabulary.

    Visible Latin-1 characters stand for themselves and come first. The others borrow those from
    U+0100 on, so that merges are readable: the space, after 32 hidden ones, gets U+0120.

    >>> byte_symbols()[ord("a")], byte_symbols()[ord(" ")]
    ('a', 'Ġ')
    """
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    borrowed = {byte: chr(0x100 + i) for i, byte in enumerate(hidden)}
    return {byte: chr(byte) for byte in visible} | borrowed


SYMBOLS = byte_symbols()
BYTES = {symbol: byte for byte, symbol in SYMBOLS.items()}


def spell(piece: str) -> Word:
    """Return a piece of text as one symbol a byte, the last of which ends the word.

    "é" is two bytes, 0xC3 and 0xA9; in Latin-1 they are Ã and ©.

    >>> spell("né")
    ('n', 'Ã', '©</w>')
    """
    symbols = [SYMBOLS[byte] for byte in piece.encode()]
    return (*symbols[:-1], symbols[-1] + END_OF_WORD)


def read_back(symbols: str) -> str:
    """Return the text that was spelt so, with a space after each word.

    Bytes that are no UTF-8, as when a letter is cut in two, become U+FFFD.

    >>> read_back("nÃ©</w>")
    'né '
    """
    spelt = bytes(BYTES[symbol] for symbol in symbols)  # `</w>` is spelt in bytes, too
    return spelt.decode("utf-8", errors="replace").replace(END_OF_WORD, " ")


def count_pairs(words: Mapping[Word, int]) -> Counter[Pair]:
    """Return how often two symbols are neighbours, given how often each word occurs.

    >>> dict(count_pairs({("c", "a", "t"): 2, ("c", "a", "p"): 1}))
    {('c', 'a'): 3, ('a', 't'): 2, ('a', 'p'): 1}
    """
    counts: Counter[Pair] = Counter()
    for word, occurrences in words.items():
        for pair in pairwise(word):
            counts[pair] += occurrences
    return counts


def join(word: Word, pair: Pair) -> Word:
    """Return a word in which a pair is one symbol wherever it occurs, from the left.

    >>> join(("a", "a", "a", "b"), ("a", "a"))
    ('aa', 'a', 'b')
    """
    joined: list[str] = []
    position = 0
    while position < len(word):
        found = word[position : position + 2] == pair
        joined.append("".join(pair) if found else word[position])
        position += 2 if found else 1  # an "a" that was joined is not there for the next pair
    return tuple(joined)


def learn_merges(words: Mapping[Word, int], most: int) -> list[Pair]:
    """Return the pairs to join: always the most frequent one, until there are `most` or none.

    "an" occurs three times, and then "ban" twice.

    >>> learn_merges({("b", "a", "n"): 2, ("c", "a", "n"): 1}, most=2)
    [('a', 'n'), ('b', 'an')]
    """
    merges: list[Pair] = []
    while len(merges) < most and (counts := count_pairs(words)):
        # of equally frequent pairs the first in the alphabet, or the order of texts would tell
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        words = {join(word, best): occurrences for word, occurrences in words.items()}
    return merges


def apply_merges(word: Word, ranks: Mapping[Pair, int]) -> Word:
    """Return a word after all merges that apply to it, the one of lowest rank first.

    Of "ca" and "at", "at" was learnt first; then there is no "ca" left to join.

    >>> apply_merges(("c", "a", "t"), {("a", "t"): 0, ("c", "a"): 1})
    ('c', 'at')
    """
    while known := [pair for pair in pairwise(word) if pair in ranks]:
        word = join(word, min(known, key=ranks.__getitem__))
    return word


def vocabulary(merges: Iterable[Pair]) -> dict[str, int]:
    """Return the id of each symbol: 256 bytes, 256 bytes that end a word, one for each merge.

    Raises:
        TypeError: a merge is not two strings.
        ValueError: a merge joins a symbol that no earlier merge made, or makes one again.

    >>> ids = vocabulary([("c", "a"), ("ca", "t</w>")])
    >>> ids["!"], ids["!</w>"], ids["ca"], ids["cat</w>"]
    (0, 256, 512, 513)
    """
    symbols = [symbol + end for end in ("", END_OF_WORD) for symbol in SYMBOLS.values()]
    ids = {symbol: i for i, symbol in enumerate(symbols)}
    for number, pair in enumerate(merges):
        ids[_joined(pair, number, ids)] = len(ids)
    return ids


SMALLEST = 2 * len(SYMBOLS) + 2
"""Tokens without any merge: each byte inside a word and at its end, and two marks."""

REMEMBERED = 2**16
"""How many different words an encoder keeps the ids of."""


@final
class BPE:
    """A vocabulary and the merges behind it; `BPE(other.merges)` encodes as `other` does.

    Attributes:
        merges: the pairs of symbols that are joined, first learnt first.
        tokens: what each id stands for; `tokens[320]` is "a</w>".
        start: the id of the start of a text; it comes after those of all symbols.
        end: the id of its end, the largest of all.

    >>> bpe = BPE([("c", "a"), ("ca", "t</w>")])
    >>> [bpe.tokens[i] for i in bpe.encode("Cat cab")]
    ['cat</w>', 'ca', 'b</w>']
    """

    @checked
    def __init__(self, merges: Iterable[Pair] = ()):
        self.merges = tuple(merges)
        self._ids = vocabulary(self.merges)
        self._ranks = {(first, second): i for i, (first, second) in enumerate(self.merges)}
        self.tokens = (*self._ids, START, END)
        self.start, self.end = len(self._ids), len(self._ids) + 1
        self._marks = {START: [self.start], END: [self.end]}
        self._remembered: dict[str, list[int]] = {}  # words come again and again

    @classmethod
    @checked
    def train(cls, texts: Iterable[str], vocab_size: int) -> "BPE":
        """Return the encoder that joins the most frequent pair of neighbours, again and again.

        Args:
            texts: the corpus; it is cleaned and cut as in `encode`.
            vocab_size: tokens in all, at least 514; fewer if nothing is left to join.

        Raises:
            TypeError: `texts` is one string.
            ValueError: `vocab_size` is below 514.

        >>> BPE.train(["ban ban can"], 516).merges
        (('a', 'n</w>'), ('b', 'an</w>'))
        """
        vocab_size = whole("BPE.train", "vocab_size", vocab_size, least=SMALLEST)
        pieces = Counter(piece for text in texts for piece in _pieces(text))
        words = {spell(piece): n for piece, n in pieces.items() if piece not in (START, END)}
        return cls(learn_merges(words, vocab_size - SMALLEST))

    @checked
    def encode(self, text: str) -> list[int]:
        """Return the ids of `text`, cleaned and cut by `cut`, without those of start and end.

        Where it spells out `<|startoftext|>` or `<|endoftext|>`, it gets the mark, as in CLIP.

        >>> BPE().encode("Hi")
        [71, 328]
        """
        return [i for word in cleaned(text).split() for i in self._encode_word(word)]

    @checked
    def decode(self, ids: Iterable[SupportsIndex]) -> str:
        """Return the text of `ids`, in lower case and with a space after each piece.

        Raises:
            ValueError: an id is outside the vocabulary.

        >>> BPE().decode(BPE().encode("It's  HOT!"))
        "it 's hot ! "
        """
        whole_ids = (whole("BPE.decode", "each id", i, least=0, most=self.end) for i in ids)
        return read_back("".join(self.tokens[i] for i in whole_ids))

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        return f"BPE(<{len(self.merges)} merges>)"

    def _encode_word(self, word: str) -> list[int]:
        """Return the ids of what stands between two spaces, which no piece crosses."""
        found = self._remembered.get(word)
        if found is None:
            found = [i for piece in PIECES.findall(word) for i in self._encode_piece(piece)]
            if len(self._remembered) < REMEMBERED:
                self._remembered[word] = found
        return found

    def _encode_piece(self, piece: str) -> list[int]:
        if piece in self._marks:
            return self._marks[piece]
        return [self._ids[symbol] for symbol in apply_merges(spell(piece), self._ranks)]


def _pieces(text: str) -> list[str]:
    if not isinstance(text, str):
        raise TypeError(f"BPE.train: a text must be a str; got {type(text).__name__}.")
    return cut(text)


def _joined(merge: object, number: int, ids: Mapping[str, int]) -> str:
    match merge:
        case (str(first), str(second)):
            pass
        case _:
            raise TypeError(f"BPE: merge {number} must be two strings; got {merge!r}.")
    if first not in ids or second not in ids:
        raise ValueError(
            f"BPE: merge {number} must join symbols of bytes or of earlier merges; "
            f"got {merge!r}; pass the merges in the order in which they were learnt."
        )
    if first + second in ids:
        raise ValueError(
            f"BPE: merge {number} must make a new symbol; got {merge!r}; leave it out."
        )
    return first + second
