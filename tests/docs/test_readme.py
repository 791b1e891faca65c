"""The README's numbers are those of the models that are shipped."""

import re

from lessons import lessons
from places import ROOT

from mmcourse.checkpoints import manifest, shipped

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_model_is_larger_and_no_training_longer_than_said():
    said = re.search(r"of ([\d.]+) megabytes and less, each trained in (\d+) minutes", README)
    minutes = [entry.minutes for entry in manifest().values() if entry.minutes]
    megabytes = [shipped(name).stat().st_size / 1e6 for name in manifest()]
    assert max(minutes) <= int(said[2]) < max(minutes) + 1
    assert max(megabytes) <= float(said[1]) < max(megabytes) + 0.1


def test_the_lessons_are_as_long_as_said():
    said = re.search(r"Nineteen lessons, of (\d+) to (\d+) minutes\neach", README)
    minutes = [lesson.minutes for lesson in lessons()]
    assert (len(minutes), min(minutes), max(minutes)) == (19, int(said[1]), int(said[2]))
