"""Entries of the reference: what a page says of one name."""

import re


def entry(name, text):
    """Return what a text says of a name, from its heading to where its fence ends.

    Args:
        name: of a function, a class or a module's constant, such as "mmcourse.clip.load"; of a
            method with its class, "mmcourse.clip.CLIP.forward".
        text: pages of the reference.
    """
    whole = _cut(name, text, "`" * 6)
    if whole is None:
        kind, _, inner = name.rpartition(".")
        whole = _cut(inner, _cut(kind, text, "`" * 6), "`" * 5)
    return whole


def _cut(name, text, fence):
    """Return what stands between the fences of a name; None if it has none."""
    begins = re.search(rf"^{fence}\{{py:\w+\}} {re.escape(name)}(?=\(|$)", text, re.MULTILINE)
    if begins is None:
        return None
    return text[begins.start() : f"{text}\n".index(f"\n{fence}\n", begins.start())]
