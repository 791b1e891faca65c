"""The playground's page where something is wrong or comes too late: it says so and goes on."""

import io
import shutil

import pytest
from PIL import Image
from playing import ask
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(visited):
    return visited


@pytest.mark.parametrize(
    ("label", "text", "problem", "message"),
    [
        ("Sentence", "cat " * 90, "#search-note", "has 92 tokens, start and end among them"),
        ("Sentence", " ", "#search-note", "Type something"),
        ("Labels, one a line", "\n \n", "#label-problem", "Write at least one label."),
        ("Labels, one a line", "cat\nCAT ", "#label-problem", "“CAT” is there twice"),
        ("Labels, one a line", "cat\n" + "a " * 90, "#label-problem", "the model reads 77"),
        (
            "Labels, one a line",
            "\n".join(map(str, range(101))),
            "#label-problem",
            "at most 100",
        ),
        ("Prompt", "a photo", "#label-problem", "must have {} once"),
        ("Words added", "cat " * 90, "#sum-problem", "has 92 tokens"),
    ],
)
def test_a_wrong_text_is_answered_and_nothing_breaks(page, label, text, problem, message):
    field = page.get_by_label(label, exact=label == "Sentence")
    before = field.input_value()
    field.fill(text)
    expect(page.locator(problem)).to_contain_text(message)
    field.fill(before)
    expect(page.locator(problem)).to_have_text("")
    assert page.locator("#found li").count() == 5


def png(width, height):
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.txt", b"no picture", "“notes.txt” is no picture that this browser reads"),
        ("empty.png", b"", "“empty.png” is no picture"),
        ("cut.png", png(64, 64)[:40], "“cut.png” is"),
        ("huge.png", png(9000, 9000), "“huge.png” has 9000 × 9000 pixels, more than"),
        ("long.png", png(20_000, 3), "“long.png” has 20000 × 3 pixels, more than"),
    ],
)
def test_a_wrong_file_is_answered_and_the_picture_stays(page, name, content, message):
    before = page.locator("#chosen-name").inner_text()
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.locator("#file-problem")).to_contain_text(message)
    assert page.locator("#chosen-name").inner_text() == before
    page.get_by_role("button", name="Another drawn one").click()
    expect(page.locator("#file-problem")).to_be_hidden()


def test_a_thin_picture_is_looked_at(page):
    file = {"name": "thin.png", "mimeType": "image/png", "buffer": png(3, 6000)}
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.locator("#chosen-name")).to_contain_text("thin.png")


def test_a_drawn_picture_taken_while_a_file_loads_stays_and_nothing_is_busy(page):
    hurry = """async (bytes) => {
      const chosen = new Chosen(PAGE), busy = () => byId("drop").ariaBusy;
      const late = chosen.takeFile(new File([Uint8Array.from(bytes)], "late.png"));
      const during = busy();
      chosen.takeDrawn(7);
      await late;
      return [during, busy(), byId("chosen-name").textContent === PAGE.settings.captions[7]];
    }"""
    assert ask(page, hurry, list(png(64, 64))) == ["true", "false", True]


def test_the_address_of_a_file_is_given_back_once_another_picture_is_taken(page):
    take = """async (bytes) => {
      const back = [], revoke = URL.revokeObjectURL;
      URL.revokeObjectURL = (address) => { back.push(address); revoke.call(URL, address); };
      const chosen = new Chosen(PAGE), file = new File([Uint8Array.from(bytes)], "a.png");
      const addresses = [], given = () => addresses.map((address) => back.includes(address));
      const seen = [];
      for (let i = 0; i < 2; i++) {
        await chosen.takeFile(file);
        addresses.push(byId("chosen").querySelector("img").src);
        seen.push(given());
      }
      chosen.takeDrawn(7);
      return [...seen, given()];
    }"""
    assert ask(page, take, list(png(64, 64))) == [[False], [True, False], [True, True]]


def test_a_problem_that_is_repaired_at_once_is_not_read_aloud(page):
    expect(page.locator("#announcer")).to_contain_text("Nearest: 0.")  # on loading
    page.evaluate("""() => {
      showProblem("sum-problem", "Too long.");
      showProblem("sum-problem", null);
      announce("search", "Three balloons.");
    }""")
    expect(page.locator("#announcer")).to_have_text("Three balloons.")


def test_a_page_without_its_model_says_what_to_type(kept, folder, tmp_path):
    alone = tmp_path / "playground"
    shutil.copytree(folder, alone)
    (alone / "data" / "start.js").unlink()
    kept.goto((alone / "index.html").as_uri())
    expect(kept.locator("#page-problem")).to_contain_text("“make site” builds it")
