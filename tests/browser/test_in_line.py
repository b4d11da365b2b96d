"""Work that is watched by two visitors of one server, in a real Chromium: in line, paused, gone on, and drawn once."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle

LONG_TRAINING = "word2vec?corpus_size=5,000&word2vec_epochs=30"
SHORT_MAP = "words_in_space?space_method=t-SNE&space_seed=77"
METHODS = ("UMAP", "t-SNE", "UMAP", "PCA", "Axes", "UMAP")


def line(page: Page):
    """What stands on the line of work that is active."""
    return page.get_by_test_id("stProgress")


def click(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()


def test_others_measure_and_map_while_a_training_is_paused_which_then_goes_on(visit, browser: Browser, app_url: str):
    page = visit(LONG_TRAINING)
    page.get_by_role("radio", name="about a third").click()
    click(page, "Train")
    click(page, "Pause")
    expect(line(page)).to_contain_text("Paused. ")
    expect(line(page)).to_contain_text(re.compile(r"Your run ends in about (20|19) minutes, with what it has, unless"))
    other = browser.new_page()
    other.goto(f"{app_url}/lookup_or_matmul")
    settle(other)
    other.get_by_role("radio", name="30 to 300 times").click()
    click(other, "Measure")
    expect(other.locator(".st-key-lookup_chart .scatterlayer .point").nth(2)).to_be_visible()
    click(page, "Go on")
    expect(line(page)).to_contain_text("You are next. A measurement of times is under way.")
    click(other, "Stop")
    expect(line(page)).to_contain_text(re.compile("^(Training|.* of the training done)"))
    click(page, "Pause")
    expect(line(page)).to_contain_text("Paused. ")
    other.goto(f"{app_url}/{SHORT_MAP}")
    expect(other.get_by_text("Finished in")).to_be_visible()
    other.close()
    expect(line(page)).to_contain_text("Paused. ")
    click(page, "Go on")
    expect(page.get_by_text("Finished in")).to_be_visible()
    expect(page.get_by_text("Before and after")).to_be_visible()


@pytest.mark.parametrize("words", ["", "?space_from=The+most+frequent&space_frequent=1%2C000"])
def test_the_map_is_there_by_every_method_beside_the_answered_guess(visit, words):
    page = visit(f"words_in_space{words}")
    expect(page.locator(".st-key-space_map canvas").first).to_be_visible()
    page.locator(".st-key-space_guess").get_by_role("radio").first.click()
    expect(page.locator(".st-key-space_nearest .ytick").first).to_be_visible()
    for method in METHODS:
        page.get_by_role("radio", name=method, exact=True).click()
        expect(page.get_by_role("radio", name=method, exact=True)).to_be_checked()
        settle(page)
        expect(page.get_by_text("How far can this map be trusted?")).to_be_visible()
        expect(line(page)).to_have_count(0)
        expect(page.locator(".st-key-space_map canvas").first).to_be_visible()
        expect(page.locator(".st-key-space_nearest .ytick").first).to_be_visible()
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
