"""Cutting text into tokens, four ways."""

import pytest

from components.session.tokenizers import TITLES
from embeddings.sources import load
from embeddings.tokenizers import tokenizer
from tests.pages.reading import chart, drawing, words

TEXT = "The naïve cat's 😀 tokenization."


def typed(open_page, text, title=None):
    app = open_page("tokenizers")
    app.text_area(key="tokenizers_text").set_value(text).run()
    if title:
        app.segmented_control(key="tokenizers_name").set_value(title).run()
    assert not app.exception
    return app


def metric(app, label):
    return next(metric.value for metric in app.metric if metric.label == label)


@pytest.mark.parametrize("title", TITLES)
def test_the_tokens_drawn_are_those_of_the_tokenizer(open_page, title):
    app = typed(open_page, TEXT, title)
    encoding = tokenizer(TITLES[title], load().vocabulary).encode(TEXT)
    drawn = drawing(app, "tokenizers_tokens")["tokens"]
    assert [token["id"] for token in drawn] == list(encoding.ids)
    assert [tuple(token["span"]) for token in drawn] == list(encoding.spans)
    assert metric(app, "Tokens") == f"{len(encoding.tokens):,}"


def test_spaces_and_bytes_are_made_visible(open_page):
    drawn = drawing(typed(open_page, "a cat 🏴", "Byte pairs (GPT-4o)"), "tokenizers_tokens")["tokens"]
    assert [token["token"] for token in drawn[:2]] == ["a", "␣cat"]
    assert drawn[-1]["token"].startswith("⟨")
    assert "␣" not in drawn[-1]["token"]


def test_bytes_and_joiners_are_explained_where_there_are_any(open_page):
    assert "are *bytes*" in words(typed(open_page, "a 🏴", "Byte pairs (GPT-4o)"))
    assert "joins two emoji" in words(typed(open_page, "🧑\u200d🚀", "Characters"))
    assert "are *bytes*" not in words(typed(open_page, "a cat", "Byte pairs (GPT-4o)"))
    assert "␣ is a space" in words(typed(open_page, "a cat", "Byte pairs (GPT-4o)"))
    assert "␣ is a space" not in words(typed(open_page, "a cat", "Words"))


def test_the_counts_are_drawn_after_the_guess_and_not_before(open_page):
    app = typed(open_page, TEXT)
    assert not app.get("plotly_chart")
    app.button_group(key="tokenizers_guess").set_value("Characters").run()
    counts = chart(app, "tokenizers_counts")["data"][0]["x"]
    assert counts == [len(tokenizer(name, load().vocabulary).encode(TEXT).tokens) for name in TITLES.values()]
    fewest = min(counts)
    winners = [title for title, count in zip(TITLES, counts, strict=True) if count == fewest]
    quoted = [f"“{title}”" if " " in title else f"`{title}`" for title in winners]
    assert f"You said `Characters`. The answer is {' and '.join(quoted)}." in words(app)


def test_every_tokenizer_with_the_fewest_tokens_is_right(open_page):
    app = typed(open_page, "a b")
    app.button_group(key="tokenizers_guess").set_value("Word pieces (BERT)").run()
    assert "You said “Word pieces (BERT)”, and that is right. So are `Words` and “Byte pairs (GPT-4o)”." in words(app)


def test_what_the_winner_loses_is_said(open_page):
    app = typed(open_page, "qqqzzz The cat")
    app.button_group(key="tokenizers_guess").set_value("Words").run()
    assert "You said `Words`, and that is right" in words(app)
    assert "Words: 3 tokens, from a vocabulary of 400,000." in words(app)
    assert "But `Words` has no id for 1 of its tokens" in words(app)


def test_of_another_text_the_question_is_asked_anew(open_page):
    app = typed(open_page, "a cat")
    app.button_group(key="tokenizers_guess").set_value("Characters").run()
    app.text_area(key="tokenizers_text").set_value("a dog barks").run()
    assert not any(said in words(app) for said in ("You said", "The answer is"))
    assert app.button_group(key="tokenizers_guess").value is None


def test_byte_pairs_give_the_text_back_and_words_do_not(open_page):
    assert metric(typed(open_page, TEXT, "Byte pairs (GPT-4o)"), "Back from the ids") == "the same text"
    assert metric(typed(open_page, TEXT, "Words"), "Back from the ids") == "not the same"


def test_100_000_characters_are_shown_a_sheet_at_a_time(open_page):
    app = typed(open_page, "cat " * 25_000, "Words")
    assert len(drawing(app, "tokenizers_tokens")["tokens"]) == 1_000
    assert "Tokens 1 to 1,000 of 25,000." in words(app)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Type or paste"), ("a" * 100_001, "At most 100,000"), ("   ", "Type or paste")],
)
def test_no_text_and_too_much_text_get_a_sentence(open_page, text, sentence):
    app = typed(open_page, text)
    assert sentence in words(app)
    assert app.text_area(key="tokenizers_text").value == text


@pytest.mark.parametrize("sign", ["𠜎", "𒀀", "🇩"])
def test_99_000_rare_signs_are_shown(open_page, sign):
    app = typed(open_page, sign * 99_000, "Byte pairs (GPT-4o)")
    assert metric(app, "Back from the ids") == "the same text"
