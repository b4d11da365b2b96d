"""Watch embeddings being learned, in a real Chromium: trained, paused, stopped, scrubbed, used and taken home."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

SMALL = "corpus_size=1,000&word2vec_epochs=3&word2vec_dimension=16"
LONG = "corpus_size=5,000&word2vec_epochs=60"


def begin(page: Page, answer: str = "about a third") -> None:
    page.get_by_role("radio", name=answer).click()
    page.get_by_role("button", name="Train", exact=True).click()


def loss(page: Page):
    return page.locator("[data-testid=stMetric]", has_text="Loss").first.locator("[data-testid=stMetricValue]")


def go_to(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settle(page)


def test_a_run_is_watched_scrubbed_and_its_table_used_on_another_page(visit):
    page = visit(f"word2vec?{SMALL}")
    begin(page)
    expect(page.get_by_text("Finished in")).to_be_visible()
    expect(page.get_by_text("of its way to")).to_be_visible()
    expect(page.locator(".st-key-training_map .scatterlayer .point").first).to_be_visible()
    end = loss(page).inner_text()
    scrubber = page.get_by_role("slider", name=re.compile("Snapshot"))
    scrubber.press("Home")
    expect(page.get_by_text("0 tokens, loss").first).to_be_visible()
    expect(page.locator(".st-key-training_loss .shapelayer path")).to_have_count(1)
    assert end == loss(page).inner_text()  # the numbers above are those of the whole run
    page.get_by_role("button", name="Use it on all pages").click()
    settle(page)
    go_to(page, "Words in space")
    page.get_by_role("button", name="About", exact=False).first.click()
    expect(page.get_by_text("Trained by you")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-space_map canvas").first).to_be_visible()
    go_to(page, "word2vec")
    expect(page.get_by_text("All pages of “Play with embeddings” use it now")).to_be_visible()


def test_a_run_pauses_goes_on_and_stops(visit):
    page = visit(f"word2vec?{LONG}")
    begin(page)
    page.get_by_role("button", name="Pause").click()
    line = page.get_by_test_id("stProgress")
    expect(line).to_contain_text("Paused. ")
    expect(loss(page)).to_be_visible()
    held, before = line.inner_text(), loss(page).inner_text()
    page.get_by_role("button", name="Go on").click()
    expect(line).not_to_contain_text(held.split(" · ")[0])
    expect(loss(page)).not_to_have_text(before)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    expect(page.get_by_text("Before and after")).to_be_visible()


def test_the_table_goes_home_and_comes_back(visit, tmp_path):
    page = visit(f"word2vec?{SMALL}")
    begin(page)
    expect(page.get_by_text("Finished in")).to_be_visible()
    page.get_by_role("button", name="Take it home").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="safetensors").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.keyboard.press("Escape")
    go_to(page, "Sources of vectors")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(file)
    expect(page.get_by_text(re.compile(r"Read \d+ words × 16 numbers"))).to_be_visible()


def test_the_gradient_of_one_batch_and_what_the_model_writes(visit):
    page = visit("language_model?corpus_size=1,000&language_steps=50&language_dimension=16")
    page.get_by_role("radio", name="only those of its own tokens").click()
    expect(page.get_by_text("You said “only those of its own tokens”, and that is right")).to_be_visible()
    page.get_by_text("What if W also gives the scores?").click()
    told = page.get_by_text(re.compile(r"\d+ of [\d,]+ rows change"))
    expect(told).to_be_visible()
    changed, V = re.search(r"(\d+) of ([\d,]+) rows", told.inner_text()).groups()
    assert 0 < int(changed) < int(V.replace(",", ""))
    expect(page.locator(".st-key-language_rows .scatterlayer .point")).to_have_count(int(changed))  # the batch's tokens
    page.get_by_text("Show it with a tied output").click()
    expect(page.get_by_text(f"{V} of {V} rows change with a tied output")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("50 steps, loss").first).to_be_visible()
    expect(page.get_by_text("0 steps, loss").first).to_be_visible()
    go_to(page, "What was learned")
    expect(page.get_by_text("Silhouette of the six categories")).to_be_visible()


def test_the_line_over_a_tenth_is_of_the_run_that_is_judged(visit):
    page = visit(f"word2vec?{SMALL}")
    begin(page)
    expect(page.get_by_text("Finished in")).to_be_visible()
    go_to(page, "A language model's table")
    begin(page, "only those of its own tokens")
    expect(page.get_by_text("steps, loss").first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    go_to(page, "What was learned")
    page.locator(".st-key-learned_guess").get_by_role("radio").first.click()
    page.get_by_role("button", name="Train on a tenth").click()
    finished, idle = page.get_by_text("Finished in"), page.get_by_text("Not trained yet.")
    expect(finished).to_be_visible()
    for judged, (ended, not_begun) in (("your language model", (0, 1)), ("your word2vec", (1, 0))):
        page.get_by_role("radio", name=judged).click()
        expect(finished).to_have_count(ended)
        expect(idle).to_have_count(not_begun)


def test_who_trains_without_a_guess_sees_the_answer_and_the_panel_has_the_page_ask_again(visit):
    page = visit(f"word2vec?{SMALL}")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("Finished in")).to_be_visible()
    expect(page.get_by_text(re.compile("The answer is “(about|more)"))).to_be_visible()
    again, answers = page.get_by_role("button", name="Guess again"), page.locator(".st-key-word2vec_guess")
    again.focus()
    page.keyboard.press("Enter")
    expect(answers.get_by_role("radio")).to_have_count(3)
    expect(again).to_have_count(0)
    answers.get_by_role("radio").first.click()
    expect(page.get_by_text(re.compile("You said “about a tenth"))).to_be_visible()


def test_settings_travel_in_the_address(visit):
    page = visit("word2vec?corpus=news&word2vec_method=CBOW&word2vec_epochs=3")
    expect(page.get_by_role("radio", name="CBOW")).to_be_checked()
    expect(page.get_by_text("66,451")).to_be_visible()
    page.get_by_role("radio", name="fastText").click()
    expect(page).to_have_url(re.compile("word2vec_method=fastText"))
