"""Each document, lesson and exercise has one page of its own."""

import pytest
from pages.addresses import DOCUMENTS, addresses
from places import ROOT


def test_no_two_files_share_a_page():
    pages = addresses(ROOT)
    assert len(set(pages.values())) == len(pages)


def test_all_that_is_told_a_page_is_there():
    assert set(DOCUMENTS) - set(addresses(ROOT)) == set()


def test_a_document_without_a_page_is_named(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "news.md").write_text("# News")
    with pytest.raises(ValueError, match=r"give each document a page; .*docs/news\.md"):
        addresses(tmp_path)
