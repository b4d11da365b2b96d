"""The README's moving picture: a map that t-SNE forms, and the lab's chart that grows as it measures.

``python -m img.moving_picture http://localhost:8501`` films the running app, in the light and the dark theme, and
writes ``tour-light.webp`` and ``tour-dark.webp`` beside this file.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import settle

BESIDE = Path(__file__).parent
THEMES = ("light", "dark")
WINDOW = {"width": 1280, "height": 860}
SIZE = (640, 540)  # pixels of a frame
BETWEEN = 120  # milliseconds between two frames that are taken
SHOWN = 160  # milliseconds that each is shown
END = 2_500  # milliseconds that the last of a scene is shown
MOST_FRAMES = 60  # of a scene; every second, third ... is kept where there are more
MOST_BYTES = 1_500_000  # of one file
QUALITIES = (60, 45, 30)


def film(page: Page, done: str) -> Iterator[Image.Image]:
    """The page's picture, again and again until the text ``done`` is on the page, and once more."""
    for _ in range(20 * MOST_FRAMES):
        ended = page.get_by_test_id("stMain").get_by_text(done).count() > 0
        yield frame(page)
        if ended:
            return
        page.wait_for_timeout(BETWEEN)
    raise RuntimeError(f"{page.url} never says {done!r}.")


def frame(page: Page) -> Image.Image:
    """The page's main picture, in the middle of a frame."""
    image = Image.open(io.BytesIO(page.screenshot(clip=page.locator(".st-key-picture").first.bounding_box())))
    image = image.convert("RGB")
    ground = image.getpixel((1, 1))
    return ImageOps.pad(image, SIZE, Image.Resampling.LANCZOS, color=ground)


def map_forms(page: Page, url: str) -> list[Image.Image]:
    """t-SNE finds places for a thousand words, as the map plays it again."""
    page.goto(f"{url}/words_in_space?space_method=t-SNE&space_from=The most frequent&space_frequent=1,000")
    page.get_by_test_id("stMain").get_by_text("Finished").wait_for(timeout=120_000)
    settle(page)
    page.locator(".st-key-picture").get_by_role("button", name="Play").click()
    return [frame(page) for _ in range(MOST_FRAMES)]


def chart_grows(page: Page, url: str) -> list[Image.Image]:
    """The lab measures lookup and matmul over growing vocabularies."""
    page.goto(f"{url}/lookup_or_matmul?show_answers=true")
    settle(page)
    page.get_by_role("button", name="Measure", exact=True).click()
    return list(film(page, "Finished"))


def thinned(frames: list[Image.Image]) -> list[Image.Image]:
    """At most ``MOST_FRAMES`` of them, the last among them."""
    step = -(-len(frames) // MOST_FRAMES)
    return [*frames[:-1:step], frames[-1]]


def write(scenes: list[list[Image.Image]], file: Path) -> None:
    """All scenes one after the other, in the best quality that ``MOST_BYTES`` allow."""
    frames = [one for scene in scenes for one in scene]
    times = [SHOWN if one is not scene[-1] else END for scene in scenes for one in scene]
    for quality in QUALITIES:
        frames[0].save(file, save_all=True, append_images=frames[1:], duration=times, loop=0, quality=quality, method=6)
        if file.stat().st_size <= MOST_BYTES:
            return
    raise RuntimeError(f"{file.name} has {file.stat().st_size:,} bytes even in quality {QUALITIES[-1]}.")


def draw(browser: Browser, url: str, theme: str) -> None:
    """The moving picture in one theme."""
    page = browser.new_page(viewport=WINDOW, color_scheme=theme)
    scenes = [thinned(scene(page, url)) for scene in (map_forms, chart_grows)]
    write(scenes, BESIDE / f"tour-{theme}.webp")
    page.close()


def main(url: str) -> None:
    """Draw both."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.arguments())
        for theme in THEMES:
            draw(browser, url, theme)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
