"""Each document, lesson and exercise has one page of its own."""

from pages.addresses import DOCUMENTS, addresses
from places import ROOT


def test_no_two_files_share_a_page():
    pages = addresses(ROOT)
    assert len(set(pages.values())) == len(pages)


def test_all_that_is_told_a_page_is_there():
    assert set(DOCUMENTS) - set(addresses(ROOT)) == set()


def test_a_new_document_has_a_page_by_its_name(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "tiny.md").write_text("# Tiny")
    (tmp_path / "docs" / "news.md").write_text("# News")
    (tmp_path / "RELEASE.md").write_text("# Release")
    assert addresses(tmp_path) == {
        "docs/tiny.md": "cards/tiny.md",
        "RELEASE.md": "release.md",
        "docs/news.md": "news.md",
    }
