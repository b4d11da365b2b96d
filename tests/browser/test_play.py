"""Play with embeddings, in a real Chromium: every panel is asked, and its answer read."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.lessons.play.similar_words import METRICS, PREPARATIONS
from embeddings.similarity import columns_by_contribution, nearest
from embeddings.sources import load
from tests.browser.conftest import expect_table, select, settle


@pytest.fixture(scope="module")
def glove():
    return load()


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    settle(page)


def write(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")
    settle(page)


def bars(page: Page, key: str):
    return page.locator(f".st-key-{key} .ytick")


def expect_columns(page: Page, first: list[int]) -> None:
    """Wait until the strips' first columns, as Plotly has drawn them, are the numbers in ``first``."""
    drawn = "document.querySelector('.st-key-similar_strips .js-plotly-plot')._fullData[0].customdata[0]"
    page.wait_for_function(f"first => {drawn}.slice(0, first.length).join() === first.join()", arg=first)


def test_neighbours_by_each_measure_of_each_preparation(visit, glove):
    page = visit("similar_words?similar_word=piano")
    choose(page, "some other words")
    for metric, measure in METRICS.items():
        choose(page, metric)
        for vectors, preparation in PREPARATIONS.items():
            choose(page, vectors)
            expected = nearest(glove, "piano", 10, measure, preparation, exclude=("piano",))
            expect(bars(page, "similar_scores")).to_have_text([word for word, _ in expected])
            expect(page.locator(".st-key-similar_ranks .textpoint", has_text=expected[0][0])).not_to_have_count(0)


def test_strips_are_aligned_and_sorted_by_where_words_agree(visit, glove):
    page = visit("similar_words")
    write(page, "Words to compare", "cat dog piano")
    expect(bars(page, "similar_strips")).to_have_text(["cat", "dog", "piano"])
    rows = glove.rows(["cat", "dog", "piano"])
    expect_columns(page, [column + 1 for column in columns_by_contribution(rows)])
    page.get_by_text("Sort the columns").click()
    settle(page)
    expect(page).to_have_url(re.compile("similar_sorted=false"))
    expect_columns(page, [1, 2, 3, 4, 5])


def test_the_matrix_puts_like_beside_like(visit):
    page = visit("similar_words")
    write(page, "Words to compare", "cat bread dog cheese")
    heads = page.locator(".st-key-similar_matrix thead th")
    expect(heads).to_have_text(["cat", "dog", "bread", "cheese"])
    page.get_by_text("Put like beside like").click()
    expect(heads).to_have_text(["cat", "bread", "dog", "cheese"])


def test_both_rankings_and_both_methods_of_an_analogy(visit):
    page = visit("analogies")
    page.get_by_text("both rankings, and another way to rank").click()
    choose(page, "queen")
    expect(page.get_by_text("You said queen. The answer is king")).to_be_visible()
    expect(bars(page, "analogy_with").first).to_have_text("king")
    expect(bars(page, "analogy_without").first).to_have_text("queen")
    choose(page, "multiply and divide (3CosMul)")
    expect(page).to_have_url(re.compile("analogy_method=multiply"))
    page.get_by_role("button", name="Guess again").click()
    page.get_by_role("button", name="Show me").click()  # of any words
    write(page, "This word", "france")
    write(page, "is to this one", "paris")
    write(page, "as this one is to …", "Italy")
    expect(bars(page, "analogy_without").first).to_have_text("rome")


def test_examples_that_succeed_and_fail_are_taken_and_explained(visit):
    page = visit("analogies")
    page.get_by_text("both rankings, and another way to rank").click()
    page.get_by_role("button", name="Show me").click()
    for words, ending, reason, first in (
        ("france : paris :: germany : berlin", "works", "berlin comes first even", "berlin"),
        ("big : bigger :: cold : colder", "fails", "Colder and warmer are used in the same sentences", "warmer"),
        ("france : paris :: germany : berlin", "works", "berlin comes first even", "berlin"),
    ):
        select(page, "Examples, some of which fail", f"{words}? ({ending})")
        expect(page.get_by_text(reason)).to_be_visible()
        expect(bars(page, "analogy_without").first).to_have_text(first)
        expect(page.get_by_label("This word", exact=True)).to_have_value(words.split()[0])
    expect(page).to_have_url(re.compile("analogy_c=germany"))
    write(page, "as this one is to …", "italy")
    expect(bars(page, "analogy_without").first).to_have_text("rome")
    page.reload()
    settle(page)
    expect(page.get_by_label("as this one is to …", exact=True)).to_have_value("italy")


def test_terms_are_dropped_and_sums_weighed(visit):
    page = visit("analogies")
    for title in ("a sum without one of its words", "any sum you like"):
        page.get_by_text(title).click()
    for place in range(3):
        expect(page.locator(f".st-key-analogy_drop_{place} .ytick")).to_have_count(5)
    write(page, "A sum of words, with spaces around + and −", "2 paris - france + italy")
    expect(bars(page, "analogy_sum_without").first).to_have_text("rome")
    write(page, "A sum of words, with spaces around + and −", "paris - paris")
    expect(page.get_by_text("Every weight is 0")).to_be_visible()


def test_the_parallelogram_names_its_corners(visit):
    page = visit("analogies")
    corners = page.locator(".st-key-analogy_parallelogram .textpoint")
    expect(corners).to_have_text(["man", "king", "woman", "queen", "king − man + woman"])
    page.get_by_text("how exact the picture is").click()
    expect(page.get_by_text("Cosine of the two steps")).to_be_visible()


def test_words_on_two_axes_and_on_one(visit):
    page = visit("axes")
    ends = page.locator(".st-key-axes_places .annotation-text")
    expect(ends).to_have_text(["← man, boy …", "woman, girl … →", "← peasant, worker …", "royal, monarch … →"])
    page.get_by_role("radio", name="Size and danger").click()
    expect(page.locator(".st-key-axes_places .textpoint", has_text="elephant")).to_be_visible()
    expect(page.get_by_label("upwards", exact=True)).to_have_value("dangerous deadly threatening")
    page.get_by_role("radio", name="Professions between he and she").click()
    expect(ends).to_have_text(["← he", "she →"])
    expect(bars(page, "axes_places").last).to_have_text("receptionist")
    expect(page.get_by_label("upwards", exact=True)).to_have_value("")


def test_nearly_parallel_ends_are_warned_of_and_bias_is_named(visit):
    page = visit("axes?axes_x_low=four&axes_x_high=five")
    expect(page.get_by_text("The two ends point nearly the same way")).to_be_visible()
    page.get_by_role("radio", name="most", exact=True).click()
    expect(page.get_by_text("You said most, and that is right. 11 of 18 do.")).to_be_visible()
    expect(page.get_by_text("Vectors learn the habits of the texts")).to_be_visible()


def test_the_odd_one_out_is_guessed_and_shown(visit):
    page = visit("odd_one_out")
    choose(page, "piano")
    expect(page.get_by_text("You said piano, and that is right")).to_be_visible()
    page.get_by_role("radio", name="animals and one more").click()
    expect(page.get_by_label("Three words or more", exact=True)).to_have_value("cat dog horse banana cow")
    expect(page.get_by_text("You said")).to_have_count(0)
    choose(page, "banana")
    expect(page.get_by_text("You said banana, and that is right")).to_be_visible()
    expect(bars(page, "odd_means").last).to_have_text("banana")


def test_frequency_shows_in_length_and_in_neighbours(visit):
    page = visit("frequency")
    choose(page, "longer vectors")
    expect(page.get_by_text("the rank correlation of rank and length is −0.36")).to_be_visible()
    expect(page.locator(".st-key-frequency_norms .textpoint")).to_have_count(5)
    write(page, "Words to look at", "banana zyzzyva")
    expect(page.locator(".st-key-frequency_norms .textpoint")).to_have_count(2)
    expect(page.get_by_text("Rare words keep rare company")).to_be_visible()


def test_two_tables_are_tested_side_by_side(visit):
    page = visit("report_card?report_limit=10%2C000&report_other=minilm-wordpiece")
    choose(page, "about half")
    expect(page.get_by_role("combobox", name="Compare with")).to_have_value("minilm-wordpiece")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_text("Finished")).to_be_visible()
    expect(page.locator("[data-testid=stMetric]")).to_have_count(8)
    expect(page.locator(".st-key-report_sections .ytick")).to_have_count(14)
    expect(page.locator(".st-key-report_sections .legendtext")).to_have_text(["glove-6b-50d", "minilm-wordpiece"])
    expect(page.get_by_text("the 10,000 most frequent words, case ignored")).to_be_visible()


def test_the_word_pieces_table_is_used_on_the_map_too(visit):
    page = visit("words_in_space?source=minilm-wordpiece&space_groups=royalty&space_words=")
    page.locator(".st-key-space_guess button").first.click()
    expect(page.get_by_text("among all 30,522 words, by the cosine of their 384 numbers")).to_be_visible()
    expect(page.locator(".st-key-space_map canvas").first).to_be_visible()


def test_the_source_stays_from_page_to_page_and_back(visit):
    page = visit("similar_words?source=minilm-wordpiece")
    for name in ("Analogies", "Odd one out", "From words to numbers", "Words in space"):
        page.get_by_role("link", name=name).first.click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        settle(page)
        if name == "From words to numbers":
            expect(page.locator(".st-key-source")).to_have_count(0)
        else:
            expect_table(page, "30,522 words × 384 numbers")
    expect(page).to_have_url(re.compile("source=minilm-wordpiece"))
    page.go_back()
    page.reload()
    settle(page)


def test_markup_is_shown_and_never_run(visit):
    evil = "<script>alert(1)</script> **bold** <img src=x onerror=alert(2)> $x$ שלום 😀"
    page = visit("odd_one_out")
    for path, label in (
        ("odd_one_out", "Three words or more"),
        ("similar_words", "Words to compare"),
        ("axes", "Words to place"),
        ("analogies", "A sum of words, with spaces around + and −"),
        ("frequency", "Words to look at"),
    ):
        page = visit(path)
        if path == "analogies":
            page.get_by_text("any sum you like").click()  # unfolds it
        write(page, label, evil)
        expect(page.get_by_label(label, exact=True)).to_have_value(evil)
        expect(page.get_by_test_id("stMain").locator("img")).to_have_count(0)
        expect(page.get_by_test_id("stMain").locator("strong", has_text=re.compile("^bold$"))).to_have_count(0)


def test_a_link_for_a_table_that_is_not_there_says_so(visit):
    page = visit("analogies?source=hf%3Anobody%2Fnothing")
    expect(page.get_by_text("The link asks for hf:nobody/nothing, which is not here")).to_be_visible()
    expect(page.locator(".st-key-analogy_parallelogram .textpoint")).to_have_count(5)
