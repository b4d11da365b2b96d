"""The panels around the map in a real Chromium, on a large screen and on a small one."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle
from tests.browser.test_map import draw_a_line_around_all, labels, wide_enough

WIDTHS = pytest.mark.parametrize("width", [1440, 390])
FIGURES = ("Trustworthiness", "Continuity", "Neighbour overlap", "Correlation of distances")
LARGE = "words_in_space?space_from=The+most+frequent&space_frequent=20%2C000&space_method=t-SNE&space_steps=10"


def opened(visit, page: Page, width: int, path: str) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    visit(path)


def words_of(page: Page) -> list[str]:
    return page.locator(".word-map").evaluate("map => map.wordMap.data.words")


@WIDTHS
def test_umap_is_drawn_and_coloured_by_trust(visit, page: Page, width):
    opened(visit, page, width, "words_in_space?space_method=UMAP&space_colour=trust&space_seed=31")
    expect(page.get_by_text("Finished")).to_be_visible()
    expect(page.get_by_text("how many of a word's nearest neighbours in the table")).to_be_visible()
    notes = page.locator(".word-map").evaluate("map => map.wordMap.data.notes")
    assert all(re.fullmatch(r"\d+ of 10 neighbours kept", note) for note in notes)
    assert wide_enough(page)


@WIDTHS
def test_trust_is_told_in_four_figures_and_a_plot_of_distances(visit, page: Page, width):
    opened(visit, page, width, "words_in_space")
    page.get_by_text("how far can this map be trusted?").click()
    page.locator(".st-key-space_trust_guess button").first.click()
    for name in FIGURES:
        expect(page.get_by_test_id("stMetric").filter(has_text=name)).to_be_visible()
    expect(page.locator(".st-key-space_shepard .js-plotly-plot")).to_be_visible()
    assert wide_enough(page)


@WIDTHS
def test_a_neighbourhood_is_mapped(visit, page: Page, width):
    opened(visit, page, width, "words_in_space?space_from=Around+a+word")
    expect(labels(page).get_by_text("king", exact=True)).to_be_visible()
    box = page.get_by_label("The word", exact=True)
    box.fill("piano")
    box.press("Enter")
    expect(labels(page).get_by_text("violin", exact=True)).to_be_visible()
    assert words_of(page)[:2] == ["piano", "violin"]
    assert wide_enough(page)


@WIDTHS
def test_a_pasted_list_is_mapped(visit, page: Page, width):
    opened(visit, page, width, "words_in_space")
    page.get_by_role("radio", name="A list", exact=True).click()
    box = page.get_by_label(re.compile("^Paste up to 20,000 words"))
    box.fill("zebra, giraffe;\nlion qqzzqq")
    box.press("ControlOrMeta+Enter")
    expect(page.get_by_text("Not among the 400,000 words of the table: qqzzqq")).to_be_visible()
    expect(labels(page).get_by_text("giraffe", exact=True)).to_be_visible()
    assert words_of(page) == ["zebra", "giraffe", "lion"]
    assert wide_enough(page)


@WIDTHS
def test_a_map_that_takes_over_a_minute_is_announced_and_not_started(visit, page: Page, width):
    opened(visit, page, width, LARGE.replace("space_steps=10", "space_steps=5000"))
    expect(page.get_by_text(re.compile(r"would take about (a minute|\d+ minutes)"))).to_be_visible()
    expect(page.get_by_role("button", name="Start it")).to_be_visible()
    expect(page.locator(".word-map")).to_have_count(0)
    assert wide_enough(page)


@WIDTHS
def test_the_third_map_stands_in_line_and_says_so(visit, page: Page, browser: Browser, app_url: str, width):
    others = [browser.new_page(), browser.new_page()]
    path = "words_in_space?space_from=The+most+frequent&space_frequent=20%2C000&space_method=UMAP&space_steps=900"
    for number, other in enumerate(others):
        other.goto(f"{app_url}/{path}&space_seed={width + number}")
        expect(other.locator(".st-key-space_stop button")).to_be_visible()
        settle(other)
    opened(visit, page, width, "words_in_space?space_method=UMAP&space_seed=" + str(width))
    expect(page.get_by_text("You are next")).to_be_visible()
    for other in others:
        other.close()
    expect(page.get_by_text("Finished")).to_be_visible()
    assert wide_enough(page)


@WIDTHS
def test_a_map_by_axes_of_the_readers_own_is_drawn(visit, page: Page, width):
    opened(visit, page, width, "words_in_space?space_method=Axes")
    box = page.get_by_label("to right", exact=True)
    box.fill("queen")
    box.press("Enter")
    expect(page.locator(".word-map .across")).to_have_text(re.compile("→ queen$"))
    expect(page).to_have_url(re.compile("space_x_high=queen"))
    assert wide_enough(page)


def test_labels_grow_as_the_map_is_enlarged(visit, page: Page):
    opened(visit, page, 1440, "words_in_space")
    expect(labels(page).first).to_have_css("font-size", "13px")
    for _ in range(6):
        page.get_by_label("Closer").click()
    sizes = page.locator(".word-map").evaluate("map => map.wordMap.placeLabels().map((label) => label.size)")
    assert set(sizes) <= {18}


def test_a_lasso_tells_how_many_it_holds_though_it_keeps_fewer(visit, page: Page):
    opened(visit, page, 1440, "words_in_space?space_from=The+most+frequent&space_frequent=2%2C000")
    expect(page.get_by_text("Finished")).to_be_visible()
    draw_a_line_around_all(page)
    expect(page.get_by_text(re.compile(r"Selected: [12],\d{3}\. The first 500 are kept"))).to_be_visible()
