"""Whether a page that is open in Chromium can be read and used by everybody."""

from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import axe_playwright_python
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as StillSo

from tests.browser.conftest import PATIENCE, settle

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
# What axe finds in Streamlit's own elements, which nothing of ours can reach: the rule, the place, and why it stays.
OF_STREAMLIT = MappingProxyType(
    {
        ("list", "[data-testid=stSidebarNavItems]"): "the menu's sections stand in a list without items between",
        ("listitem", "[data-testid=stSidebarNavItems] li"): "its links are items within these sections",
    }
)
_RUN = """async ([options, ours]) => {
    const {violations} = await axe.run(document, {resultTypes: ["violations"], iframes: false, ...options});
    const excused = (rule, target) => ours.excused.some(([known, place]) =>
        known === rule && typeof target[0] === "string" && document.querySelector(target[0])?.matches(place));
    return violations.filter(({impact}) => ours.impacts.includes(impact)).flatMap(({id, nodes}) =>
        nodes.filter(({target}) => !excused(id, target)).map(({html, failureSummary}) => [id, html, failureSummary]));
}"""
# Text that sticks out of the window, or that a box cuts off: what can be moved sideways by keyboard may do so.
_CUT = """() => {
    const found = [], main = document.querySelector("[data-testid=stMain]");
    const shown = (style) => style.visibility !== "hidden" && style.opacity !== "0" && style.clip === "auto";
    const look = (root) => root.querySelectorAll("*").forEach((e) => {
        if (e.shadowRoot) look(e.shadowRoot);
        const box = e.getBoundingClientRect(), style = getComputedStyle(e), text = e.textContent.trim().slice(0, 60);
        if (!text || box.width < 2 || !shown(style) || e.closest("[tabindex='0'], [data-testid=stMultiSelect]")) return;
        if (box.right > innerWidth + 1) found.push(`beside the window: ${text}`);
        else if (style.overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1) found.push(`cut: ${text}`);
    });
    look(main);
    if (main.scrollWidth > main.clientWidth) found.push("the page moves sideways");
    return found;
}"""
# Controls that Tab leads neither to nor into the group of.
_UNREACHED = """() => {
    const kinds = "button, input, textarea, select, a[href], canvas[tabindex], [role=slider], [role=switch]";
    // The arrow keys step a number, and a button beside it opens what this one does.
    const besides = "[data-testid^=stNumberInputStep], [data-testid=stFileUploaderDropzoneInput]";
    const roles = "[role=radiogroup], [role=group], [role=tablist], label";
    const groups = `${roles}, [data-testid=stSlider], [data-testid=stDataFrame]`, found = [];
    const look = (root) => root.querySelectorAll("*").forEach((e) => {
        if (e.shadowRoot) look(e.shadowRoot);
        if (!e.matches(kinds) || e.matches(besides) || e.disabled || e.tabIndex >= 0) return;
        if (!e.getClientRects().length || e.closest("[aria-hidden=true], .js-plotly-plot")) return;
        const others = [...(e.closest(groups)?.querySelectorAll("*") ?? [])];
        if (!others.some((other) => other.tabIndex >= 0)) found.push(e.outerHTML.slice(0, 160));
    });
    look(document.querySelector("[data-testid=stMain]"));
    return found;
}"""


_GROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/)[0]"
# How long anything of the page moves by its style, in seconds: the longest, and what it is.
_MOTION = """() => {
    const seconds = (times) => Math.max(...times.split(",").map(parseFloat)); // computed ones are in seconds
    const found = [], look = (root) => root.querySelectorAll("*").forEach((e) => {
        if (e.shadowRoot) look(e.shadowRoot);
        for (const part of ["", "::before", "::after"]) {
            const { animationName, animationDuration, transitionDuration } = getComputedStyle(e, part);
            const moved = animationName === "none" ? 0 : seconds(animationDuration);
            found.push([Math.max(moved, seconds(transitionDuration)), `${e.tagName}.${e.className}${part}`]);
        }
    });
    look(document);
    return found.sort((a, b) => b[0] - a[0])[0];
}"""
_AT_ONCE = 1e-4  # seconds that nobody sees; with none at all, what waits for the end of a motion would wait for ever


def go_dark(page: Page) -> None:
    """Let the system be a dark one, which the page follows by itself, and draws anew."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{_GROUND} < 128")
    settle(page)


def expect_stillness(page: Page) -> None:
    """No style of the page moves anything, for who asks for less motion."""
    longest, what = page.evaluate(_MOTION)
    assert longest <= _AT_ONCE, (longest, what)


def expect_reach(page: Page) -> None:
    """axe-core finds nothing grave, Tab leads to every control, and at 200 % nothing is cut."""
    page.set_viewport_size({"width": 1440, "height": 900})
    _expect_none(_grave_findings(page))
    _expect_none(page.evaluate(_UNREACHED))
    page.set_viewport_size({"width": 720, "height": 450})
    with suppress(StillSo):  # pictures follow the new width in their own time
        page.wait_for_function(f"({_CUT})().length === 0", timeout=PATIENCE * 1000)
    _expect_none(page.evaluate(_CUT))


def expect_contrast(page: Page) -> None:
    """What differs in another theme."""
    page.set_viewport_size({"width": 1440, "height": 900})
    _expect_none(_grave_findings(page, runOnly=["color-contrast"]))


def _expect_none(found: list[list[str]] | list[str]) -> None:
    assert not found, found  # said here, as pytest explains the asserts of test files alone


def _grave_findings(page: Page, **options: object) -> list[list[str]]:
    """What axe-core finds serious or critical, and goes on finding, but for what is Streamlit's own."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    asked = [options, {"impacts": GRAVE, "excused": list(OF_STREAMLIT)}]
    if not page.evaluate(_RUN, asked):
        return []
    with suppress(StillSo):  # what is being drawn anew is pale, or without its name, for a moment
        page.wait_for_function(f"async (asked) => !(await ({_RUN})(asked)).length", arg=asked, timeout=PATIENCE * 1000)
    return page.evaluate(_RUN, asked)
