"""A text cleaned, and cut into the pieces that no merge of `bpe` crosses.

Words, single digits and runs of other marks, as CLIP cuts them (arXiv 2103.00020, section 2.4),
whose code is followed to the letter. Leaves out every other way to cut a text.
"""

import html

import regex  # type: ignore[import-untyped]

START, END = "<|startoftext|>", "<|endoftext|>"

PIECES = regex.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'(?:s|t|re|ve|m|ll|d)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+",
    regex.IGNORECASE,  # matters although text is in lower case: the long s counts as s
)


def cut(text: str) -> list[str]:
    """Return the pieces of a text, cleaned.

    Broken Unicode is repaired, HTML entities are resolved (twice: `&amp;lt;` is `<`), white
    space separates, letters become lower case. START and END are pieces of their own.

    >>> cut("It's  42 CATS &amp; dogs!?")
    ['it', "'s", '4', '2', 'cats', '&', 'dogs', '!?']
    """
    return [piece for word in cleaned(text).split() for piece in PIECES.findall(word)]


def cleaned(text: str) -> str:
    """Return the text as the tokenizer sees it: what is equal here is one text to a model.

    >>> cleaned("Caf\u00e9 &amp;  Bar"), cleaned("cafe\u0301 & bar")
    ('café & bar', 'café & bar')
    """
    plain = text.isascii() and text.isprintable() and "&" not in text
    if not plain:  # in plain text there is nothing to repair or to resolve
        import ftfy  # takes a tenth of a second, and plain text does without

        text = html.unescape(html.unescape(ftfy.fix_text(text)))
    return " ".join(text.split()).lower()
