"""The release: a tag names the edition, and its notes are the section of the changes."""

import pytest
import release
from places import ROOT

CHANGES = "# Changes\n\n## 1.1.0 (2027-01-02)\n\nNew.\n\n- a\n\n## 1.0.0 (2026-12-01)\n\n- b\n"


def test_the_notes_of_an_edition_end_where_the_next_begins():
    assert release.notes(CHANGES, "1.1.0") == "New.\n\n- a\n"
    assert release.notes(CHANGES, "1.0.0") == "- b\n"


@pytest.mark.parametrize("edition", ["1.2.0", "1.0", "1x0.0"])
def test_an_edition_without_notes_is_refused(edition):
    with pytest.raises(ValueError, match=rf"expected a section {edition} \(date\) in"):
        release.notes(CHANGES, edition)


def test_the_notes_of_this_edition_are_printed_for_its_tag(capsys):
    assert release.main([f"v{release.version()}"]) == 0
    said = capsys.readouterr().out
    assert said in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "\n## " not in said


@pytest.mark.parametrize("tag", ["v0.9.9", "1.0.0", "main"])
def test_a_tag_of_another_version_is_refused(tag, capsys):
    assert release.main([tag]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"release: expected the tag v{release.version()}, as pyproject")


@pytest.mark.parametrize("words", [[], ["v1.0.0", "v1.0.1"]])
def test_anything_but_one_tag_is_answered_with_the_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        release.main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: ")
