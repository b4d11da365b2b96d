"""Draws the README's pictures from the running app: python -m img.screenshots http://localhost:8501"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import chromium

FOLDER = Path(__file__).parent
SIZE = {"width": 1280, "height": 920}


def main(url: str) -> None:
    """Save the front page in the light and the dark theme beside this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.arguments())
        for theme in ("light", "dark"):
            page = browser.new_page(viewport=SIZE, color_scheme=theme)
            page.goto(url)
            page.locator(".root svg circle").first.wait_for()
            page.screenshot(path=FOLDER / f"home-{theme}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
