"""The bibliography: every citation has its entry, every entry is cited, and once."""

import re
from collections import Counter

import pytest
from pages import bibliography
from pages.papers import citing, papers, unknown
from pages.workbooks import link_to
from places import ROOT
from pybtex.exceptions import PybtexError

WELL_FORMED = re.compile(
    r"(9[1-9]|0[0-7])(0[1-9]|1[0-2])\d{3}"  # the seven digits of the old style
    r"|(0[7-9]|1[0-4])(0[1-9]|1[0-2])\.\d{4}"
    r"|(1[5-9]|[2-9]\d)(0[1-9]|1[0-2])\.\d{5}"
)
ENTRY = (
    "@misc{{{key},\n author={{One, An and Other, Some}}, title={{A}}, year={{2021}}, {more}}}\n"
)


@pytest.fixture
def course(tmp_path):
    """Return a function that writes a course of one document, and returns its root."""

    def write(document, entries):
        for folder in ("docs", "site", "mmcourse"):
            (tmp_path / folder).mkdir()
        (tmp_path / "docs" / "scale.md").write_text(document)
        (tmp_path / "site" / "references.bib").write_text(entries)
        (tmp_path / "mmcourse" / "__init__.py").write_text('"""A package."""')
        return tmp_path

    return write


def test_every_arxiv_number_is_well_formed():
    numbers = [paper.arxiv for paper in papers(ROOT) if paper.arxiv]
    assert len(numbers) > 150
    bad = [one for one in numbers if not WELL_FORMED.fullmatch(one.rpartition("/")[2])]
    assert bad == []


def test_the_year_of_a_preprint_is_that_of_its_number():
    modern = [paper for paper in papers(ROOT) if "." in paper.arxiv]
    assert [paper.key for paper in modern if paper.year != f"20{paper.arxiv[:2]}"] == []


@pytest.mark.parametrize("field", ["key", "title", "arxiv", "doi", "url"])
def test_nothing_comes_twice(field):
    values = Counter(getattr(paper, field).casefold() for paper in papers(ROOT))
    assert [one for one, count in values.items() if one and count > 1] == []


def test_a_key_that_comes_twice_is_refused(course):
    twice = ENTRY.format(key="one2021a", more="") * 2
    with pytest.raises(PybtexError, match="one2021a"):
        papers(course("", twice))


def test_a_key_begins_with_the_name_and_the_year():
    for paper in papers(ROOT):
        assert re.fullmatch(rf"[a-z]+{paper.year}[a-z0-9]+", paper.key), paper.key


def test_all_that_is_cited_has_an_entry():
    assert unknown(ROOT) == {}


def test_every_entry_is_cited():
    assert [key for key, places in citing(ROOT).items() if not places] == []


@pytest.mark.parametrize(
    "citation",
    [
        "arXiv 2103.00021",
        "arXiv\n2103.00021",
        "(arXiv [2103.00021](https://arxiv.org/abs/2103.00021))",
        "[Here](https://arxiv.org/abs/2103.00021), 2021",
        "[here](https://arxiv.org/pdf/2103.00021)",
        "arXiv 2103.0002",
        "arXiv hep-th/9901001",
        "https://doi.org/10.1000/182",
    ],
)
def test_a_citation_without_an_entry_is_refused(course, citation):
    root = course(citation, ENTRY.format(key="one2021a", more="eprint={2103.00020}"))
    with pytest.raises(ValueError, match=r"scale\.md"):
        bibliography.pages(root)


def test_a_work_leads_to_its_preprint_and_to_what_cites_it(course):
    root = course(
        "see arXiv 2103.00020", ENTRY.format(key="one2021a", more="eprint={2103.00020}")
    )
    page = bibliography.pages(root)["bibliography.md"]
    read = "[*A*](https://arxiv.org/abs/2103.00020), arXiv 2103.00020, 2021."
    cited = "Cited in [`docs/scale.md`](/scale.md)."
    assert f"(one2021a)=\nAn One and Some Other: {read}\\\n{cited}\n" in page
    assert "The 1 works" in page


def test_a_book_is_known_by_what_the_course_says(course):
    root = course(
        "so say One and\nOther", ENTRY.format(key="one2021a", more="said={One and Other}")
    )
    assert [path.name for path in citing(root)["one2021a"]] == ["scale.md"]


def test_every_lesson_that_cites_clip_is_named():
    page = bibliography.pages(ROOT)["bibliography.md"]
    entry = next(one for one in page.split("\n\n") if one.startswith("(radford2021learning)="))
    said = [
        path
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        if "abs/2103.00020" in path.read_text(encoding="utf-8")
    ]
    assert len(said) > 8
    assert [path.name for path in said if link_to(path) not in entry] == []
