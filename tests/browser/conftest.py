"""The real app on a port of its own, and a real Chromium in front of it."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.browser import chromium
from tests.browser.app_server import PATIENCE, AppServer

KEPT_BY_SITES = "cookies,local_storage,indexeddb,service_workers,cache_storage"

expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of a real browser on a busy machine may be tried once more; the report counts those that were."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    path = chromium.find()
    assert path, "There is no Chromium. `make test` fetches one; or run: python tests/browser/chromium.py"
    return browser_type_launch_args | {"executable_path": path, "args": chromium.arguments()}


@pytest.fixture(scope="session")
def profile(
    browser_type: BrowserType, browser_type_launch_args: dict, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A Chromium with a folder of its own, in which it keeps Streamlit's code compiled: each page is there sooner."""
    folder = tmp_path_factory.mktemp("profile")
    with browser_type.launch_persistent_context(folder, **browser_type_launch_args) as context:
        yield context


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The shared browser; after the test nothing is left of its pages, and of what sites keep.

    pytest-playwright's options for a context of each test, such as ``--tracing``, do nothing here.
    """
    yield profile
    first, *others = profile.pages
    for page in others:
        page.close()
    profile.clear_cookies()
    session = profile.new_cdp_session(first)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": KEPT_BY_SITES})
    session.detach()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, started as a visitor's server would be."""
    with running_app(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@contextmanager
def running_app(log: Path, **environment: str) -> Iterator[str]:
    """The app in a process of its own, with these settings in its environment; a traceback in its log is an error."""
    server = AppServer(log, **environment)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture
def visit(page: Page, app_url: str) -> Iterator[Callable[[str], Page]]:
    """Opens a page of the app and waits until it is drawn; an error in its scripts fails the test."""
    errors: list[str] = []
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: (errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def open_(path: str = "") -> Page:
        page.goto(f"{app_url}/{path}")
        settle(page)
        return page

    yield open_
    print(*console, sep="\n")  # pytest shows it with a test that failed
    assert errors == []


@contextmanager
def strangers(browser: Browser, url: str) -> Iterator[Callable[[str], Page]]:
    """Gives what opens an address of the app at ``url`` in a browser that knows nothing of the others."""
    contexts = []

    def open_(path: str) -> Page:
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.goto(f"{url}/{path}")
        settle(page)
        return page

    yield open_
    for context in contexts:
        context.close()


def settle(page: Page) -> None:
    """Wait until a heading is there and the script is not running."""
    page.wait_for_selector("h1", timeout=PATIENCE * 1000)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE * 1000)


def select(page: Page, label: str, option: str) -> None:
    """Choose ``option`` from the list called ``label``, by keyboard."""
    box = page.get_by_role("combobox", name=re.compile(re.escape(label)))
    box.focus()
    box.press("ArrowDown")  # unfolds it
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def expect_table(page: Page, sizes: str) -> None:
    """Open what stands beside the picker of vectors, and wait for what it says of the table in use."""
    button, body = page.locator(".st-key-source_about_them").get_by_role("button"), page.get_by_test_id("stPopoverBody")
    end = time.monotonic() + PATIENCE
    while not body.get_by_text(sizes).is_visible() and time.monotonic() < end:
        settle(page)  # a run that follows closes what was opened, and it is opened again
        if not body.count():
            button.click()
        with suppress(AssertionError):
            expect(body.get_by_text(sizes)).to_be_visible(timeout=2_000)
    expect(body.get_by_text(sizes)).to_be_visible()
    page.keyboard.press("Escape")
    expect(body).to_have_count(0)
