"""What becomes of a notebook's cells on a page."""

from base64 import b64encode

import nbformat
import pytest
from pages import notebooks

from mmcourse.lesson.claims import Range

CLAIMED = {
    "share right": (0.97, Range(0.9, 1)),
    "at τ = 1": (0.24, Range(0.2, 0.3)),
    "at τ = 2": (0.11, Range(None, 0.2)),
    "it falls": (True, Range(None, None)),
}


def page(*cells, below=()):
    """Return the cells of a page below its first, and its pictures."""
    first = nbformat.v4.new_markdown_cell("# Title")
    notebook = nbformat.v4.new_notebook(cells=[first, *cells])
    made, pictures = notebooks.page(notebook, "04_x", CLAIMED, lambda text: text, below)
    nbformat.validate(made)
    return made.cells[2:], pictures


def code(source, *outputs, tags=(), hidden=False):
    metadata = {"tags": list(tags)} if tags else {}
    if hidden:
        metadata["jupyter"] = {"source_hidden": True}
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def shown(**data):
    return nbformat.v4.new_output(
        "display_data", {k.replace("_", "/"): v for k, v in data.items()}
    )


def picture(alt="A cat."):
    output = shown(image_png=b64encode(b"PNG").decode(), text_plain="Figure")
    output.metadata = {"image/png": {"alt": alt, "width": 74, "height": 36}}
    return output


def html(cell):
    return [one.data["text/html"] for one in cell.outputs]


def test_the_first_cell_is_followed_by_how_to_run_it():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title")])
    made, _ = notebooks.page(notebook, "04_x", {}, lambda text: text)
    assert [cell.source for cell in made.cells] == ["# Title", notebooks.TO_RUN]


def test_a_notebook_stays_as_it_was():
    cell = code("claim('it falls', True)", picture(), tags=["claims"])
    before = nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))
    page(cell)
    assert nbformat.writes(nbformat.v4.new_notebook(cells=[cell])) == before


def test_a_picture_becomes_a_file_with_its_alt_text_and_its_size():
    (cell,), pictures = page(code("draw()", picture('A "red" cat.')))
    assert pictures == {"04_x/001-0.png": b"PNG"}
    assert html(cell) == [
        '<figure class="shown"><img src="../pictures/04_x/001-0.png" '
        'alt="A &quot;red&quot; cat." width="74" height="36" loading="lazy"></figure>'
    ]


def test_a_caption_stands_inside_its_figure_and_the_next_outside():
    caption, later = (shown(text_html=f"<p><em>{one}.</em></p>") for one in ("This", "That"))
    (cell,), _ = page(code("draw()", picture(), caption, later))
    assert html(cell)[0].endswith("<figcaption><p><em>This.</em></p></figcaption></figure>")
    assert html(cell)[1:] == ["<p><em>That.</em></p>"]


def test_claims_are_folded_with_their_numbers():
    (cell,), _ = page(
        code('claim("share right", x, 0.9, 1)\nclaim("it falls", y)', tags=["claims"])
    )
    assert cell.cell_type == "markdown"
    assert "<summary>Claimed: share right and 1 more</summary>" in cell.source
    assert "| share right | 0.97 | 0.9 to 1 |\n| it falls | yes | yes |" in cell.source
    assert "```python\nclaim(" in cell.source


def test_a_claim_whose_name_is_put_together_stands_for_all_that_fit():
    source = 'for t in (1, 2):\n    claim(f"at τ = {t}", x[t], high=0.3)'
    (cell,), _ = page(code(source, tags=["claims"]))
    assert "| at τ = 1 | 0.24 | 0.2 to 0.3 |\n| at τ = 2 | 0.11 | at most 0.2 |" in cell.source
    assert "share right" not in cell.source


def test_a_claim_that_was_never_measured_shows_its_code_alone():
    (cell,), _ = page(code('claim("new", x)', tags=["claims"]))
    assert "What is claimed of these numbers" in cell.source
    assert "| Claim |" not in cell.source


def test_a_claims_name_is_read_as_plain_text():
    text = notebooks.claims('claim("a|b *c*", x)', {"a|b *c*": (1.0, Range(0, 1))})
    assert r"| a\|b \*c\* | 1 | 0 to 1 |" in text


def test_hidden_code_is_folded_and_what_it_showed_is_not():
    (silent, speaking), _ = page(
        code("x = 1", hidden=True), code("draw()", picture(), hidden=True)
    )
    assert silent.source.startswith('<details class="code">')
    assert speaking.metadata.tags == ["hide-input"]
    assert len(speaking.outputs) == 1


def test_a_gap_says_where_it_is_filled():
    told = nbformat.v4.new_output("stream", text="Yours to fill in")
    (cell,), _ = page(code("mine = ...", told, tags=["yours"]))
    assert html(cell) == [f'<p class="in-the-notebook">{notebooks.TO_FILL}</p>']


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("plots.explore(turn, x=(0, 1))", notebooks.TO_SLIDE),
        ("def f():\n    pass\n\nquery_box(f)", notebooks.TO_TYPE),
    ],
)
def test_a_figure_to_play_with_says_that_it_stands_still(source, note):
    (cell,), _ = page(code(source, picture(), tags=["play"]))
    assert html(cell)[1:] == [f'<p class="in-the-notebook">{note}</p>']


def test_a_figure_that_plays_by_itself_stays_as_it_is():
    live = "<div class='mmcourse-hover'></div><script>start()</script>"
    output = shown(text_html=live, image_png="UE5H")
    (cell,), pictures = page(code("hover()", output, tags=["play"]))
    assert html(cell) == [live]
    assert pictures == {}


def test_a_microphone_is_replaced_by_a_sentence():
    output = shown(text_html='<div class="mmcourse-voice"></div><script>go()</script>')
    (cell,), _ = page(code("voice_box(f)", output, tags=["play"]))
    assert html(cell) == [f'<p class="in-the-notebook">{notebooks.TO_SPEAK}</p>']


def test_a_sound_of_ipython_is_named():
    source = '<source src="data:audio/wav;base64,AA" type="a" />'
    sound = f'<audio  controls="controls" >\n {source}\n x</audio>'
    (cell,), _ = page(code("Audio(x)", shown(text_html=f"\n  {sound}  ")))
    assert html(cell) == [
        '<audio controls preload="metadata" aria-label="A sound" '
        'src="data:audio/wav;base64,AA"></audio>'
    ]


def test_folded_answers_are_read_as_markdown():
    text = nbformat.v4.new_markdown_cell(
        "**1.** Why?\n<details><summary>Answer</summary>$x$.</details>"
    )
    (cell,), _ = page(text)
    assert "</summary>\n\n$x$.\n\n</details>" in cell.source


def test_what_others_write_stands_at_the_end():
    cells, _ = page(code("x = 1"), below=["## Names"])
    assert cells[-1].source == "## Names"
