"""Pictures of the running app, in the light and the dark theme.

``python -m img.screenshots http://localhost:8501`` draws the README's two beside this file;
``python -m img.screenshots http://localhost:8501 FOLDER`` every lesson, on a wide and on a narrow screen, into FOLDER.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from components.navigation import LESSONS
from tests.browser import chromium
from tests.browser.conftest import settle

BESIDE = Path(__file__).parent
THEMES = ("light", "dark")
README_SIZE = {"width": 1280, "height": 920}
SIZES = {"wide": {"width": 1440, "height": 1000}, "narrow": {"width": 390, "height": 844}}


def draw_readme(browser: Browser, url: str) -> None:
    """The top of the front page."""
    for theme in THEMES:
        page = browser.new_page(viewport=README_SIZE, color_scheme=theme)
        page.goto(url)
        page.locator(".root svg circle").first.wait_for()
        page.screenshot(path=BESIDE / f"home-{theme}.png")


def draw_lessons(browser: Browser, url: str, folder: Path) -> None:
    """Every page in full, after its guess was made."""
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for name, size in SIZES.items():
            for lesson in LESSONS:
                page = browser.new_page(viewport=size, color_scheme=theme)
                stem = Path(lesson.path).stem
                page.goto(f"{url}/{stem if lesson is not LESSONS[0] else ''}")
                settle(page)
                answer_guess(page)
                show_all(page)
                page.screenshot(path=folder / f"{stem}-{name}-{theme}.png")
                page.close()


def answer_guess(page: Page) -> None:
    """Choose the first answer where the page asks for a guess."""
    page.wait_for_timeout(1_500)  # pictures may be late; nobody waits for these
    guess = page.locator("[class*=_guess] button")
    if guess.count():
        guess.first.click()
        page.wait_for_timeout(1_000)
        settle(page)


def show_all(page: Page) -> None:
    """Make the window as high as the page, which scrolls in a part of it."""
    height = page.locator("[data-testid=stMain]").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    page.wait_for_timeout(500)


def main(url: str, folder: str | None = None) -> None:
    """Draw what was asked for."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.arguments())
        if folder is None:
            draw_readme(browser, url)
        else:
            draw_lessons(browser, url, Path(folder))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
