"""From page to page in a real Chromium: Back and Forward, the menu of a narrow screen, and absurd addresses."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from components import classroom, glossary
from components.navigation import LESSONS, lesson_at, neighbors, sections
from tests.browser.conftest import running_app, settle

TITLES = {Path(lesson.path).stem: lesson.title for lesson in LESSONS}
SETTINGS = {  # one of each page: its key, and what the reader makes of it; True or False where it is a toggle
    "home": ("home_token", "eat"),
    "tokenizers": ("tokenizers_name", "Characters"),
    "words_as_numbers": ("numbers_seed", "7"),
    "one_hot": ("onehot_words", "cat dog"),
    "vectors_with_meaning": ("features_chosen", "dog"),
    "small_network": ("network_word", "dog"),
    "similar_words": ("similar_word", "cat"),
    "analogies": ("analogy_a", "boy"),
    "axes": ("axes_words", "king queen"),
    "odd_one_out": ("odd_words", "cat dog car"),
    "frequency": ("frequency_words", "cat"),
    "report_card": ("report_case", False),
    "sources": ("source_wanted", "GloVe Twitter, 50 dimensions"),
    "words_in_space": ("space_method", "t-SNE"),
    "whole_table": ("whole_word", "cat"),
    "traps": ("traps_seed", "3"),
    "word2vec": ("word2vec_sentence", "the cat sees the dog"),
    "language_model": ("language_prompt", "the queen"),
    "embedding_layer": ("layer_ids", "1, 1"),
    "lookup_or_matmul": ("lookup_over", "dimension"),
    "after_the_lookup": ("after_word", "spring"),
}

FOLDS = {  # where a page has its control in a fold
    "vectors_with_meaning": "Go further: the rows most like one of them",
    "lookup_or_matmul": "Settings",
}


def unfold(page: Page, name: str) -> None:
    """Open the fold that the control of the page called ``name`` stands in, if it does."""
    if name in FOLDS:
        page.get_by_text(FOLDS[name], exact=True).click()


def next_of(name: str) -> str:
    """The page to which the link at the foot of ``name`` leads."""
    _, after = neighbors(lesson_at(name))
    return "home" if after is None else Path(after.path).stem


def change(page: Page, key: str, value: str | bool) -> None:
    """Set the control under ``key``, of whatever kind it is, to ``value``."""
    box = page.locator(f".st-key-{key}")
    expect(box.locator("input, textarea, button, .chip").first).to_be_attached()  # drawn whole, on a busy machine too
    if isinstance(value, bool):
        box.locator("label").first.click()
    elif box.locator("[role=radio], .chip").count():
        box.locator("[role=radio], .chip").filter(has_text=re.compile(f"^{value}")).click()
    elif box.get_by_role("combobox").count():
        pick(page, box, value)
    else:
        box.locator("input, textarea").fill(value)
        page.keyboard.press("Tab")
    expect_shown(page, key, value)
    settle(page)


def pick(page: Page, box: Locator, value: str) -> None:
    """Choose from a list, again where a page that is still being read closes it."""
    for _ in range(10):
        box.get_by_role("combobox").focus()
        page.keyboard.press("ArrowDown")
        try:
            page.get_by_role("option", name=value, exact=True).click(timeout=2_000)
            return expect(box.locator("input")).to_have_value(value, timeout=2_000)
        except (PlaywrightTimeout, AssertionError):
            page.keyboard.press("Escape")
            settle(page)


def expect_shown(page: Page, key: str, value: str | bool) -> None:
    """Wait until the control under ``key`` shows ``value``."""
    box = page.locator(f".st-key-{key}")
    expect(box).to_be_visible()
    field, pressed = box.locator("input, textarea"), box.locator("[aria-checked=true], [aria-pressed=true]")
    if isinstance(value, bool):
        expect(field).to_be_checked(checked=value)
    elif field.count():
        expect(field).to_have_value(value)
    else:
        expect(pressed).to_have_text(re.compile(f"^{value}"))


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def arrived(page: Page, name: str) -> None:
    expect(page).to_have_title(f"{TITLES[name]} · Token Embedding Lab")
    settle(page)


@pytest.mark.parametrize("name", TITLES)
def test_back_leads_to_the_page_before_with_its_settings_and_forward_on_again(visit, name):
    page = visit("" if name == "home" else name)
    before, (key, value) = entries(page), SETTINGS.get(name, ("", ""))
    if name == "vectors_with_meaning":
        page.locator(".st-key-features_guess button").first.click()
        expect(page.locator(".st-key-features_guess")).to_have_count(0)
        settle(page)
    unfold(page, name)
    if key:
        change(page, key, value)
    assert entries(page) == before
    menu = page.get_by_test_id("stSidebarNav")
    other = "home" if name != "home" else "one_hot"
    if lesson_at(name).on_path:
        there, way = next_of(name), page.get_by_role("link", name=re.compile("^(Next|Back to the start): "))
    else:
        there, way = other, menu.get_by_role("link", name=TITLES[other], exact=True)
    way.click()
    arrived(page, there)
    assert entries(page) == before + 1
    page.go_back()
    arrived(page, name)
    unfold(page, name)
    if key:
        expect_shown(page, key, value)
    page.go_forward()
    arrived(page, there)
    page.go_back()
    arrived(page, name)
    unfold(page, name)
    if key:
        expect_shown(page, key, value)
    assert entries(page) == before + 1


def test_each_click_on_a_token_is_a_setting_and_each_page_keeps_its_own(visit):
    page = visit()
    before = entries(page)
    for word in ("dog", "eat", "bread"):
        change(page, "home_token", word)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Analogies").click()
    arrived(page, "analogies")
    change(page, "analogy_a", "boy")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="From words to numbers").click()
    arrived(page, "home")
    change(page, "home_token", "queen")
    assert entries(page) == before + 2
    page.go_back()
    arrived(page, "analogies")
    expect_shown(page, "analogy_a", "boy")
    page.go_back()
    arrived(page, "home")
    expect_shown(page, "home_token", "bread")


@pytest.mark.parametrize(("width", "height", "open_after"), [(390, 844, False), (1280, 720, True)])
def test_a_menu_that_lies_over_the_page_closes_once_a_lesson_is_chosen(visit, page, width, height, open_after):
    page.set_viewport_size({"width": width, "height": height})
    visit()
    if not open_after:
        page.get_by_test_id("stExpandSidebarButton").click()
    menu = page.get_by_test_id("stSidebar")
    expect(menu).to_have_attribute("data-collapsed", "false")
    menu.get_by_role("link", name="Analogies").click()
    arrived(page, "analogies")
    expect(menu).to_have_attribute("data-collapsed", str(not open_after).lower())


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("words_as_numbers?numbers_seed=1e309", "The address sets Seed of the draw to 1e309, which does not work"),
        ("words_as_numbers?numbers_seed=" + "9" * 5_000, "it takes a whole number from 0 to 9,999"),
        ("words_in_space?space_method=", "The address sets Projection to nothing, which does not work"),
        ("word2vec?corpus=&word2vec_seed=inf", "The address sets Learn from to nothing, which does not work"),
        ("?home_tokenizer=%ED%A0%80", "it takes one of Words, Characters"),
        ("?home_pick=-1", "The address sets The token that is followed to -1, which does not work"),
        ("words_as_numbers?numbers_seed=**b**<img src=x onerror=alert(1)>", "to **b**<img src=x onerror=alert(1)>,"),
    ],
)
def test_an_absurd_address_is_told_of_and_makes_no_entry(visit, address, sentence):
    page = visit(address)
    expect(page.get_by_test_id("stAlert").filter(has_text=sentence)).to_be_visible()
    assert entries(page) == 2  # the empty page that a browser begins with, and this


def test_what_is_said_of_an_address_goes_once_another_value_is_chosen(visit):
    page = visit("words_as_numbers?numbers_seed=inf&nobody=knows&nobody=this")
    expect(page.get_by_text("The address sets")).to_be_visible()
    change(page, "numbers_seed", "7")
    expect(page.get_by_text("The address sets")).to_have_count(0)
    expect(page).to_have_url(re.compile("numbers_seed=7"))
    assert entries(page) == 2


def test_the_address_follows_a_text_that_grows_too_long_for_it_and_short_again(visit):
    page = visit("tokenizers")
    before = page.evaluate("history.length")
    for text, address in (
        ("漢" * 100_000, r"/tokenizers$"),  # of which an address would have 900,000 letters
        ("short again", r"\?tokenizers_text=short\+again$"),
        ("many words " * 300, r"/tokenizers$"),
        ("at last", r"\?tokenizers_text=at\+last$"),
    ):
        field = page.get_by_label("Your text")
        field.fill(text)
        field.press("Control+Enter")
        expect(page).to_have_url(re.compile(address))
        said = page.get_by_text("This text is too long to be kept in the address")
        expect(said).to_have_count(0 if "?" in address else 1)
    assert page.evaluate("history.length") == before


def test_a_deep_link_is_the_first_that_a_fresh_server_shows(page, tmp_path):
    with running_app(tmp_path / "log.txt") as url:
        page.goto(f"{url}/similar_words")
        expect(page.get_by_role("heading", name=TITLES["similar_words"], level=1)).to_be_visible()
        settle(page)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(1)
        expect(page.get_by_test_id("stSidebarNavLink")).to_have_text(
            [
                *(lesson.title for lessons in sections().values() for lesson in lessons),
                *(each.title for each in classroom.PAGES),
                glossary.TITLE,
            ]
        )
