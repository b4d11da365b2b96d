"""Presenting, in a real Chromium: one panel at a time, letters for the last row, and the notes in another window."""

import re

from playwright.sync_api import Page, expect

from components.navigation import lesson_at
from tests.browser.conftest import settle

SCREEN = {"width": 1280, "height": 720}  # of a usual projector
LEAST = 24  # pixels of a letter
PLACE = ".presenting output"

# The smallest letters in sight, in pixels, in shadow trees too; of what is drawn in a canvas nothing is known here.
SMALLEST = """() => {
    const sizes = [];
    const look = (element, zoom) => {
        const style = getComputedStyle(element), own = zoom * parseFloat(style.zoom || 1);
        if (!element.getClientRects().length && element.localName !== "text") return;
        const said = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (said && style.visibility !== "hidden" && element.getBoundingClientRect().width > 1)
            sizes.push([own * parseFloat(style.fontSize), element.textContent.trim().slice(0, 40)]);
        [...element.children, ...(element.shadowRoot?.children ?? [])].forEach((child) => look(child, own));
    };
    look(document.querySelector("[data-testid=stMain]"), 1);
    return sizes.sort((a, b) => a[0] - b[0])[0];
}"""
PICTURE = """([least, height]) => {
    const box = document.querySelector(".st-key-picture").getBoundingClientRect();
    return box.height >= least && box.top < height / 2;
}"""


def expect_readable(page: Page) -> None:
    """Nothing in sight is smaller than the last row can read, and the picture fills most of the screen."""
    size, text = page.evaluate(SMALLEST)
    assert size >= LEAST - 0.5, text
    page.wait_for_function(PICTURE, arg=[SCREEN["height"] / 2, SCREEN["height"]])


def press(page: Page, key: str, place: str) -> None:
    page.keyboard.press(key)
    expect(page.locator(PLACE)).to_have_text(re.compile(place))


def turn(page: Page, key: str, place: str) -> int:
    """Press ``key`` until the panel at this place is in sight; how often. A turn is drawn before a press is over."""
    for pressed in range(9):
        if re.search(place, page.locator(PLACE).inner_text()):
            return pressed
        page.keyboard.press(key)
    raise AssertionError(f"{key} leads to no {place}")


def test_a_page_is_presented_panel_by_panel(visit, page: Page, app_url):
    page.set_viewport_size(SCREEN)
    for address in ("words_in_space", "one_hot", "words_as_numbers"):
        visit(f"{address}?present=true")
        expect(page.locator(PLACE)).to_have_text(re.compile("^1 of "))
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
        expect_readable(page)

    # Keys in a field stay with it; out of it they turn the panels.
    second = page.get_by_role("heading", name="Could it be the right neighbour?")
    expect(second).to_be_hidden()
    page.get_by_role("textbox", name="Your words").click()
    press(page, "ArrowRight", "^1 of ")
    press(page, "Escape", "^1 of ")
    assert turn(page, "ArrowRight", "^2 of ") > 1  # the first panel is higher than the screen
    expect(second).to_be_visible()
    expect(page.locator(".st-key-picture, h1").first).to_be_hidden()

    # A guess inside a panel keeps it.
    page.get_by_test_id("stMain").get_by_role("radio").first.click()
    expect(page.get_by_role("button", name="Guess again")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator(PLACE)).to_have_text(re.compile("^2 of "))
    expect(second).to_be_visible()
    expect(page.locator("h1")).to_be_hidden()

    # The notes in another window of this browser follow, from the last panel on to the next page.
    notes = page.context.new_page()
    notes.goto(f"{app_url}/notes")
    expect(notes.get_by_role("combobox")).to_have_value("Words as numbers")
    page.bring_to_front()
    while not re.match(r"(\d+) of \1 ", page.locator(PLACE).inner_text()):
        page.keyboard.press("PageDown")
    expect(page.get_by_text("What this page showed.")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator("h1")).to_have_text("One-hot vectors")
    expect(page.locator(PLACE)).to_have_text(re.compile("^1 of "))
    expect(page).to_have_url(re.compile("/one_hot.*present=true"))
    expect(notes.get_by_role("combobox")).to_have_value("One-hot vectors")
    notes.close()

    # Back is the page before, from its first panel; to the left of that lies the page before it.
    page.go_back()
    expect(page.locator("h1")).to_have_text("Words as numbers")
    expect(page.locator(PLACE)).to_have_text(re.compile("^1 of "))
    settle(page)
    turn(page, "ArrowRight", "^2 of ")
    press(page, "ArrowLeft", "^1 of ")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_have_text(lesson_at("tokenizers").title)
    expect(page.locator(PLACE)).to_have_text(re.compile(r"^(\d+) of \1 "))
    expect(page.get_by_text("What this page showed.")).to_be_visible()

    # Escape leaves: the menu is back, and the whole page.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page.locator("[data-panel]")).to_have_count(0)
    expect(page.locator(PLACE)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("present"))


def test_a_question_is_a_panel_of_its_own_and_what_to_open_next_is_none(visit, page: Page):
    page.set_viewport_size(SCREEN)
    visit("?present=true")
    question, picture = page.get_by_text("Predict first."), page.locator(".st-key-picture")
    expect(question).to_be_hidden()
    expect(page.locator(PLACE)).to_have_text("1 of 3 · next: a question")
    turn(page, "ArrowRight", "^2 of ")
    expect(question).to_be_visible()
    expect(picture).to_be_hidden()
    page.get_by_test_id("stMain").get_by_role("radio").first.click()
    expect(page.get_by_role("button", name="Guess again")).to_be_visible()
    expect(page.locator(PLACE)).to_have_text("2 of 3 · next: What this page showed")
    expect(picture).to_be_hidden()
    turn(page, "ArrowRight", "^3 of ")
    expect(page.get_by_text("What this page showed.")).to_be_visible()
    expect(page.get_by_role("heading", name="The lessons")).to_be_hidden()
