"""The pages for a class can be read and used by everybody, also in a room and on the projector; nothing moves alone."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from components import classroom, glossary
from tests.browser import reach
from tests.browser.conftest import PATIENCE, running_app, settle, strangers

ADDRESSES = (*classroom.ADDRESSES, glossary.ADDRESS)
QUESTION = "tokenizers"  # a page that asks a class
PAUSE = 1_200  # milliseconds in which what moves by itself would have moved

# Whether the map is drawn between two of its snapshots, from now until it rests: what a film that glides does.
GLIDES = """async (map) => {
    const drawn = map.wordMap, until = performance.now() + 20_000;
    while (drawn.playing && performance.now() < until) {
        if (drawn.gliding || !drawn.frames.includes(drawn.current())) return true;
        await new Promise(requestAnimationFrame);
    }
    return false;
}"""


@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_can_use_the_pages_for_a_class(visit, page: Page, address):
    visit(address)
    reach.expect_reach(page)
    reach.go_dark(page)
    reach.expect_contrast(page)


@pytest.fixture(scope="module")
def room_url(tmp_path_factory) -> Iterator[str]:
    """The app, with its rooms in a file of the test's own."""
    folder = tmp_path_factory.mktemp("rooms")
    with running_app(folder / "log.txt", DATABASE_URL=f"sqlite:///{folder / 'rooms.sqlite3'}") as url:
        yield url


@pytest.fixture
def visitor(browser: Browser, room_url) -> Iterator[Callable[[str], Page]]:
    with strangers(browser, room_url) as open_:
        yield open_


def expect_all(page: Page) -> None:
    """Reach in the light theme, and contrast in the dark one; the page is light afterwards."""
    reach.expect_reach(page)
    reach.go_dark(page)
    reach.expect_contrast(page)
    page.emulate_media(color_scheme="light")


def open_room(visitor: Callable[[str], Page]) -> tuple[Page, str]:
    """A teacher's page, and the code of the room."""
    teacher = visitor("room")
    teacher.get_by_role("button", name="Open a room").click()
    code = re.search(r"room=(\w{6})", teacher.get_by_test_id("stCode").first.inner_text())[1]
    return teacher, code


def test_everybody_can_teach_and_learn_in_a_room(visitor, room_url):
    teacher, code = open_room(visitor)
    expect_all(teacher)
    student = visitor(f"{QUESTION}?room={code}")
    teacher.get_by_test_id("stSidebar").get_by_role("link", name="Cutting text into tokens").click()
    options = student.locator("[class*=_guess_round_1] button")
    expect(options.first).to_be_visible()
    settle(student)
    expect_all(student)

    options.first.click()
    expect(student.get_by_text("Your guess is in.")).to_be_visible()
    expect(teacher.get_by_text("1 of 1 have guessed")).to_be_visible()
    settle(teacher)
    expect_all(teacher)

    notes = teacher.context.new_page()
    notes.goto(f"{room_url}/notes")
    notes.get_by_role("button", name=f"Go back to {code[:3]} {code[3:]}").click()
    expect(notes.get_by_text("1 of 1 have guessed")).to_be_visible()
    settle(notes)
    reach.expect_reach(notes)
    notes.get_by_role("button", name="Reveal").click()
    for page in (teacher, student):
        expect(page.get_by_text("What the class guessed")).to_be_visible()
    settle(teacher)
    reach.expect_reach(teacher)


def test_everybody_can_follow_what_is_presented_to_a_room(visitor):
    teacher, code = open_room(visitor)
    teacher.goto(re.sub("/room.*", f"/{QUESTION}?present=true&room={code}", teacher.url))
    settle(teacher)
    place = teacher.locator(".presenting output")
    expect(place).to_have_text(re.compile("^1 of "))
    expect_all(teacher)
    for _ in range(9):
        if teacher.get_by_role("button", name="Reveal").is_visible():
            break
        teacher.keyboard.press("ArrowRight")
    expect(teacher.get_by_text("0 of 0 have guessed")).to_be_visible()
    reach.expect_reach(teacher)


def test_a_page_is_still_for_who_asks_for_less_motion(visit, page: Page):
    page.emulate_media(reduced_motion="reduce")
    for address in ("small_network?show_answers=true", "room", f"{QUESTION}?present=true", "words_in_space"):
        visit(address)
        reach.expect_stillness(page)
        assert rests(page), address


def rests(page: Page) -> bool:
    """Whether the page, once it is drawn, looks the same a while later."""
    before, end = b"", time.monotonic() + PATIENCE
    while (seen := page.screenshot()) != before and time.monotonic() < end:
        before = seen
        page.wait_for_timeout(PAUSE)
    return seen == before


def test_a_map_steps_from_snapshot_to_snapshot_for_who_asks_for_less_motion(visit, page: Page):
    page.emulate_media(reduced_motion="reduce")
    visit("words_in_space?space_from=The+most+frequent&space_frequent=500&space_method=t-SNE&space_seed=11")
    drawn = page.locator(".word-map")
    expect(page.locator(".player .readout")).to_contain_text("step 750")
    assert not drawn.evaluate("map => map.wordMap.playing")  # the player waits until it is pressed
    page.get_by_label("Step of the map").fill("0")
    page.get_by_role("button", name="Play").click()
    assert not drawn.evaluate(GLIDES)
