"""Byte-pair encoding: text as numbers, from bytes through merges that a corpus taught.

A text is cleaned and cut into pieces: words, single digits, runs of other marks. Each piece
starts as its UTF-8 bytes, the last of them marked `</w>`, the end of a word. Then the learnt
merges join neighbours, earliest merge first, until none applies (arXiv 1508.07909, section
3.2). As every text is bytes, no word is unknown (GPT-2: Radford et al., *Language Models are
Unsupervised Multitask Learners*, 2019, section 2.2). The cleaning, the pieces and the order of
the vocabulary are CLIP's (arXiv 2103.00020, section 2.4).

Leaves out anything faster than counting all pairs again for each merge, and every other way to
cut a text into pieces.
"""

import html
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import SupportsIndex, TypeVar, final

import ftfy
import regex  # type: ignore[import-untyped]

from mmcourse.boundary.scalars import whole

Symbol = TypeVar("Symbol", int, str)

START, END = "<|startoftext|>", "<|endoftext|>"
END_OF_WORD = "</w>"
REMEMBERED = 2**16
"""How many different pieces an encoder keeps the ids of."""

_PIECES = regex.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'(?:s|t|re|ve|m|ll|d)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+",
    regex.IGNORECASE,  # matters although text is in lower case: the long s counts as s
)


def _byte_symbols() -> dict[int, str]:
    """Return one printable character for each byte, in the order of the vocabulary.

    Visible Latin-1 characters stand for themselves and come first. The others, such as the
    space, borrow the characters from U+0100 on, so that a merge list is readable text.
    """
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {byte: chr(byte) for byte in visible} | {
        byte: chr(256 + i) for i, byte in enumerate(hidden)
    }


_SYMBOLS = _byte_symbols()
_BYTES = {symbol: byte for byte, symbol in _SYMBOLS.items()}
SMALLEST = 2 * len(_SYMBOLS) + 2
"""Tokens without any merge: each byte inside a word and at its end, and two marks."""


@final
class BPE:
    """A vocabulary and the merges behind it; `BPE(other.merges)` is equal to `other`.

    The ids: 256 bytes, 256 bytes that end a word, one token for each merge, the start and the
    end of a text. So the end is the largest id.

    Attributes:
        merges: the pairs of symbols that are joined, first learnt first.
        tokens: what each id stands for; `tokens[320]` is "a</w>".
        start: the id of the start of a text.
        end: the id of its end.
    """

    def __init__(self, merges: Iterable[tuple[str, str]] = ()):
        """Build the vocabulary of `merges`.

        Raises:
            TypeError: a merge is not two strings.
            ValueError: a merge joins a symbol that no earlier merge made, or makes one again.

        >>> bpe = BPE([("c", "a"), ("ca", "t</w>")])
        >>> [bpe.tokens[i] for i in bpe.encode("Cat cab")]
        ['cat</w>', 'ca', 'b</w>']
        """
        self.merges = tuple(merges)
        inside = list(_SYMBOLS.values())
        tokens = inside + [symbol + END_OF_WORD for symbol in inside]
        ids = {token: i for i, token in enumerate(tokens)}
        self._joined: dict[tuple[int, int], int] = {}  # a pair's id is its rank, too
        for number, merge in enumerate(self.merges):
            first, second = _check_merge(merge, number, ids)
            self._joined[ids[first], ids[second]] = ids[first + second] = len(ids)
        self.tokens = (*ids, START, END)
        self.start, self.end = len(ids), len(ids) + 1
        byte_ids = {byte: i for i, byte in enumerate(_SYMBOLS)}
        self._byte_ids = [byte_ids[byte] for byte in range(256)]
        self._remembered: dict[str, tuple[int, ...]] = {
            START: (self.start,),
            END: (self.end,),
        }

    @classmethod
    def train(cls, texts: Iterable[str], vocab_size: int) -> "BPE":
        """Return the encoder that joins the most frequent pair of neighbours, again and again.

        Among equally frequent pairs the first in the order of their symbols is joined. Pieces
        of a text are cleaned and cut as in `encode`; no pair crosses two pieces.

        Args:
            texts: the corpus.
            vocab_size: tokens in all, at least 514; fewer if nothing is left to join.

        Raises:
            TypeError: `texts` is one string or holds what is no string, or `vocab_size` is no
                whole number.
            ValueError: `vocab_size` is below 514.

        "an" occurs three times, and then "ban" twice.

        >>> BPE.train(["ban ban can"], 516).merges
        (('a', 'n</w>'), ('b', 'an</w>'))
        """
        vocab_size = whole("BPE.train", "vocab_size", vocab_size, least=SMALLEST)
        if isinstance(texts, str):
            raise TypeError(
                "BPE.train: texts must be several strings; got one str; pass [text]."
            )
        pieces = Counter(piece for text in texts for piece in _cut("BPE.train", text))
        words = {_spell(piece): n for piece, n in pieces.items() if piece not in (START, END)}
        merges: list[tuple[str, str]] = []
        while len(merges) < vocab_size - SMALLEST:
            counts: Counter[tuple[str, str]] = Counter()
            for word, n in words.items():
                for pair in pairwise(word):
                    counts[pair] += n
            if not counts:
                break
            best = min(counts, key=lambda pair: (-counts[pair], pair))
            merges.append(best)
            words = {_join(word, best, "".join(best)): n for word, n in words.items()}
        return cls(merges)

    def encode(self, text: str) -> list[int]:
        """Return the ids of `text`, without those of start and end.

        The text is cleaned first: broken Unicode is repaired, HTML entities are resolved
        (twice: `&amp;lt;` is `<`), white space becomes one space, letters become lower case.
        Where a text spells out `<|startoftext|>` or `<|endoftext|>`, it gets the mark, as in
        CLIP.

        Raises:
            TypeError: `text` is no string.

        >>> BPE().encode("Hi")
        [71, 328]
        """
        return [i for piece in _cut("BPE.encode", text) for i in self._encode_piece(piece)]

    def decode(self, ids: Iterable[SupportsIndex]) -> str:
        """Return the text of `ids`, in lower case and with a space after each piece.

        Bytes that are no UTF-8, as when a letter is cut in two, become U+FFFD.

        Raises:
            TypeError: an id is no whole number.
            ValueError: an id is outside the vocabulary.

        >>> bpe = BPE()
        >>> bpe.decode(bpe.encode("It's  HOT!"))
        "it 's hot ! "
        """
        last = len(self) - 1
        text = "".join(
            self.tokens[whole("BPE.decode", "each id", i, least=0, most=last)] for i in ids
        )
        spelt = bytes(_BYTES[symbol] for symbol in text)
        return spelt.decode("utf-8", errors="replace").replace(END_OF_WORD, " ")

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        return f"BPE(<{len(self.merges)} merges>)"

    def _encode_piece(self, piece: str) -> tuple[int, ...]:
        found = self._remembered.get(piece)
        if found is None:
            found = self._merge(tuple(self._byte_ids[byte] for byte in piece.encode()))
            if len(self._remembered) < REMEMBERED:
                self._remembered[piece] = found
        return found

    def _merge(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        """Return the ids of a piece, given those of its bytes."""
        ids = (*ids[:-1], ids[-1] + len(_SYMBOLS))  # the last byte ends the word
        while known := [pair for pair in pairwise(ids) if pair in self._joined]:
            first = min(known, key=self._joined.__getitem__)
            ids = _join(ids, first, self._joined[first])
        return ids


def _cut(operation: str, text: str) -> list[str]:
    """Return the pieces of a text, cleaned."""
    if not isinstance(text, str):
        raise TypeError(f"{operation}: a text must be a str; got {type(text).__name__}.")
    clean = html.unescape(html.unescape(ftfy.fix_text(text)))
    return _PIECES.findall(" ".join(clean.split()).lower())


def _spell(piece: str) -> tuple[str, ...]:
    """Return a piece as one symbol a byte, the last of which ends the word."""
    symbols = [_SYMBOLS[byte] for byte in piece.encode()]
    return (*symbols[:-1], symbols[-1] + END_OF_WORD)


def _join(
    symbols: Sequence[Symbol], pair: tuple[Symbol, Symbol], joined: Symbol
) -> tuple[Symbol, ...]:
    """Return `symbols` with `pair` replaced by `joined` wherever it occurs, from the left."""
    result: list[Symbol] = []
    position = 0
    while position < len(symbols):
        found = symbols[position : position + 2] == pair
        result.append(joined if found else symbols[position])
        position += 2 if found else 1
    return tuple(result)


def _check_merge(merge: object, number: int, ids: dict[str, int]) -> tuple[str, str]:
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
    return first, second
