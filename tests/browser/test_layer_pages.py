"""The chapter on the embedding layer in a real Chromium: stepped through, measured, and followed."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle


def curve_points(page: Page):
    return page.locator(".st-key-lookup_chart .scatterlayer .point")


def measured(page: Page):
    """What stands below a chart of a run, but not below the arithmetic that stands there before."""
    return page.locator(".st-key-lookup_programmers")


def guess_and_measure(page: Page) -> None:
    page.get_by_role("radio", name="30 to 300 times").click()
    page.get_by_role("button", name="Measure").click()


def test_the_layer_is_stepped_through_by_click_and_by_keyboard(visit):
    page = visit("embedding_layer")
    output = page.locator(".st-key-layer_output_0")
    expect(output.locator("td.empty")).to_have_count(10)
    page.get_by_role("button", name="Next").click()
    expect(output.locator("td.empty")).to_have_count(5)
    expect(page.locator(".st-key-layer_table tr.lit th")).to_have_text("row 3")
    expect(page.locator(".st-key-layer_products tr.greyed")).to_have_count(3)
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowRight")
    expect(output.locator("td.empty")).to_have_count(0)
    expect(page).to_have_url(re.compile("layer_step=3"))


def test_what_is_in_the_fold_of_the_layer_is_set_by_the_address_and_sets_it(visit):
    page = visit("embedding_layer?layer_dtype=bfloat16")
    told = page.get_by_text("each number takes 2 bytes")
    expect(told).to_be_hidden()
    page.get_by_text("For programmers").click()
    expect(told).to_be_visible()
    page.get_by_role("radio", name="float64").click()
    expect(page.get_by_text("each number takes 8 bytes")).to_be_visible()
    expect(page).to_have_url(re.compile("layer_dtype=float64"))


def test_the_picture_of_all_ids_is_moved_sideways_on_a_telephone(visit, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    visit("embedding_layer")
    page.get_by_text("all ids at once").click()
    picture = page.get_by_role("group", name=re.compile("One-hot rows of the ids 2, 3 and 1"))
    expect(picture).to_be_visible()
    assert picture.evaluate("frame => frame.scrollWidth - frame.clientWidth") > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_sentences_become_a_table_each(visit):
    page = visit("embedding_layer")
    page.get_by_text("The words of my sentences").click()
    box = page.get_by_label("Your sentences, one on each line")
    box.fill("<b>we</b> meet\nshalom שלום 😀")
    box.press("ControlOrMeta+Enter")
    expect(page.locator(".st-key-layer_output_1 tbody th", has_text="שלום")).to_have_count(1)
    page.get_by_text("what goes in and out, by its shape").click()
    expect(page.get_by_text("In letters: [B, T] → [B, T, D]")).to_be_visible()
    expect(page.locator("[data-testid=stMain] table b")).to_have_count(0)


def test_a_wrong_id_is_named_and_stays(visit):
    page = visit("embedding_layer?layer_ids=2%2C9")
    expect(page.get_by_text("'9' is no row of this table")).to_be_visible()
    expect(page.get_by_label("Ids, from 0 to V − 1")).to_have_value("2,9")


def test_the_lab_measures_while_a_second_browser_waits_its_turn(visit, browser: Browser, app_url: str):
    other = browser.new_page()
    other.goto(f"{app_url}/lookup_or_matmul")
    settle(other)
    page = visit("lookup_or_matmul")
    guess_and_measure(page)
    expect(measured(page)).to_be_visible()
    expect(curve_points(page).nth(2)).to_be_visible()
    guess_and_measure(other)
    expect(other.get_by_text("You are next")).to_be_visible()
    expect(measured(other)).to_have_count(0)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(measured(other)).to_be_visible()
    expect(curve_points(other).nth(2)).to_be_visible()
    other.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    other.close()


def test_a_real_table_is_chosen_by_a_button_and_kept_in_the_address(visit):
    page = visit("lookup_or_matmul")
    page.get_by_text("Settings", exact=True).click()
    page.get_by_text("GPT-2: 50,257 × 768").click()
    expect(page.get_by_text("then all its 50,257 rows. D is 768")).to_be_visible()
    expect(page).to_have_url(re.compile("lookup_real=GPT-2"))
    expect(page.locator(".st-key-lookup_choices g.subplot")).to_have_count(4)


def test_a_recorded_run_is_opened(visit, tmp_path):
    from tests.pages.layer.test_lookup_or_matmul import recorded

    file = tmp_path / "run.json"
    file.write_bytes(recorded())
    page = visit("lookup_or_matmul")
    page.get_by_text("On another machine").click()
    page.locator(".st-key-lookup_file input[type=file]").set_input_files(file)
    expect(page.get_by_text("A <b>GPU</b>").first).to_be_visible()
    expect(page.locator(".st-key-recorded_chart .scatterlayer .point").first).to_be_visible()


def test_one_word_is_followed_through_the_layers(visit):
    page = visit("after_the_lookup?after_word=bank&after_first=river%20bank&after_second=bank%20loan&after_third=bank")
    page.get_by_role("radio", name="0.7 to 0.9").click()
    expect(page.get_by_text("It is 0.80 after the last layer")).to_be_visible()
    expect(page.locator(".st-key-after_chart .scatterlayer .point").first).to_be_visible()
    page.get_by_label("In another sense").fill("a loan")
    page.get_by_label("In another sense").press("Enter")
    expect(page.get_by_text("'a loan' does not have 'bank' as a word of its own")).to_be_visible()


def test_after_a_change_of_settings_one_can_measure_again(visit):
    page = visit("lookup_or_matmul")
    main = page.get_by_test_id("stMain")
    main.get_by_role("radio", name="30 to 300 times").click()
    main.get_by_role("button", name="Measure").click()
    expect(measured(page)).to_be_visible()
    expect(page.locator(".st-key-lookup_chart .scatterlayer .point").first).to_be_visible()
    main.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_role("slider").last.press("ArrowLeft")
    again = page.get_by_text("Measure again to see the new ones")
    expect(again).to_be_visible()
    main.get_by_role("button", name="Measure").click()
    expect(again).to_have_count(0)
    main.get_by_role("button", name="Stop").click()
