"""One rerun after a widget was used, seen from the browser, against the same widget in a hello-world app.

The hello-world app runs under Streamlit's defaults. Before the measurement every page is visited and a t-SNE and a
timing sweep are carried out, so that all that the app ever imports is loaded. A script in the page takes the
time from the click, or from the press of Enter or of an arrow, until the second frame drawn after the server has said
that it is idle again (which it does after collecting) and ``data-test-script-state`` reads "notRunning". Nothing is
subtracted. That state alone would not do: in a short run the page never shows "running". A text is confirmed with
Enter, since live inputs wait 250 ms for the next letter. "The server's part" is from the first message sent until that
last one.

A third server runs the same app with Streamlit's collection after each run: what is gained by
``components/server/garbage.py``.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figure
from benchmarks.served import (
    HELLO_WORLD,
    LAB,
    Server,
    chromium,
    open_page,
    serve,
    visit_every_page,
    visitor,
    wait_until_idle,
)

ROUNDS = 21
LONG_TEXT = ("The quick brown fox, naïve as ever, jumps over 13 lazy dogs. 😀 " * 2_000)[:100_000]
WARM_UP_ROUNDS = 3
AT_MOST_TIMES = 2
HELLO, OURS, COLLECTING = "hello world", "ours", "ours with a collection after each run"
COLLECT = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}  # as Streamlit does by default

# Notes in ``window.rerun``, in milliseconds: when a widget was used, when the page first wrote to the server, when the
# server said that it is idle again, and when what it sent was drawn.
STOPWATCH = """
const KEYS = ["Enter", "ArrowLeft", "ArrowRight"];
const IDLE = [0x4a, 0x00]; // the ForwardMsg session_status_changed, with nothing set in it
window.rerun = {};
const use = (event) => { if (event.type === "click" || KEYS.includes(event.key)) rerun.used ??= performance.now(); };
addEventListener("click", use, { capture: true });
addEventListener("keydown", use, { capture: true });
const drawn = () => {
  const state = document.querySelector("[data-testid=stApp]").dataset.testScriptState;
  if (state === "notRunning") rerun.drawn = performance.now(); else requestAnimationFrame(drawn);
};
const receive = (event) => {
  const bytes = new Uint8Array(event.data);
  if (rerun.sent === undefined || rerun.idle !== undefined || String(bytes) !== String(IDLE)) return;
  rerun.idle = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(drawn));
};
window.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    this.addEventListener("message", receive);
  }
  send(data) {
    if (rerun.used !== undefined) rerun.sent ??= performance.now();
    return super.send(data);
  }
};
"""

# Both from within the page: on a busy machine the 250 ms could be over between two orders from outside.
CONFIRM = """async (box, text) => {
  box.focus();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((later) => setTimeout(later, 20));
  for (const type of ["keydown", "keypress"])
    box.dispatchEvent(new KeyboardEvent(type, { key: "Enter", code: "Enter", keyCode: 13, bubbles: true }));
}"""


@dataclass(frozen=True)
class Use:
    """A widget of ours and its like in the hello-world app, and how each is used for the n-th time.

    Attributes:
        what: In words.
        path: Our page that has it.
        ours, hello: Bring about one rerun; given the page and the number of the round.
        at_most_times: Bound on ours to hello-world's, where there is one.
    """

    what: str
    path: str
    ours: Callable[[Page, int], None]
    hello: Callable[[Page, int], None]
    at_most_times: float | None = AT_MOST_TIMES


def measure() -> list[Figure]:
    """Each use of a widget on the three servers by turns."""
    with chromium() as browser, three_servers() as servers:
        for name in (OURS, COLLECTING):
            visit_every_page(browser, servers[name])
        return [figure for use in USES for figure in compare(use, rounds(browser, servers, use))]


def rounds(browser: Browser, servers: dict[str, Server], use: Use) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of ``ROUNDS`` reruns on each server, whole and the server's part, after some that do not count."""
    taken = {name: [] for name in servers}
    with ExitStack() as stack:
        pages = {name: stack.enter_context(visitor(browser)) for name in servers}
        for name, page in pages.items():
            page.add_init_script(STOPWATCH)
            open_page(page, servers[name], "" if name == HELLO else use.path)
        for number in range(WARM_UP_ROUNDS + ROUNDS):
            for name, page in pages.items():
                taken[name].append(rerun(page, use.hello if name == HELLO else use.ours, number))
    return {name: values[WARM_UP_ROUNDS:] for name, values in taken.items()}


def rerun(page: Page, act: Callable[[Page, int], None], number: int) -> tuple[float, float]:
    """Use the widget and wait for the rerun to end: its milliseconds, whole and the server's part."""
    wait_until_idle(page)
    page.evaluate("window.rerun = {}")
    act(page, number)
    page.wait_for_function("window.rerun.drawn")
    noted = page.evaluate("window.rerun")
    return noted["drawn"] - noted["used"], noted["idle"] - noted["sent"]


def compare(use: Use, taken: dict[str, list[tuple[float, float]]]) -> Iterator[Figure]:
    """Ours against hello-world's, whole and the server's part, and against ours with a collection after each run."""
    whole = {name: tuple(value[0] for value in values) for name, values in taken.items()}
    server = {name: tuple(value[1] for value in values) for name, values in taken.items()}
    yield figure(use.what, whole, HELLO, at_most_times=use.at_most_times)
    yield figure(f"{use.what}: the server's part", server, HELLO)
    yield figure(f"{use.what}: what collecting apart gains", whole, COLLECTING)


def figure(what: str, taken: dict[str, tuple[float, ...]], peer: str, **bound) -> Figure:
    """The medians of ours and of ``peer``."""
    ours, peers = taken[OURS], taken[peer]
    return Figure(what, "ms", median(ours), ours, peer=peer, peers=median(peers), peers_all=peers, **bound)


@contextmanager
def three_servers() -> Iterator[dict[str, Server]]:
    """Hello world, the app, and the app with Streamlit's collection."""
    with serve(HELLO_WORLD, COLLECT) as hello, serve(LAB) as ours, serve(LAB, COLLECT) as collecting:
        yield {HELLO: hello, OURS: ours, COLLECTING: collecting}


def toggle(label: str) -> Callable[[Page, int], None]:
    """Use the toggle called ``label``."""
    return lambda page, number: page.get_by_test_id("stCheckbox").filter(has_text=label).locator("label").click()


def confirm_text(label: str, *texts: str) -> Callable[[Page, int], None]:
    """Put one of ``texts`` into the input called ``label``, another each time, and press Enter."""
    return lambda page, number: page.get_by_label(label).evaluate(CONFIRM, texts[number % len(texts)])


def choose_chip(page: Page, number: int) -> None:
    """Follow another token of the first page's sentence."""
    page.locator(".chip").nth(2 + number % 3).click()


def choose(*labels: str) -> Callable[[Page, int], None]:
    """Choose one of ``labels`` among buttons side by side, another each time."""
    return lambda page, number: (
        page.get_by_test_id("stButtonGroup").get_by_text(labels[number % len(labels)], exact=True).first.click()
    )


def press(label: str) -> Callable[[Page, int], None]:
    """Press the button called ``label``."""
    return lambda page, number: page.get_by_role("button", name=label, exact=True).click()


def paste_long_text(page: Page, number: int) -> None:
    """In the first round fill in 100,000 characters; then choose another tokenizer each time."""
    if number == 0:
        box = page.get_by_label("Your text", exact=True)
        box.fill(LONG_TEXT)
        box.press("Control+Enter")
    else:
        choose("Words", "Characters")(page, number)


def slide(page: Page, number: int) -> None:
    """Choose a batch that is one step larger, or smaller again."""
    page.locator(".st-key-lookup_b").get_by_role("slider").press("ArrowLeft" if number % 2 else "ArrowRight")


USES = (
    Use("the switch Show all answers on Odd one out", "odd_one_out", toggle("Show all answers"), toggle("Loud")),
    Use("a token of the first page", "", choose_chip, toggle("Loud")),
    Use(
        "the sentence of the first page",
        "",
        confirm_text("Your sentence", "The king sees the queen", "The dog eats the bread"),
        confirm_text("Your name", "king", "queen"),
    ),
    Use(
        "the words of One-hot vectors",
        "one_hot",
        confirm_text("Your words", "king queen apple cat", "king queen apple dog"),
        confirm_text("Your name", "king", "queen"),
    ),
    Use("the tokenizer of Cutting text into tokens", "tokenizers", choose("Words", "Characters"), toggle("Loud")),
    Use("the same with a text of 100,000 characters", "tokenizers", paste_long_text, toggle("Loud"), None),
    Use("the button Shuffle of Words as numbers", "words_as_numbers", press("Shuffle"), toggle("Loud")),
    Use("the batch of Lookup or matmul", "lookup_or_matmul", slide, toggle("Loud")),
)
