"""The maps in a real Chromium: enlarged, lassoed, played, added to, and stopped."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle


def labels(page: Page):
    return page.locator(".word-map .label")


def place_of(page: Page, index: int) -> list[float]:
    return page.locator(".word-map").evaluate("(map, index) => map.wordMap.placeOf(index)", index)


def drawn_at(page: Page, index: int) -> list[float]:
    """On the map, wherever the page was scrolled to, once it has come to rest."""
    resting = """async (map, i) => {
        while (map.wordMap.playing || map.wordMap.gliding) await new Promise(requestAnimationFrame);
        return [...map.wordMap.screen.slice(2 * i, 2 * i + 2)];
    }"""
    return page.locator(".word-map").evaluate(resting, index)


def guess(page: Page, *answers: str) -> None:
    for answer in answers:
        page.get_by_role("radio", name=answer, exact=True).click()
        settle(page)


def draw_a_line_around_all(page: Page) -> None:
    page.get_by_label("Draw a line around words to select them").click()
    box = page.locator(".word-map canvas").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    for x, y in ((box["width"] - 60, 5), (box["width"] - 60, box["height"] - 5), (5, box["height"] - 5), (5, 5)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
    page.mouse.up()


def wide_enough(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_more_labels_find_room_as_the_map_grows(visit, page: Page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    visit("words_in_space?space_from=The+most+frequent&space_chosen=king")
    expect(labels(page).first).to_be_visible()
    inside = "map => map.wordMap.placed.length / map.wordMap.data.words.filter((_, i) => {\
        const [x, y] = [map.wordMap.screen[2 * i], map.wordMap.screen[2 * i + 1]];\
        return x >= 0 && x <= map.wordMap.width && y >= 0 && y <= map.wordMap.height }).length"
    before = page.locator(".word-map").evaluate(inside)
    for _ in range(4):
        page.get_by_label("Closer").click()
    assert page.locator(".word-map").evaluate(inside) > 2 * before
    assert wide_enough(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_labels_never_cover_one_another(visit, page: Page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    visit("words_in_space")
    expect(labels(page).nth(10)).to_be_visible()
    boxes = page.locator(".word-map").evaluate("map => map.wordMap.placed")
    for number, a in enumerate(boxes):
        for b in boxes[:number]:
            beside = a["right"] <= b["left"] or b["right"] <= a["left"]
            assert beside or a["bottom"] <= b["top"] or b["bottom"] <= a["top"]


def test_a_click_chooses_and_the_neighbours_are_linked(visit, page: Page):
    visit("words_in_space?space_groups=animals&space_groups=royalty&space_words=&space_chosen=cat")
    guess(page, "dog")
    page.mouse.click(*place_of(page, page.locator(".word-map").evaluate("m => m.wordMap.data.words.indexOf('queen')")))
    expect(page.locator(".word-map .label.chosen")).to_have_text("queen")
    expect(page.get_by_text("On this map.")).to_be_visible()
    assert page.locator(".word-map").evaluate("map => map.wordMap.data.links.length") >= 10


def test_a_lasso_lists_the_neighbours_of_what_is_inside(visit, page: Page):
    visit("words_in_space?space_groups=royalty&space_words=")
    draw_a_line_around_all(page)
    expect(page.get_by_text(re.compile(r"Selected: \d+\."))).to_be_visible()
    page.get_by_role("button", name="Let go").click()
    expect(page.get_by_text(re.compile(r"Selected: \d+\."))).to_have_count(0)


def test_a_map_is_seen_to_form_and_can_be_played_again(visit, page: Page):
    visit("words_in_space?space_from=The+most+frequent&space_frequent=1%2C000&space_method=t-SNE&space_seed=11")
    expect(page.get_by_text(re.compile(r"step \d+ of 750"))).to_be_visible()
    expect(page.get_by_text("Finished")).to_be_visible()
    expect(page.locator(".player .readout")).to_contain_text("step 750")
    end = drawn_at(page, 5)
    slider = page.get_by_label("Step of the map")
    slider.fill("0")
    expect(page.locator(".player .readout")).to_contain_text("step 10 ")
    assert drawn_at(page, 5) != end
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".player .readout")).to_contain_text("step 750")
    assert drawn_at(page, 5) == pytest.approx(end, abs=0.5)


def test_an_added_word_is_written_on_the_map_and_kept_in_the_address(visit, page: Page):
    visit("words_in_space")
    box = page.get_by_label("Add words to this map, without moving the others")
    box.fill("goat")
    box.press("Enter")
    expect(labels(page).get_by_text("goat", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("space_add=goat"))


def test_a_large_map_stops_when_told_to(visit, page: Page):
    visit("words_in_space?space_from=The+most+frequent&space_frequent=20%2C000&space_method=t-SNE&space_seed=12")
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible(timeout=5_000)
    expect(page.get_by_role("button", name="Compute again")).to_be_visible()


def test_the_picture_is_saved(visit, page: Page):
    visit("words_in_space")
    with page.expect_download() as saved:
        page.get_by_label("Save the picture").click()
    assert saved.value.suggested_filename == "words_in_space.png"


def test_a_solid_map_is_drawn(visit, page: Page):
    visit("words_in_space?space_size=3-D")
    expect(page.locator(".st-key-space_solid .gl-container")).to_be_attached()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_whole_table_is_shown_and_searched(visit, page: Page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    visit("whole_table")
    expect(page.locator(".word-map .label.chosen")).to_have_text("king")
    box = page.get_by_label("Find a word")
    box.fill("violin")
    box.press("Enter")
    expect(page.locator(".word-map .label.chosen")).to_have_text("violin")
    assert wide_enough(page)


def test_a_point_of_the_whole_table_names_itself_and_is_looked_for_by_a_click(visit, page: Page):
    visit("whole_table?whole_most=99%2C999")
    expect(page.locator(".word-map .label.chosen")).to_have_text("king")
    words = page.locator(".word-map").evaluate("map => map.wordMap.data.words")
    assert len(words) == 99_999
    page.mouse.move(*place_of(page, 1))
    expect(page.locator(".tip")).to_contain_text("rank")
    page.mouse.click(*place_of(page, 1))
    expect(page.locator(".word-map .label.chosen")).not_to_have_text("king")
