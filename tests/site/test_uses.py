"""From lessons to the names that they use, and back."""

import nbformat
import pytest
from entries import entry
from pages import api
from pages.source import public
from pages.uses import names_used_here, used_names, uses
from pages.workbooks import link_to, notebooks
from places import ROOT


@pytest.fixture
def notebook(tmp_path):
    """Return a function that writes a notebook of these cells, and returns its path."""

    def write(*cells):
        path = tmp_path / "notebook.ipynb"
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
        nbformat.write(made, path)
        return path

    return write


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["from mmcourse.losses import clip_loss"], ["mmcourse.losses.clip_loss"]),
        (["from mmcourse.losses.clip import clip_loss"], ["mmcourse.losses.clip_loss"]),
        (["from mmcourse.clip import load as ours"], ["mmcourse.clip.load"]),
        (["from mmcourse import clip", "x = clip.load()[0]"], ["mmcourse.clip.load"]),
        (["from mmcourse import clip as c", "c.CLIP.forward"], ["mmcourse.clip.CLIP"]),
        (["from mmcourse.clip.preprocess import normalize"], ["mmcourse.clip.normalize"]),
        (["from mmcourse.clip.text import text_feature"], ["mmcourse.clip.text.text_feature"]),
        (["from mmcourse import clip"], []),
        (["import clip", "clip.load()"], []),
        (["clip = 1", "clip.load"], []),
        (["from mmcourselike.losses import clip_loss"], []),
        (["from mmcourse.losses import nothing_like_this"], []),
    ],
)
def test_names_are_found_however_they_are_imported(notebook, cells, names):
    assert used_names(notebook(*cells), ROOT) == names


def test_the_page_of_a_name_leads_to_all_that_use_it():
    text = "\n".join(api.pages(ROOT).values())
    for name, found in uses(ROOT).items():
        assert f"**Used in** {', '.join(map(link_to, found))}" in entry(name, text), name


def test_every_lesson_says_which_names_it_uses():
    for path in notebooks(ROOT):
        if path.parent.name == "notebooks":
            told = names_used_here(ROOT, path.name[:2])
            assert [name for name in used_names(path, ROOT) if f"](#{name})" not in told] == []
            assert told.count("\n- ") == len(used_names(path, ROOT)) > 2


def test_most_names_are_used_by_some_lesson_or_exercise():
    assert len(uses(ROOT).keys() & public(ROOT).keys()) > 200


def test_a_lesson_says_what_a_name_is():
    told = names_used_here(ROOT, "03")
    assert "[`losses.info_nce`](#mmcourse.losses.info_nce): Return the" in told
