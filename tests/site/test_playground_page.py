"""The playground's page: what a visitor sees and does, with mouse or keys, also from disk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import playground
from PIL import Image
from playing import ask, show
from playwright.sync_api import expect

from mmcourse.world import Scene, Thing, render

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BLUE = Thing(kind="cat", pose="sitting", colour="blue", size=0.6, position=(0.5, 0.9))
CAT = Scene(setting="meadow", objects=(BLUE,))


@pytest.fixture
def page(visited):
    return visited


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    file = tmp_path_factory.mktemp("photos") / "cat.jpg"
    Image.fromarray(render(CAT, 200)).save(file)
    return file


def nearest(page):
    """Return what the first picture of the gallery shows."""
    return page.locator("#gallery .picture").first.get_attribute("aria-label")


def settle(page):
    """Wait until what was typed is answered: that takes a frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def bars(page):
    """Return the shares by label, in the order in which they are shown."""
    lines = page.locator("#bars li").all_inner_texts()
    return {line.split("\n")[0]: float(line.split("\n")[-1].split()[0]) for line in lines}


def test_pictures_order_themselves_while_a_sentence_is_typed(page):
    assert "red cat" in nearest(page)
    page.get_by_label("Sentence", exact=True).fill("")
    page.get_by_label("Sentence", exact=True).press_sequentially("three balloons")
    expect(page.locator("#pointed")).to_contain_text("balloons")
    assert "three" in nearest(page)
    assert page.locator("#gallery li").count() == 300
    expect(page.locator("#announcer")).to_contain_text("balloons")


def test_words_that_the_model_never_read_are_named(page):
    page.get_by_role("button", name="a cute red cat").click()
    expect(page.locator("#search-note")).to_contain_text("never read “cute”")


def test_a_picture_of_the_gallery_is_taken_along_with_keys_alone(page):
    page.get_by_label("Sentence", exact=True).focus()
    page.keyboard.press("Tab")  # into the gallery, at its nearest picture
    page.keyboard.press("ArrowRight")
    second = page.locator("#gallery .picture").nth(1).get_attribute("aria-label")
    expect(page.locator("#pointed")).to_contain_text(second)
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-name")).to_have_text(second)
    assert page.locator("#found .picture").count() == 5
    page.keyboard.press("End")
    last = page.locator("#gallery .picture").last.get_attribute("aria-label")
    expect(page.locator("#pointed")).to_contain_text(last)


def test_an_arrow_with_another_key_held_is_left_to_the_browser(page):
    press = """(held) => {
      const here = document.querySelector("#gallery button");
      here.focus();
      const how = { key: "ArrowRight", bubbles: true, cancelable: true, [held]: true };
      const left = here.dispatchEvent(new KeyboardEvent("keydown", how));
      return left && document.activeElement === here;
    }"""
    held = ["altKey", "ctrlKey", "metaKey", "shiftKey"]
    assert [ask(page, press, key) for key in held] == [True, True, True, False]


def test_a_photo_gets_probabilities_and_the_tower_is_loaded_for_the_first(page, photo):
    assert not any("image.js" in url for url in page.requested)
    page.get_by_label("Choose a file").set_input_files(photo)
    expect(page.locator("#chosen-name")).to_contain_text("cat.jpg")
    assert next(iter(bars(page))) == "cat"
    assert sum("image.js" in url for url in page.requested) == 1
    page.get_by_label("Labels, one a line").fill("dog\nblue cat")
    expect(page.locator("#bars li")).to_have_count(2)
    assert next(iter(bars(page))) == "blue cat"


def test_a_photo_can_be_dropped(page, photo):
    drop = """async (bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], "dropped.jpg"));
      const how = { dataTransfer: transfer, bubbles: true, cancelable: true };
      return document.getElementById("drop").dispatchEvent(new DragEvent("drop", how));
    }"""
    assert (
        ask(page, drop, list(photo.read_bytes())) is False
    )  # the browser does not leave the page
    expect(page.locator("#chosen-name")).to_contain_text("dropped.jpg")


def test_temperature_spreads_probabilities_and_the_defect_sharpens_them(page):
    learnt = max(bars(page).values())
    slider = page.locator("#label-temperature input")
    slider.focus()
    page.keyboard.press("End")
    settle(page)
    assert max(bars(page).values()) < learnt
    assert max(bars(page).values()) < 10  # of twenty labels
    assert slider.get_attribute("aria-valuetext") == "3.16 (scale 0.316)"
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "0.001 (scale 1000)"
    page.locator("#label-temperature").get_by_role("button", name="as learnt").click()
    page.get_by_label("Forget to normalise").check()
    expect(page.locator("#bars li").first).to_contain_text("100.0 %")


def test_exchanged_captions_raise_the_loss_and_one_is_never_empty(page):
    def loss():
        return float(page.locator("#loss").inner_text().split()[1])

    before = loss()
    first, second = page.get_by_label("Caption 1"), page.get_by_label("Caption 2")
    said = first.input_value(), second.input_value()
    first.fill(said[1])
    second.fill(said[0])
    settle(page)
    assert loss() > before + 0.5
    page.get_by_label("softmax of each row").check()
    rows = page.locator("#table tbody tr").all()
    shares = [[int(cell) for cell in row.locator("td").all_inner_texts()] for row in rows]
    assert all(96 <= sum(row) <= 104 for row in shares)  # rounded to whole per cents
    first.fill(" ")
    expect(page.locator("#matrix-problem")).to_have_text("Caption 1 is empty; write something.")
    page.get_by_role("button", name="Eight other pictures").click()
    expect(page.locator("#matrix-problem")).to_be_hidden()


def test_the_same_words_added_and_taken_away_cancel_but_for_the_picture(page):
    page.get_by_label("Words taken away").fill("a yellow cat")
    expect(page.locator("#found b").first).to_have_text("1.00")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_the_page_fits_and_axe_finds_no_serious_fault(page, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    faults = [
        (fault["id"], [node["target"] for node in fault["nodes"]])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert faults == []


def test_every_lesson_that_is_linked_exists(page):
    links = page.locator("main a[href^='../lessons/']").all()
    lessons = playground.STATIC.parents[1] / "notebooks"
    names = {link.get_attribute("href").split("/")[-1].removesuffix(".html") for link in links}
    assert len(names) >= 5
    assert [name for name in names if not (lessons / f"{name}.ipynb").is_file()] == []


def test_the_page_works_when_it_is_opened_from_disk(kept, folder, photo):
    kept.complaints.clear()
    show(kept, (folder / "index.html").as_uri())
    assert "red cat" in nearest(kept)
    kept.get_by_label("Choose a file").set_input_files(photo)
    expect(kept.locator("#chosen-name")).to_contain_text("cat.jpg")
    assert next(iter(bars(kept))) == "cat"
    assert kept.complaints == []
