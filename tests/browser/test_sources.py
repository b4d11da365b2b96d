"""Sources in a real Chromium: an own file brought along, tables fetched from a loopback server, and no network."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from components.navigation import LESSONS, PLAY
from embeddings.sources import load
from tests.browser.conftest import expect_table, running_app, select, settle
from tests.loopback import MINILM, TWITTER, Server, serving

TOY = b"6 2\ncat 1 0\ndog 0.9 0.1\ncow 0.8 0.1\napple 0 1\npear 0.1 0.8\nplum 0.2 0.9\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as server:
        server.offer_twitter(load())
        server.offer_minilm()
        yield server


@pytest.fixture(scope="module")
def app_url(server, tmp_path_factory) -> Iterator[str]:
    """The app on a machine that has fetched nothing yet, whose network is the loopback server."""
    folder = tmp_path_factory.mktemp("machine")
    settings = {"GENSIM_DATA_DIR": str(folder / "gensim-data"), "XDG_CACHE_HOME": str(folder / "cache")}
    settings |= {"GENSIM_DATA_ENDPOINT": server.url, "HF_ENDPOINT": server.url, "NO_PROXY": "127.0.0.1"}
    with running_app(folder / "log.txt", **settings) as url:
        yield url


def bring(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    )


def npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.loadtxt(io.BytesIO(TOY), skiprows=1, usecols=(1, 2), dtype=np.float32))
    return stream.getvalue()


@pytest.mark.parametrize(
    "files",
    [[("toy.txt", TOY)], [("rows.npy", npy()), ("words.txt", b"cat\ndog\ncow\napple\npear\nplum\n")]],
    ids=["word2vec text", "npy and words"],
)
def test_an_own_file_is_used_on_all_pages_and_removed(visit, files):
    page = visit("sources")
    bring(page, *files)
    name = f"your {files[0][0]}"
    expect(page.get_by_text(f"Read 6 words × 2 numbers from {files[0][0]}")).to_be_visible()
    page.get_by_role("button", name="Use it on all pages").last.click()
    expect_table(page, "6 words × 2 numbers")
    for lesson in [lesson for lesson in LESSONS if lesson.chapter == PLAY and lesson.title != "Sources of vectors"]:
        page.get_by_role("link", name=lesson.title).first.click()
        expect(page.get_by_role("heading", name=lesson.title, level=1)).to_be_visible()
        settle(page)
        expect_table(page, "6 words × 2 numbers")
        expect(page.locator("[data-testid=stAlertContentError]")).to_have_count(0)
    page.get_by_role("link", name="Odd one out").first.click()
    box = page.get_by_label("Three words or more", exact=True)
    box.fill("cat dog plum cow")
    box.press("Enter")
    page.get_by_role("radio", name="plum").click()
    expect(page.get_by_text("You said plum, and that is right")).to_be_visible()
    page.get_by_role("link", name="Sources of vectors").first.click()
    settle(page)
    expect(page.get_by_role("combobox", name=re.compile("Vectors"))).to_have_value(name)
    page.get_by_role("button", name="Remove", exact=True).click()
    expect_table(page, "400,000 words × 50 numbers")
    expect(page.get_by_role("combobox", name=re.compile("Vectors"))).to_have_value("glove-6b-50d")


def test_a_broken_file_is_told_its_line_and_nothing_is_kept(visit):
    page = visit("sources")
    bring(page, ("broken.txt", b"cat 1 0\ndog 0 1\ncow 1\n"))
    expect(page.get_by_text("Line 3 of broken.txt")).to_be_visible()
    expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(0)


def test_after_broken_files_a_good_one_is_read_though_all_stay_in_the_list(visit):
    page = visit("sources")
    for broken in (("broken.txt", b"cat 1 0\ndog 0 1\ncow 1\n"), ("worse.npy", b"\x93NUMPY")):
        bring(page, broken)
        expect(page.get_by_test_id("stAlertContentError")).to_contain_text(broken[0])
    bring(page, ("good.txt", TOY))
    expect(page.get_by_text("Read 6 words × 2 numbers from good.txt")).to_be_visible()
    bring(page, ("better.txt", TOY.replace(b"6 2", b"6  2")))
    expect(page.get_by_text("Read 6 words × 2 numbers from better.txt")).to_be_visible()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(2)


def test_the_two_files_that_belong_together_may_come_one_after_the_other(visit):
    page = visit("sources")
    bring(page, ("rows.npy", npy()))
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text("a table without words")
    bring(page, ("words.txt", b"cat\ndog\ncow\napple\npear\nplum\n"))
    expect(page.get_by_text("Read 6 words × 2 numbers from rows.npy")).to_be_visible()


def test_what_the_app_lets_one_take_home_it_reads_again(visit):
    page = visit("sources")
    bring(page, ("toy.txt", TOY.replace(b"cat", b"=cat")))
    page.get_by_role("button", name="Take it home").click()
    taken = {}
    for title in ("For the TensorFlow Projector", "word2vec text", "CSV", "safetensors"):
        with page.expect_download() as waiting:
            page.get_by_test_id("stPopoverBody").get_by_role("button", name=title).click()
        taken[waiting.value.suggested_filename] = Path(waiting.value.path()).read_bytes()
    page.keyboard.press("Escape")
    for name, content in taken.items():
        bring(page, (name, content))
        expect(page.get_by_text(f"Read 6 words × 2 numbers from {name}")).to_be_visible()


def test_an_own_table_is_another_visitors_secret(visit, browser, app_url):
    page = visit("sources")
    bring(page, ("secret.txt", TOY))
    expect(page.get_by_text("Read 6 words")).to_be_visible()
    page.get_by_role("button", name="Use it on all pages").last.click()
    expect(page).to_have_url(re.compile("source=your"))
    friend = browser.new_page()
    friend.goto(page.url)
    settle(friend)
    expect(friend.get_by_text("The link asks for your secret.txt, which is not here")).to_be_visible()
    expect_table(friend, "400,000 words × 50 numbers")
    friend.close()


def test_a_published_table_is_fetched_and_used(visit):
    page = visit("sources")
    select(page, "Fetch", "GloVe Twitter, 25 dimensions")
    expect(page.get_by_text("1,193,514 words × 25 numbers. To fetch: 110 MB; in memory: 149 MB")).to_be_visible()
    page.get_by_role("button", name="Fetch 110 MB").click()
    page.get_by_role("button", name="Use it on all pages").click()
    expect_table(page, "50 words × 25 numbers")
    expect(page).to_have_url(re.compile(f"source={TWITTER}"))


def test_the_table_of_a_model_is_looked_at_fetched_and_used(visit, server):
    page = visit("sources")
    page.get_by_label("Model", exact=True).fill(MINILM)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("30,522 tokens × 384 numbers")).to_be_visible()
    page.get_by_role("button", name="Fetch 47.3 MB").click()
    page.get_by_role("button", name="Use it on all pages").last.click()
    expect_table(page, "30,522 words × 384 numbers")
    expect(page).to_have_url(re.compile("source=hf"))
    page.get_by_role("link", name="Similar words").first.click()
    page.get_by_role("radio", name="some other words").click()
    expect(page.locator(".st-key-similar_scores .ytick")).to_have_count(10)


def test_a_model_that_is_not_there_gets_a_sentence(visit):
    page = visit("sources")
    page.get_by_label("Model", exact=True).fill("nobody/nothing")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text("nobody/nothing")


def test_a_server_in_trouble_is_a_sentence_with_what_to_do(visit, server):
    server.status["/list.json"] = 503
    page = visit("sources")
    select(page, "Fetch", "GloVe Twitter, 50 dimensions")
    page.get_by_role("button", name="Fetch 209 MB").click()
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text("Try again later")
