"""Questions are answered by keyboard, lead to a lesson and back; the sheet prints its answers on paper of their own."""

import re

from playwright.sync_api import expect

from components.lessons.classroom.exercise_sets import drawn, titles
from components.lessons.classroom.worksheet import sheet
from tests.browser.conftest import settle

LAYER = "The embedding layer"


def test_questions_are_answered_by_keyboard_and_stay_answered_on_the_way_to_a_lesson_and_back(visit):
    page = visit("embedding_layer")
    page.get_by_label("Ids, from 0").fill("1, 1")
    page.get_by_label("Ids, from 0").press("Enter")
    settle(page)
    page.get_by_role("link", name="Check yourself", exact=True).click()
    expect(page.get_by_role("heading", name="Check yourself", level=1)).to_be_visible()
    page.get_by_role("radio", name=LAYER).press("Space")
    expect(page).to_have_url(re.compile("check_chapter=The"))
    settle(page)
    page.get_by_test_id("stRadio").first.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Check my answers").focus()
    page.keyboard.press("Enter")
    score = page.get_by_text(re.compile("of 1. Still open: 4 questions."))
    expect(score).to_be_visible()
    told = score.inner_text()
    page.get_by_role("link", name=re.compile("^See it with these numbers")).press("Enter")
    expect(page).to_have_url(re.compile("/embedding_layer.*layer_ids="))
    settle(page)
    expect(page.get_by_label("Ids, from 0")).not_to_have_value("1, 1")
    expect(page.get_by_text("does not work")).to_have_count(0)
    page.go_back()
    expect(page.get_by_text(told)).to_be_visible()


def test_the_sheet_prints_its_answers_on_paper_of_their_own(page):
    for count, pages in ((1, 2), (5, 3)):  # both sheets of a single question would fit on one paper
        title = next(iter(titles().values()))
        page.set_content(sheet({title: drawn(title, 2, count)}, 2).decode())
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") in (2, pages)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
