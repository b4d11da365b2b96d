"""A connection that is cut and comes back: what a visitor has stays, and what is gone is said."""

import re

import pytest
from playwright.sync_api import expect

from embeddings import jobs
from tests.browser.conftest import expect_table, settle
from tests.browser.line import Line
from tests.browser.test_learning import begin, go_to

TOY = b"".join(b"w%d %d 1\n" % (row, row) for row in range(30))
LONG = "corpus_size=50,000&word2vec_epochs=60"
OWN = "your mine.txt"
TRAINED = re.compile(r"Training: ([\d,]+) of")


@pytest.fixture
def line(app_url):
    line = Line(app_url)
    yield line
    line.close()


def bring(page) -> None:
    """Upload a table and use it."""
    go_to(page, "Sources of vectors")
    page.locator("input[type=file]").set_input_files(
        [{"name": "mine.txt", "mimeType": "text/plain", "buffer": TOY}],
    )
    page.locator("[class*=st-key-use_own_]").get_by_role("button").click()
    settle(page)
    expect(vectors(page)).to_have_value(OWN)


def vectors(page):
    return page.locator(".st-key-source input")


def picker(page):
    return page.get_by_role("combobox", name=re.compile("Vectors"))


def test_a_cut_longer_than_an_unwatched_training_lasts_loses_no_table_and_ends_no_training(page, line):
    page.goto(f"{line.url}/word2vec?{LONG}")
    settle(page)
    bring(page)
    go_to(page, "word2vec")
    begin(page)
    progress = page.get_by_test_id("stMain").get_by_test_id("stProgress")
    expect(progress).to_contain_text(TRAINED)
    line.cut()
    before = tokens(progress)
    page.wait_for_timeout(1_000 * (jobs.TRAINING.idle_timeout + 2))  # the cut itself
    line.mend()
    expect(progress).not_to_contain_text(f"Training: {before:,} of")
    assert tokens(progress) > before
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    go_to(page, "Similar words")
    expect(vectors(page)).to_have_value(OWN)
    expect_table(page, "30 words × 2 numbers")


def test_who_closes_the_tab_leaves_the_place_to_the_next(context, app_url):
    pages = [context.new_page() for _ in range(3)]
    for page in pages:
        page.goto(f"{app_url}/word2vec?{LONG}")
        settle(page)
        begin(page)
    lines = [page.get_by_test_id("stMain").get_by_test_id("stProgress") for page in pages]
    expect(lines[1]).to_contain_text(TRAINED)
    expect(lines[2]).to_contain_text("You are next")
    pages[0].close()
    expect(lines[2]).to_contain_text(TRAINED)
    pages[2].get_by_test_id("stMain").get_by_role("button", name="Stop").click()


def tokens(progress) -> int:
    return int(TRAINED.search(progress.inner_text())[1].replace(",", ""))
