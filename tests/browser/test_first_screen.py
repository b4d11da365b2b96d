"""The first screen: every page shows its main picture without scrolling, on a large screen and on a small one."""

from pathlib import PurePosixPath

import pytest
from playwright.sync_api import Page, expect

from components.navigation import LESSONS

SCREENS = [(1440, 900), (390, 844)]
LEAST_HEIGHT = 180  # pixels of a picture that is seen from the back of a class
DRAWN = "canvas, svg, iframe, table, .chip, .js-plotly-plot, .coloured"
ADDRESSES = ["" if lesson is LESSONS[0] else PurePosixPath(lesson.path).stem for lesson in LESSONS]


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_main_picture_is_in_the_first_screen(visit, page: Page, address, width, height):
    page.set_viewport_size({"width": width, "height": height})
    visit(f"{address}?show_answers=true")
    picture = page.locator(".st-key-picture")
    expect(picture).to_have_count(1)
    expect(picture.locator(DRAWN).first).to_be_visible()
    box = picture.bounding_box()
    assert box["height"] >= LEAST_HEIGHT
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height
    assert box["x"] + box["width"] <= width
