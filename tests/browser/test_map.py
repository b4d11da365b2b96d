"""The maps in a real Chromium: enlarged, lassoed, played, added to, and stopped."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle


def labels(page: Page):
    return page.locator(".word-map .label")


def place_of(page: Page, index: int) -> list[float]:
    """In the window, into which the map is scrolled."""
    scrolled = """(map, index) => {
        map.scrollIntoView({block: "center"});
        return map.wordMap.placeOf(index);
    }"""
    return page.locator(".word-map").evaluate(scrolled, index)


def drawn_at(page: Page, index: int) -> list[float]:
    """On the map, wherever the page was scrolled to, once it has come to rest."""
    resting = """async (map, i) => {
        while (map.wordMap.playing || map.wordMap.gliding) await new Promise(requestAnimationFrame);
        return [...map.wordMap.screen.slice(2 * i, 2 * i + 2)];
    }"""
    return page.locator(".word-map").evaluate(resting, index)


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
    page.locator(".st-key-space_guess_show").get_by_role("button").first.click()
    settle(page)
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


@pytest.mark.parametrize("width", [1440, 390])
def test_a_solid_map_is_turned_and_its_points_are_clicked(visit, page: Page, width):
    page.set_viewport_size({"width": width, "height": 844})
    visit("words_in_space?space_size=3-D")
    expect(page.locator(".word-map .label.chosen")).to_have_text("cat")
    before = drawn_at(page, 5)
    page.locator(".word-map canvas").press("ArrowRight")
    assert drawn_at(page, 5) != before
    frame = page.locator(".word-map").bounding_box()
    for title in page.locator(".word-map .title").all():
        expect(title).to_have_text(re.compile(r"component \d: \d+% of the spread"))
        box = title.bounding_box()
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    queen = page.locator(".word-map").evaluate("m => m.wordMap.data.words.indexOf('queen')")
    page.mouse.click(*place_of(page, queen))
    expect(page.locator(".word-map .label.chosen")).not_to_have_text("cat")


def below(page: Page) -> float | None:
    """The top of what stands below the map, on the page; nothing in the moment in which it is replaced."""
    return page.evaluate(
        """() => {
            const next = document.querySelector(".st-key-picture")?.parentElement.nextElementSibling;
            const scrolled = document.querySelector("[data-testid=stMain]").scrollTop;
            return next ? next.getBoundingClientRect().top + scrolled : null;
        }"""
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_below_the_map_jumps_when_it_changes(visit, page: Page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    visit("words_in_space?space_seed=51")
    expect(labels(page).first).to_be_visible()
    expect(page.get_by_role("radio", name="t-SNE", exact=True)).to_be_visible()  # what stands above the map is there
    tops = [below(page)]
    drawn, line = page.locator(".word-map"), page.get_by_text("Finished")

    def choose(name: str, until) -> None:
        page.get_by_role("radio", name=name, exact=True).click()
        for _ in range(600):
            page.wait_for_timeout(50)
            tops.append(below(page))
            if until():
                return
        raise AssertionError(f"{name} was not drawn")

    def solid() -> bool:
        return drawn.evaluate("map => Boolean(map.wordMap.solid)")

    def named() -> str:
        return page.locator(".legend").inner_text()

    choose("t-SNE", lambda: line.is_visible() and page.locator(".player").is_visible())
    choose("3-D", lambda: line.is_visible() and solid())
    choose("PCA", lambda: page.locator(".title.free").first.is_visible())
    choose("2-D", lambda: not solid())
    page.get_by_text("More settings", exact=True).click()
    choose("cluster", lambda: "…" in named())
    choose("similarity", lambda: "below" in named())
    seen = [top for top in tops if top is not None]
    assert len(seen) > len(tops) / 2
    assert max(seen) - min(seen) <= 8


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_below_the_map_of_the_whole_table_jumps_when_it_changes(visit, page: Page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    visit("whole_table")
    chosen, title = page.locator(".word-map .label.chosen"), page.locator(".word-map .title").first
    expect(chosen).to_have_text("king")
    expect(page.get_by_text("Finished")).to_be_visible()
    tops = [below(page)]

    def watch(until) -> None:
        for _ in range(600):
            page.wait_for_timeout(50)
            tops.append(below(page))
            if until():
                return
        raise AssertionError("It was not drawn.")

    box = page.get_by_label("Find a word")
    box.fill("violin")
    box.press("Enter")
    watch(lambda: chosen.count() == 1 and chosen.inner_text() == "violin")
    across = page.get_by_role("combobox", name=re.compile("Component across"))
    across.focus()
    across.press("ArrowDown")
    page.get_by_role("option", name="3", exact=True).click()
    watch(lambda: title.count() == 1 and "component 3" in title.inner_text())
    seen = [top for top in tops if top is not None]
    assert len(seen) > len(tops) / 2
    assert max(seen) - min(seen) <= 8


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
