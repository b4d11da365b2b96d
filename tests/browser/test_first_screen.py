"""The first screen: every page shows its main picture without scrolling, on a large screen and on a small one.

So it is with the answers shown and while the questions stand, in the light theme and in the dark one. With the answers
shown, everybody can read and use the page: see ``reach.py``.
"""

from pathlib import PurePosixPath

import pytest
from playwright.sync_api import Page, expect

from components.navigation import LESSONS
from tests.browser import reach
from tests.browser.conftest import PATIENCE

SCREENS = [(1440, 900), (390, 844)]
LEAST_HEIGHT = 180  # pixels of a picture that is seen from the back of a class
DRAWN = "canvas, svg, iframe, table, .chip, .js-plotly-plot, .coloured"
ADDRESSES = ["" if lesson is LESSONS[0] else PurePosixPath(lesson.path).stem for lesson in LESSONS]


@pytest.mark.parametrize("answers", ["", "?show_answers=true"], ids=["questions open", "answers shown"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_main_picture_is_in_the_first_screen(visit, page: Page, address, answers):
    visit(address + answers)
    expect_picture_in_sight(page)
    if answers:
        reach.expect_reach(page)
    reach.go_dark(page)
    expect_picture_in_sight(page)
    if answers:
        reach.expect_contrast(page)


def expect_picture_in_sight(page: Page) -> None:
    """On each of ``SCREENS``, one picture with something drawn in it, as high as it must be and not cut."""
    picture = page.locator(".st-key-picture")
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        expect(picture).to_have_count(1)
        expect(picture.locator(DRAWN).first).to_be_visible()
        page.wait_for_function(IN_SIGHT, arg=[LEAST_HEIGHT, width, height], timeout=PATIENCE * 1000)


# Asked again and again, as pictures follow the new width in their own time.
IN_SIGHT = """([least, width, height]) => {
    const box = document.querySelector(".st-key-picture").getBoundingClientRect();
    return box.height >= least && box.top >= 0 && box.bottom <= height && box.left >= 0 && box.right <= width;
}"""
