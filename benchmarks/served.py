"""An app on its own server and a browser to look at it: what the benchmarks of pages share."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium as installed_chromium

REPOSITORY = Path(__file__).parent.parent
LAB = REPOSITORY / "app.py"
HELLO_WORLD = Path(__file__).parent / "hello_world.py"
LONGEST_START = 60  # seconds until a server must be healthy
LONGEST_WAIT = 60_000  # milliseconds until a page must be ready
LONGEST_WORK = 180_000  # milliseconds until t-SNE or a timing sweep must have ended
# Of the pages that read the language model; on the last of them its job must end.
LANGUAGE_MODEL_PATHS = ("real_table", "back_to_token", "change_one_row")
WINDOW = {"width": 1280, "height": 900}

# Milliseconds since navigation began, once the script has ended and each selector finds something that is seen,
# in the page or in an open shadow root; else null.
READY = """(selectors) => {
  const find = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot && find(element.shadowRoot, selector);
      if (inside) return inside;
    }
    return null;
  };
  if (document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning") return null;
  const seen = (element) => element?.checkVisibility() && element.getBoundingClientRect().width > 0;
  return selectors.every((selector) => seen(find(document, selector))) ? performance.now() : null;
}"""
READY_SELECTORS = {LAB: (".chip", ".root svg circle"), HELLO_WORLD: ("h1", "input[type=text]", "label p")}


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        script: What it serves.
        url: Its address, without a slash at the end.
        process: The process that was started.
        started: When, by ``time.perf_counter``.
    """

    script: Path
    url: str
    process: psutil.Process
    started: float

    def processes(self) -> list[psutil.Process]:
        """The process and all that it has started in turn."""
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def serve(script: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """``streamlit run script`` with the repository's settings, from when it is healthy until the block ends.

    Args:
        script: What to serve.
        environment: Variables in addition to this process's own.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with tempfile.TemporaryFile("w+") as log:
        started = time.perf_counter()
        process = psutil.Popen(
            command, cwd=REPOSITORY, env=os.environ | dict(environment or {}), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}", process, log)
            yield Server(script, f"http://127.0.0.1:{port}", process, started)
        finally:
            _end(process)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The headless Chromium that the browser tests use."""
    path = installed_chromium.find()
    if path is None:
        raise RuntimeError("There is no Chromium. Fetch one with: python tests/browser/chromium.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=installed_chromium.arguments())
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """A page of somebody who was never here: no cache, no cookies."""
    with ExitStack() as stack:
        context = browser.new_context(viewport=WINDOW)
        stack.callback(context.close)
        context.set_default_timeout(LONGEST_WAIT)
        yield context.new_page()


def first_page_seconds(page: Page, server: Server) -> float:
    """Open the first page of ``server``; seconds from the start of navigation until it is ready."""
    page.goto(server.url, wait_until="commit")
    ready = page.wait_for_function(READY, arg=READY_SELECTORS[server.script], polling="raf")
    return ready.json_value() / 1000


def open_page(page: Page, server: Server, path: str) -> None:
    """Open the page at ``path`` and wait until its script has ended."""
    page.goto(f"{server.url}/{path}")
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    """Wait until the script has ended and a heading stands on the page; an error on it ends the benchmark."""
    page.wait_for_function(READY, arg=("h1",))
    if page.get_by_test_id("stException").count():
        raise RuntimeError(f"{page.url} shows an error: {page.get_by_test_id('stException').first.inner_text()}")


def lesson_paths() -> tuple[str, ...]:
    """The addresses of all pages; the first page's is empty."""
    from components.navigation import LESSONS

    return ("", *(Path(lesson.path).stem for lesson in LESSONS[1:]))


def visit_every_page(browser: Browser, server: Server) -> None:
    """Visit every page of the lab, and wait for a whole t-SNE and a whole timing sweep.

    Every module that the app ever imports is loaded then, and every table that it keeps; but not the language model,
    which is no part of every installation: see ``visit_language_model``.
    """
    with visitor(browser) as page:
        for path in lesson_paths():
            if path not in LANGUAGE_MODEL_PATHS:
                open_page(page, server, path)
        open_page(page, server, "")
        page.get_by_test_id("stButtonGroup").get_by_text("Word pieces (BERT)", exact=True).click()
        page.get_by_text("30,522 × 384 numbers").wait_for(state="attached")  # MiniLM's table is open
        open_page(page, server, "words_in_space")
        page.get_by_test_id("stButtonGroup").get_by_text("t-SNE", exact=True).click()
        page.get_by_text("Finished").wait_for(timeout=LONGEST_WORK)
        open_page(page, server, "lookup_or_matmul")
        page.locator(".st-key-lookup_guess button").first.click()  # measuring asks for a guess first
        page.get_by_role("button", name="Measure", exact=True).click()
        page.get_by_test_id("stMain").get_by_role("button", name="Stop").wait_for()
        page.get_by_text("Finished").wait_for(timeout=LONGEST_WORK)
        open_page(page, server, "")


def visit_language_model(browser: Browser, server: Server) -> None:
    """Visit the pages that open the language model or read its table; it is open when the last has its answer."""
    with visitor(browser) as page:
        for path in LANGUAGE_MODEL_PATHS:
            open_page(page, server, path)
        page.get_by_text("Finished").wait_for(timeout=LONGEST_WORK)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_until_healthy(url: str, process: psutil.Popen, log) -> None:
    deadline = time.perf_counter() + LONGEST_START
    while not _healthy(url):
        if process.poll() is not None or time.perf_counter() > deadline:
            log.seek(0)
            raise RuntimeError(f"The server did not start: {log.read()[-2000:]}")
        time.sleep(0.01)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _end(process: psutil.Popen) -> None:
    processes = [process, *process.children(recursive=True)] if process.is_running() else []
    for each in processes:
        each.terminate()
    _, alive = psutil.wait_procs(processes, timeout=10)
    for each in alive:
        each.kill()
