"""The pages in a real Chromium: typed into, clicked, and read."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from components import classroom, glossary
from components.navigation import LESSONS, path, sections
from tests.browser.conftest import select, settle

GUESSES = {
    "": "home_guess",
    "tokenizers": "tokenizers_guess",
    "words_as_numbers": "numbers_guess",
    "one_hot": "onehot_guess",
    "vectors_with_meaning": "features_guess",
    "small_network": "network_guess",
    "words_in_space": "space_guess",
    "lookup_or_matmul": "lookup_guess",
    "similar_words": "similar_guess",
    "analogies": "analogy_guess",
    "axes": "axes_guess",
    "odd_one_out": "odd_guess",
    "frequency": "frequency_guess",
    "report_card": "report_guess",
    "whole_table": "whole_guess",
    "traps": "traps_perplexity_guess",
}
MENU = [
    *(lesson.title for lessons in sections().values() for lesson in lessons),
    *(page.title for page in classroom.PAGES),
    glossary.TITLE,
]
UNASKED = ("sources",)  # pages that ask for no guess


def chips(page: Page):
    return page.locator(".chip")


def measured(page: Page):
    return page.locator(".st-key-lookup_chart .scatterlayer .point")


def measure(page: Page) -> None:
    page.get_by_role("radio", name="30 to 300 times").click()
    page.get_by_role("button", name="Measure").click()


def type_into(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.click()
    box.press("ControlOrMeta+a")
    page.keyboard.type(text)


def test_home_follows_the_sentence_while_it_is_typed(visit):
    page = visit()
    type_into(page, "Your sentence", "the cat sleeps")
    expect(chips(page).locator(".text")).to_have_text(["the", "cat", "sleeps"])
    expect(chips(page).locator(".id").nth(1)).to_have_text("5,450")


def test_a_token_is_followed_when_it_is_clicked_or_reached_by_keyboard(visit):
    page = visit("?home_text=the lion sleeps")
    expect(page.get_by_text("lion is token")).to_be_attached()  # in a fold
    chips(page).nth(2).click()
    expect(page.get_by_text("sleeps is token")).to_be_attached()  # in a fold
    chips(page).nth(0).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("the is token 0 of 400,000")).to_be_attached()  # in a fold
    expect(page.locator(".cell-row .one")).to_have_text("1")


def test_one_hot_pictures_grow_with_the_words(visit):
    page = visit("one_hot")
    type_into(page, "Your words", "dog cat")
    heads = page.locator(".st-key-onehot_matrix thead th")
    expect(heads).to_have_count(2)
    type_into(page, "Your words", "dog cat ant")
    expect(heads).to_have_count(3)
    expect(page.get_by_text("All 3 pairs: cosine 0.00, distance 1.414")).to_be_visible()


def test_settings_travel_in_the_address(visit, browser: Browser, app_url: str):
    page = visit("words_in_space")
    page.get_by_text("t-SNE", exact=True).click()
    expect(page).to_have_url(re.compile("space_method=t-SNE"))
    expect(page.get_by_text("Finished")).to_be_visible()
    slider = page.get_by_role("slider", name=re.compile("Perplexity"))
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"space_perplexity=14"))
    friend = browser.new_page()
    friend.goto(page.url)
    expect(friend.get_by_role("slider", name=re.compile("Perplexity"))).to_have_value("14")
    friend.close()


def test_a_clicked_point_becomes_the_chosen_word(visit):
    page = visit("words_in_space?space_groups=royalty&space_words=")
    page.mouse.click(*page.locator(".word-map").evaluate("map => map.wordMap.placeOf(0)"))
    page.get_by_role("radio", name="prince").click()
    expect(page.get_by_text("The nearest to king among all 400,000 words")).to_be_visible()
    expect(page.locator(".st-key-space_nearest .ytick").first).to_have_text("prince")


def test_the_neighbours_of_any_word_can_be_asked_for(visit):
    page = visit("words_in_space?space_chosen=Violin")
    page.get_by_role("radio", name="cello").click()
    expect(page.get_by_text("You said cello")).to_be_visible()
    expect(page.locator(".st-key-space_nearest .ytick", has_text="piano")).to_have_count(1)


def test_an_unknown_word_is_named_and_stays(visit):
    page = visit("words_in_space")
    box = page.get_by_label("Your own words")
    box.click()
    page.keyboard.type("embeding")
    page.keyboard.press("Enter")
    expect(page.get_by_text("did you mean embedding")).to_be_visible()
    expect(page.locator("[data-testid=stMultiSelect]").get_by_text("embeding", exact=True)).to_be_visible()


def test_enter_takes_the_very_word_that_was_typed(visit):
    page = visit("words_in_space")
    box = page.get_by_label("Your own words")
    box.click()
    page.keyboard.type("cat")
    page.keyboard.press("Enter")
    chosen = page.locator("[data-testid=stMultiSelect]")
    expect(chosen.get_by_text("cat", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("space_words=[^&]*cat(&|$|%2C)"))
    expect(page).not_to_have_url(re.compile("catholic"))


def test_choices_survive_a_visit_to_another_page(visit):
    page = visit("one_hot")
    type_into(page, "Your words", "zebra lion")
    expect(page.get_by_text("The one pair: cosine 0.00")).to_be_visible()
    page.get_by_role("link", name="Words in space").first.click()
    expect(page.get_by_role("heading", name="Words in space")).to_be_visible()
    page.get_by_role("link", name="One-hot vectors").first.click()
    expect(page.get_by_label("Your words")).to_have_value("zebra lion")


def test_absurd_settings_in_the_address_do_no_harm(visit):
    page = visit(
        "words_in_space?space_method=nonsense&space_perplexity=99999&space_seed=-7&space_groups=qq&space_chosen=%3Cb%3E"
    )
    expect(page.get_by_text("Not among the 400,000 words")).to_be_visible()
    expect(page.locator(".word-map .label").first).to_be_visible()
    page = visit("lookup_or_matmul?lookup_v=99999999999&lookup_d=x&lookup_b=-1&lookup_device=abacus")
    expect(page.get_by_text("Predict first.")).to_be_visible()
    expect(page.get_by_text("Something went wrong")).to_have_count(0)


def test_the_timing_chart_fills_and_a_second_visitor_waits(visit, browser: Browser, app_url: str):
    other = browser.new_page()
    other.goto(f"{app_url}/lookup_or_matmul")
    settle(other)
    page = visit("lookup_or_matmul")
    measure(page)
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible()
    measure(other)
    expect(other.get_by_text("You are next")).to_be_visible()
    expect(measured(page).first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(measured(other).first).to_be_visible()
    other.close()


def test_a_closed_tab_gives_up_its_place(visit, browser: Browser, app_url: str):
    page = visit("lookup_or_matmul")
    other = browser.new_page()
    other.goto(f"{app_url}/lookup_or_matmul")
    settle(other)
    measure(other)
    expect(other.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible()
    measure(page)
    expect(page.get_by_text("You are next")).to_be_visible()
    other.close()
    expect(measured(page).first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()


@pytest.mark.parametrize("path", [*GUESSES, *UNASKED])
def test_nothing_is_wider_than_the_screen(visit, page, path):
    page.set_viewport_size({"width": 390, "height": 900})
    visit(path)
    if path in GUESSES:
        guess = page.locator(f".st-key-{GUESSES[path]}").get_by_role("radio")
        guess.first.click()
        expect(guess).to_have_count(0)  # the answer stands in its place
        settle(page)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function("document.querySelector('[data-testid=stMain]').clientWidth > 1000")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0


def test_the_menu_has_the_lessons_from_the_first_moment(visit):
    page = visit("words_in_space")
    expect(page.locator("[data-testid=stSidebarNavLink]")).to_have_text(MENU)


def test_the_short_path_is_walked_by_its_next_links_and_back_by_the_others(visit):
    page = visit()
    for lesson in [*path()[1:], LESSONS[0]]:
        page.get_by_role("link", name=re.compile(f"^(Next|Back to the start): {lesson.title}$")).click()
        expect(page.get_by_role("heading", name=lesson.title, level=1)).to_be_visible()
        expect(page.get_by_text(f"What this page showed. {lesson.showed}")).to_be_visible()
        settle(page)
    page.goto(page.url.rstrip("/") + "/lookup_or_matmul")
    for lesson in path()[-2::-1]:
        page.get_by_role("link", name=f"Previous: {lesson.title}", exact=True).click()
        expect(page.get_by_role("heading", name=lesson.title, level=1)).to_be_visible()
        settle(page)


def test_a_text_is_cut_when_it_is_confirmed_and_a_token_read_out(visit):
    page = visit("tokenizers")
    box = page.get_by_label("Your text", exact=True)
    box.fill("a cat <b>")
    box.press("ControlOrMeta+Enter")
    tokens = page.locator(".coloured span")
    expect(tokens).to_have_text(["a", "␣cat", "␣<", "b", ">"])
    tokens.nth(1).hover()
    expect(page.locator(".readout")).to_contain_text("characters 2 to 5")
    page.get_by_text("Characters", exact=True).first.click()
    expect(tokens).to_have_count(9)


@pytest.mark.parametrize("sign", ["𠜎", "𒀀"])
def test_99_000_signs_of_four_bytes_are_cut(visit, sign):
    page = visit("tokenizers?tokenizers_name=Byte pairs (GPT-4o)")
    box = page.get_by_label("Your text", exact=True)
    box.fill(99_000 * sign)
    box.press("ControlOrMeta+Enter")
    expect(page.get_by_text(re.compile(r"^Tokens 1 to .* of \d{2,3},\d{3}\.$"))).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="Back from the ids")).to_contain_text("the same text")


def test_half_a_character_is_read_as_an_unknown_one(visit):
    page = visit("tokenizers?tokenizers_name=Characters")
    box = page.get_by_label("Your text", exact=True)
    box.fill("x")
    box.evaluate("box => box.setRangeText('\\ud800y', 1, 1)")
    box.dispatch_event("input")
    box.press("ControlOrMeta+Enter")
    expect(page.locator(".coloured span")).to_have_text(["x", "\ufffd", "y"])


def test_shuffling_moves_the_words(visit):
    page = visit("words_as_numbers")
    labels = page.locator(".st-key-numbers_line .textpoint")
    expect(labels).to_have_count(6)
    before = labels.all_text_contents()
    page.get_by_role("button", name="Shuffle").click()
    expect(labels.first).not_to_have_text(before[0])
    expect(page).to_have_url(re.compile("numbers_seed=1"))


def test_a_guess_reveals_the_cosines_of_the_table(visit):
    page = visit("vectors_with_meaning")
    expect(page.locator(".st-key-features_cosines")).to_have_count(0)
    page.get_by_role("radio", name="dog").click()
    expect(page.locator(".st-key-features_cosines tbody tr")).to_have_count(8)
    page.get_by_label("A further feature").fill("can fly")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("8 words and 6 features")).to_be_visible()


def test_the_network_lights_the_chosen_word(visit):
    page = visit("small_network?network_word=queen")
    expect(page.locator(".st-key-network_table tr.framed th")).to_have_text("queen")
    expect(page.locator(".st-key-network_figure .textpoint", has_text="queen 1")).to_have_count(1)


def test_the_training_of_the_network_is_played_to_its_end(visit):
    page = visit("small_network")
    value = page.locator(".st-key-network_table tbody td").first
    before = value.text_content()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".st-key-network_controls")).to_have_css("overflow", "visible")  # or it gets a scrollbar
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(value).not_to_have_text(before)
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("At step 400 it is")).to_be_visible()
    expect(page).to_have_url(re.compile("network_step=400"))


def edit_cell(page: Page, row: int, column: int, value: str) -> None:
    """Go to a cell of the table by keyboard, type ``value`` over what it holds and confirm it."""
    table = page.locator(".st-key-features_editor_0 [data-testid=stDataFrame]")
    expect(page.get_by_text("A network can do that")).to_be_visible()  # all of the page is there
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    table.click(position={"x": 220, "y": 60})
    page.keyboard.press("ControlOrMeta+Home")
    for key, times in (("ArrowDown", row), ("ArrowRight", column)):
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    field = page.locator("#portal input")
    expect(field).to_be_focused()
    field.fill(value)  # keys may find the caret before the 0 that is there, and make 10 of 1
    field.press("Enter")
    expect(field).to_have_count(0)


def test_an_edited_cell_changes_cosines_and_address_and_is_undone(visit):
    page = visit("vectors_with_meaning?show_answers=true")
    cosine = page.locator(".st-key-features_own tbody tr").nth(4).locator("td").first
    zero = re.compile(r"^0\.0+$")  # with as many digits as part the others from 1
    expect(cosine).to_have_text(zero)  # of apple and cat
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    edit_cell(page, 4, 1, "1")
    expect(cosine).not_to_have_text(zero)
    expect(page).to_have_url(re.compile("features_table=.*apple%2C1%2C1"))
    page.get_by_role("button", name="Undo").click()
    expect(cosine).to_have_text(zero)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page).not_to_have_url(re.compile("features_table"))


def test_a_text_in_a_number_cell_is_not_taken(visit):
    page = visit("vectors_with_meaning")
    edit_cell(page, 4, 1, "abc")
    page.get_by_role("radio", name="dog").click()
    expect(page.get_by_text("You said dog, and that is right")).to_be_visible()
    expect(page).not_to_have_url(re.compile("features_table"))


def test_the_network_learns_what_is_typed_and_answers_a_guess(visit):
    page = visit("small_network")
    box = page.get_by_label("What the network reads: one sentence on each line")
    box.fill("the sun shines\nthe moon shines\na fish swims")
    box.press("ControlOrMeta+Enter")
    rows = page.locator(".st-key-network_table tbody th")
    expect(rows).to_have_text(["a", "fish", "moon", "shines", "sun", "swims", "the"])
    select(page, "The word that goes in", "sun")
    expect(page.get_by_text("most like that of sun")).to_be_visible()
    page.get_by_role("radio", name="moon").click()
    expect(page.get_by_text("You said moon, and that is right")).to_be_visible()


def test_words_as_numbers_follow_the_words_and_answer_the_guess(visit):
    page = visit("words_as_numbers")
    type_into(page, "Your words", "sun moon star sky")
    expect(page.locator(".st-key-numbers_line .textpoint")).to_have_count(4)
    page.get_by_role("radio", name="about 1 time in 3").click()
    expect(page.get_by_text("You said “about 1 time in 3”, and that is right")).to_be_visible()


def test_two_ids_are_swapped_and_the_costs_guessed(visit):
    page = visit("one_hot?onehot_words=dog cat ant")
    heads = page.locator(".st-key-onehot_matrix thead th")
    page.get_by_text("Does it matter which word has which id?").click()
    for word in ("ant", "dog"):
        page.locator(".st-key-onehot_swap button", has_text=word).click()
        settle(page)
    expect(heads.first).to_contain_text("dog")
    expect(page.get_by_text("Largest change of any cosine: 0.00")).to_be_visible()
    expect(page).to_have_url(re.compile("onehot_swap=ant"))
    page.get_by_role("radio", name="640 GB").click()
    expect(page.get_by_text("You said “640 GB”, and that is right")).to_be_visible()


def test_other_sizes_of_the_layer_are_chosen_by_keyboard(visit):
    page = visit("embedding_layer")
    expect(page.get_by_text("Ids [3] → table W [4, 5]")).to_be_attached()  # in a fold
    page.get_by_role("slider", name=re.compile("Rows of the table")).press("ArrowRight")
    expect(page.get_by_text("Ids [3] → table W [5, 5]")).to_be_attached()  # in a fold
    expect(page).to_have_url(re.compile("layer_v=5"))


def test_each_page_has_a_title_of_its_own(visit):
    page = visit("one_hot")
    expect(page).to_have_title("One-hot vectors · Token Embedding Lab")


def test_the_code_of_a_panel_unfolds(visit):
    page = visit("words_as_numbers")
    page.get_by_text("Show the code").click()
    expect(page.locator("[data-testid=stCode]")).to_contain_text("np.random.default_rng(0)")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figures_follow_the_theme(browser: Browser, app_url: str, theme):
    page = browser.new_page(color_scheme=theme)
    page.goto(f"{app_url}/embedding_layer")
    settle(page)
    page.get_by_text("Go further: all ids at once").click()
    picture = page.locator('img[alt^="One-hot rows of the ids"]')
    expect(picture).to_have_js_property("complete", True)
    corner = picture.evaluate(
        """image => {
            const canvas = document.createElement("canvas").getContext("2d");
            canvas.drawImage(image, 0, 0);
            return canvas.getImageData(0, 0, 1, 1).data[0];
        }"""
    )
    assert (corner > 128) == (theme == "light")
    page.close()
