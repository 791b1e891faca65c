"""What of a notebook is read, and which cell is too large to be sent."""

import json

import pytest

from classroom.grading.faults import UnreadableError
from classroom.grading.notebook import MOST_SOURCE, parse
from classroom.grading.worker.protocol import to_frame

LARGEST = {"x": MOST_SOURCE - 2, "\n": (MOST_SOURCE - 2) // 2, "😀": (MOST_SOURCE - 2) // 12}


def written(kind, source):
    cells = [{"cell_type": "markdown", "source": ""}, {"cell_type": kind, "source": source}]
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


@pytest.mark.parametrize("letter", LARGEST)
def test_the_largest_cell_can_be_sent_and_a_larger_one_is_refused(letter):
    most = letter * LARGEST[letter]
    _, cell = parse(written("code", most))
    to_frame({"source": cell.source, "cell": 1000, "id": "0" * 16})
    with pytest.raises(UnreadableError, match=r"^cell 2 is larger than 900 KB once encoded"):
        parse(written("code", most + letter))


def test_a_text_cell_may_hold_a_picture():
    _, cell = parse(written("markdown", "x" * (MOST_SOURCE + 1)))
    assert not cell.code
