"""The built site in a browser: by day and by night, on a phone, without the network."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

READ = (
    "index",
    "lessons/04_temperature",
    "lessons/18_films",
    "exercises/02_cosine_similarity",
    "bench/results",
    "api/clip",
)
"""A page of each kind; lesson 04 has formulas, 18 sounds and a slider."""

REFERENCE = ("api/index.html", "api/clip.html", "api/world.html")
"""The pages of the reference are laid out alike; these are looked at on a phone."""
PHONE = {"width": 390, "height": 844}


@pytest.mark.browser
def test_no_request_leaves_the_page(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in (*READ, "search"):
        page.goto(f"{address}/{name}.html", wait_until="load")
    outside = [one for one in asked if not one.startswith((f"{address}/", "data:"))]
    assert len(asked) > 20
    assert outside == []


@pytest.mark.browser
def test_nothing_goes_wrong_in_a_page(page, address):
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda answer: answer.status < 400 or wrong.append(answer.url))
    for name in (*READ, "lessons/06_inside_clip", "lessons/15_speech"):
        page.goto(f"{address}/{name}.html", wait_until="load")
    assert wrong == []


@pytest.mark.browser
def test_a_search_finds_the_lesson_of_a_word(page, address):
    page.goto(f"{address}/search.html?q=hubness")
    found = page.locator("#search-results li a")
    expect(found.filter(has_text="Image search").first).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", READ)
def test_who_cannot_see_meets_no_serious_fault(page, address, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/{name}.html", wait_until="load")
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    faults = Axe().run(page).response["violations"]
    assert [
        (fault["id"], [node["html"][:200] for node in fault["nodes"][:3]])
        for fault in faults
        if fault["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.browser
def test_no_page_scrolls_sideways_on_a_phone(page, address, pages, site):
    page.set_viewport_size(PHONE)
    wide = {}
    names = [one.path.relative_to(site).as_posix() for one in pages]
    for name in [one for one in names if not one.startswith("api/") or one in REFERENCE]:
        page.goto(f"{address}/{name}", wait_until="domcontentloaded")
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in wide.items() if width > PHONE["width"]} == {}


@pytest.mark.browser
def test_claims_answers_and_numbers_are_folded(page, address):
    page.goto(f"{address}/lessons/04_temperature.html")
    assert page.locator("details[open]").count() == 0
    claim = page.locator("details.claims").first
    row = claim.get_by_text("0.238")
    expect(row).to_be_hidden()
    claim.locator("summary").click()
    expect(row).to_be_visible()


@pytest.mark.browser
def test_a_formula_is_drawn_and_not_typed(page, address):
    page.goto(f"{address}/lessons/04_temperature.html")
    fraction = page.locator("div.formula mfrac").first
    expect(fraction).to_be_visible()
    over, under = (fraction.locator(f"> :nth-child({place})") for place in (1, 2))
    assert over.bounding_box()["y"] < under.bounding_box()["y"]


@pytest.mark.browser
def test_what_needs_no_kernel_still_answers(page, address):
    page.goto(f"{address}/lessons/18_films.html")
    slider = page.locator(".mmcourse-slide input[type=range]")
    said = page.locator(".mmcourse-slide")
    before = said.inner_text()
    slider.fill(slider.get_attribute("min"))
    assert said.inner_text() != before


@pytest.mark.browser
def test_what_needs_a_kernel_says_so(page, address):
    page.goto(f"{address}/lessons/15_speech.html")
    expect(page.get_by_text("a button here records what you say")).to_be_visible()
    assert page.locator(".mmcourse-voice").count() == 0
