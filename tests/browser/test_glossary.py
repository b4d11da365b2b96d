"""The way from a word in a lesson to the glossary and back."""

import re

from playwright.sync_api import expect

from components import glossary
from tests.browser.conftest import settle


def test_a_word_shows_its_meaning_and_opens_the_glossary_at_its_place_in_a_new_tab(visit):
    page = visit("words_in_space?space_method=PCA")
    link = page.locator("[data-testid=stMain] a[href$='glossary#vector']").first
    expect(link).to_have_attribute("title", glossary.sentence("vector").replace("*", ""))
    with page.expect_popup() as popup:
        link.click()
    opened = popup.value
    expect(opened).to_have_url(re.compile(r"/glossary#vector$"))
    settle(opened)
    heading = opened.get_by_role("heading", name="vector", exact=True)
    expect(heading).to_be_in_viewport()
    expect(page).to_have_url(re.compile("/words_in_space"))  # the lesson stays as it was


def test_the_glossary_is_opened_from_the_menu_and_leads_back_to_a_lesson(visit):
    page = visit()
    page.get_by_test_id("stSidebarNavLink").last.click()
    expect(page.get_by_role("heading", name=glossary.TITLE, level=1)).to_be_visible()
    settle(page)
    expect(page.get_by_role("link", name=re.compile("^Next"))).to_have_count(0)
    page.get_by_test_id("stMain").get_by_role("link", name="One-hot vectors").first.click()
    expect(page.get_by_role("heading", name="One-hot vectors", level=1)).to_be_visible()
