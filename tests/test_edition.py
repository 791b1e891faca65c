"""The edition: one version and one date wherever they are said."""

import re
import tomllib
from datetime import date

import pytest
import yaml
from places import ROOT

import mmcourse
from mmcourse.__main__ import main

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEWEST = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", re.MULTILINE)
CITED = {
    "abstract": str,
    "authors": list,
    "cff-version": str,
    "date-released": date,
    "keywords": list,
    "license": str,
    "message": str,
    "title": str,
    "type": str,
    "version": str,
}
"""What CFF 1.2.0 knows and we say. (`repository-code` and `url` want an address.)"""


@pytest.fixture(scope="module")
def citation():
    """Return how to cite the course."""
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def newest():
    """Return the version and the day of the newest edition that the changes name."""
    return NEWEST.search((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")).groups()


def test_the_package_and_the_citation_say_the_version_of_the_project(citation):
    assert PROJECT["version"] == mmcourse.__version__ == citation["version"]


def test_the_newest_changes_are_those_of_this_edition_and_of_the_day_that_is_cited(
    newest, citation
):
    assert newest == (PROJECT["version"], citation["date-released"].isoformat())


def test_the_citation_holds_what_its_format_knows(citation):
    assert citation["cff-version"] == "1.2.0"
    assert {key: type(value) for key, value in citation.items()} == CITED
    assert citation["license"] == PROJECT["license"]
    assert all(list(author) == ["name"] for author in citation["authors"])
    assert citation["authors"]


def test_the_command_says_its_edition(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"mmcourse {PROJECT['version']}\n"
