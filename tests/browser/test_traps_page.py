"""The six traps in a real Chromium: guessed at, waited for, and read."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import settle

PATIENCE = 240_000  # milliseconds for a grid of twelve maps on a loaded machine


def test_a_guess_fills_the_grid_and_is_judged_by_its_numbers(visit):
    page = visit("traps?traps_which=Noise makes clusters&traps_kind=everyday groups")
    expect(page.get_by_text(re.compile("12 maps by t-SNE"))).to_be_visible()
    page.get_by_role("radio", name="No, noise stays one cloud").click()
    expect(page.get_by_text(re.compile(r"^(Finished|Map \d+ of 12)")).first).to_be_visible()
    expect(page.get_by_text("Finished")).to_be_visible(timeout=PATIENCE)
    # How many depends on the last bits of this machine's sums; that they are several, and hardly one, does not.
    told = r"Noise falls into \d+( or \d+)* groups? at perplexity 2 and into \d( or \d)* at 25"
    expect(page.get_by_text(re.compile(told))).to_be_visible()
    grid = page.locator(".st-key-traps_grid, .st-key-traps_others")
    expect(grid.locator(".scatterlayer .trace")).to_have_count(12)
    expect(grid.get_by_text(re.compile(r"^\d+ groups?$"))).to_have_count(12)


def test_a_trap_is_chosen_by_its_name_and_the_address_keeps_it(visit):
    page = visit("traps")
    page.get_by_role("radio", name="Gaps mean little").click()
    expect(page.get_by_text(re.compile("how far is the third cluster from the second"))).to_be_visible()
    expect(page).to_have_url(re.compile("traps_which=Gaps"))
    page.reload()
    settle(page)
    expect(page.get_by_text(re.compile("how far is the third cluster from the second"))).to_be_visible()
    expect(page.get_by_text("No map is drawn yet.")).to_be_visible()
    expect(page.locator(".st-key-traps_grid .scatterlayer .trace")).to_have_count(0)


def test_a_grid_stops_when_it_is_told_to(visit):
    page = visit("traps?traps_which=Sizes mean nothing&traps_seed=4321")
    page.get_by_role("radio", name="Several times as wide").click()
    expect(page.get_by_text(re.compile(r"Map \d+ of 12"))).to_be_visible()
    settle(page)
    page.locator(".st-key-traps_stop button").click()  # Streamlit has a "Stop" of its own, for a script that is running
    expect(page.get_by_text("Stopped.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Compute again")).to_be_visible()
    expect(page.get_by_text("In the table it is")).to_have_count(0)
