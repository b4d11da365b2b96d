"""Without a mouse, without movement, and with hostile texts in each kind of field."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

HOSTILE = (
    "<script>alert(1)</script> <img src=http://192.0.2.1/x onerror=alert(2)> <svg/onload=alert(3)> **bold** "
    "[link](javascript:alert(4)) ![image](http://192.0.2.1/x.png) $x^2$ :red[x] \u202e\u200bשלום"
)
FIELDS = {  # a page, and its fields: a line, a box, a list that takes new words, one that takes a new word
    "home": ("Your sentence",),
    "small_network": ("What the network reads: one sentence on each line",),
    "words_in_space?show_answers=true": ("Your own words", "Neighbours of: type any word, or click a point"),
    "axes?show_answers=true": ("Words to place",),
}


@pytest.mark.parametrize("path", FIELDS)
def test_hostile_text_is_shown_as_text_and_asks_no_other_host(visit, page: Page, app_url, path):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(path.removeprefix("home"))
    for label in FIELDS[path]:
        field = page.get_by_label(label, exact=True).first
        field.fill(HOSTILE)
        field.press("ControlOrMeta+Enter" if path == "small_network" else "Enter")
        settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text(re.compile("script|link"))
    made = page.get_by_test_id("stMain").evaluate(
        "main => [...main.querySelectorAll('img, script, strong, a, .katex')].map(made => made.outerHTML)"
    )
    assert [html for html in made if re.search("192.0.2.1|alert|>bold<|katex|javascript:", html)] == []
    assert [url for url in asked if not url.startswith((app_url, "data:", "blob:"))] == []


def tabbed(page: Page, count: int) -> list[str]:
    """What Tab leads to, one after the other; each shows that it has the focus."""
    places = []
    for _ in range(count):
        page.keyboard.press("Tab")
        places.append(page.evaluate(FOCUSED))
    return places


FOCUSED = """() => {
    let at = document.activeElement;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const styles = [], seen = (e) => e && styles.push(getComputedStyle(e));
    for (let e = at, up = 0; e && up < 4; e = e.parentElement, up++) seen(e);
    if (at.matches("label input, label *")) seen(at.closest("label"));
    const marked = styles.some((s) => s.outlineStyle !== "none" || s.boxShadow !== "none");
    const name = at.getAttribute("aria-label") || at.textContent.trim().slice(0, 40) || at.tagName;
    return marked ? name : `${name} UNSEEN`;
}"""


def test_a_lesson_is_done_by_keyboard_alone(visit, page: Page):
    visit("?home_text=the lion sleeps")
    page.get_by_label("Your sentence").focus()
    places = tabbed(page, 8)
    assert [place for place in places if place.endswith("UNSEEN")] == []
    chips = page.locator(".chip")
    chips.nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("sleeps is token")).to_be_attached()  # in a fold
    cells = page.get_by_role("img", name=re.compile("^The 50 numbers of"))
    cells.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".readout").first).to_contain_text("number 2 of 50")
