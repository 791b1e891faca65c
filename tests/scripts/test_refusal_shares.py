"""How much of a module refuses: what is above the aim is named, each with its reason."""

import pytest
import refusal_shares
from places import ROOT

AIM = 0.20

ABOVE = {
    "fusion.py": "24 lines in all; probabilities that are none are the lesson's mistakes",
    "attention_maps.py": "each wrong layer, map or mask would give a plausible picture",
    "audio": "sample rates, bands and windows that do not fit give a plausible spectrogram",
    "zeroshot": "what a template and a name may not be is the lesson on prompts",
    "losses": "values of scales, logits and targets for which a loss means nothing",
    "tokenizer": "texts too long, merges out of order, and a vocabulary that is not CLIP's",
    "metrics": "lists and arrays alike are taken, and every value of them is looked at",
}
"""Entries of which more than AIM refuses, and what it is that no shape says."""


def written(folder, text):
    path = folder / "idea.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_above_the_aim_is_named_with_its_reason(capsys):
    with capsys.disabled():
        assert refusal_shares.main([]) == 0
    counts = {
        name: refusal_shares.share(ROOT / "mmcourse" / name) for name in refusal_shares.MODULES
    }
    assert {name for name, (part, whole) in counts.items() if part > AIM * whole} == set(ABOVE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(x):\n    return x\n", (0, 2)),
        ("def f(x):\n    if x:\n        raise ValueError\n    return x\n", (2, 4)),
        ("def f(x):\n    if x:\n        raise OSError\n    else:\n        return x\n", (1, 5)),
        ("def f(x):\n    x = whole('f', 'x', x)\n    return x\n", (1, 3)),
        ("def _check(x):\n    if x:\n        raise ValueError\n", (3, 3)),
        ('"""A page."""\nimport os\n\n# why\nX = 1\n', (0, 1)),
    ],
    ids=["plain", "a raise", "a choice", "a boundary's call", "a private check", "no code"],
)
def test_lines_that_refuse_are_counted(tmp_path, text, expected):
    assert refusal_shares.share(written(tmp_path, text)) == expected


def test_an_entry_that_is_missing_is_said(capsys):
    assert refusal_shares.main(["no_such.py"]) == 2
    assert "expected entries of mmcourse; got ['no_such.py']" in capsys.readouterr().err
