"""After the lookup: one row, two vectors."""

import pytest

from components.lessons.layer.after_the_lookup import GUESSES
from embeddings import jobs
from embeddings.common import one_torch_thread
from embeddings.transformer import STAGES, MiniLM, contextual_similarity
from embeddings.transformer.contextual import examples
from tests.pages.reading import chart, guess, numbers, run_until, words

BANK = {
    "after_word": "bank",
    "after_first": "river bank",
    "after_second": "bank loan",
    "after_third": "stream bank",
}


@pytest.fixture(scope="module")
def minilm():
    return MiniLM.load()


def reveal(app, said="0.7 to 0.9"):
    guess(app, "after_guess", said)
    run_until(app, lambda: "Finished" in words(app))
    return app


def curve(app, name):
    return next(numbers(trace["y"]) for trace in chart(app, "after_chart")["data"] if trace["name"] == name)


def test_the_first_example_is_the_one_that_was_measured_to_part_furthest(open_page):
    app = open_page("after_the_lookup")
    assert app.text_input(key="after_word").value == examples()[0].word
    assert app.text_input(key="after_first").value == examples()[0].sentence


def test_one_row_of_the_table_becomes_two_vectors_layer_by_layer(open_page, minilm):
    app = reveal(open_page("after_the_lookup", **BANK))
    with one_torch_thread():
        expected = contextual_similarity("river bank", "bank loan", "bank", minilm).cosines
    assert curve(app, "another sense") == pytest.approx(expected, abs=1e-4)
    assert len(expected) == len(STAGES)
    assert curve(app, "another sense")[0] == pytest.approx(1)
    assert f"It is **{expected[-1]:.2f}** after the last layer" in words(app)
    assert "You said “0.7 to 0.9”, and that is right" in words(app)


def test_the_guess_is_drawn_and_a_wrong_one_gets_the_answer(open_page):
    app = reveal(open_page("after_the_lookup", **BANK), "below 0.5")
    band = next(trace for trace in chart(app, "after_chart")["data"] if trace["name"] == "your guess")
    assert set(numbers(band["y"])) == set(GUESSES["below 0.5"])
    assert "You said “below 0.5”. The answer is “0.7 to 0.9”" in words(app)


def test_where_the_sense_does_not_show_the_page_says_so(open_page):
    app = reveal(
        open_page(
            "after_the_lookup",
            after_word="bank",
            after_first="the bank of the river",
            after_second="the bank of the city",
            after_third="we will bank the cheque",
        )
    )
    assert curve(app, "the same sense again")[-1] < curve(app, "another sense")[-1]
    assert "no higher than in another sense" in words(app)


def test_the_same_sentence_twice_leaves_one_vector(open_page):
    typed = BANK | {"after_first": BANK["after_second"], "after_third": " "}
    app = reveal(open_page("after_the_lookup", **typed))
    assert "It is **1.00** after the last layer. Here the row has stayed one vector" in words(app)


def test_without_a_third_sentence_there_is_one_curve(open_page):
    app = reveal(open_page("after_the_lookup", **BANK | {"after_third": " "}))
    assert [trace["name"] for trace in chart(app, "after_chart")["data"]] == ["your guess", "another sense"]


def test_an_example_that_is_chosen_stands_where_one_types(open_page):
    app = open_page("after_the_lookup")
    python = next(example for example in examples() if example.word == "python")
    app.selectbox(key="after_example").select(python).run()
    assert app.text_input(key="after_word").value == "python"
    assert app.text_input(key="after_third").value == python.same_sense


def test_a_word_of_several_pieces_is_told_so(open_page):
    typed = {"after_word": "embeddings", "after_first": "learn embeddings", "after_second": "my embeddings"}
    app = reveal(open_page("after_the_lookup", **typed, after_third=" "))
    assert "`embeddings` is cut into `em`, `##bed`, `##ding`, `##s`" in words(app)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"after_second": "a loan"}, "'a loan' does not have 'bank' as a word of its own"),
        ({"after_word": ""}, "Type a word to follow"),
        ({"after_first": ""}, "Type two sentences with 'bank'"),
        ({"after_first": "bank " * 350}, "At most 500 characters are used here"),
    ],
)
def test_what_cannot_be_followed_is_told_and_stays(open_page, changed, told):
    app = open_page("after_the_lookup", **BANK)
    ((key, text),) = changed.items()
    app.text_input(key=key).set_value(text).run()
    assert told in words(app)
    assert app.text_input(key=key).value == text
    assert not app.exception


def test_all_examples_are_measured_one_by_one_and_ranked(open_page):
    app = open_page("after_the_lookup")
    app.button(key="after_measure").click().run()
    run_until(app, lambda: "Finished" in words(app), seconds=180)
    across, within = (numbers(trace["x"]) for trace in chart(app, "after_senses")["data"])
    gaps = [b - a for a, b in zip(across, within, strict=True)]
    assert len(gaps) == len(examples())
    assert gaps == sorted(gaps, reverse=True)
    assert "And *river bank* beside *bank loan*? The two have a cosine of 0.80" in words(app)


def test_what_a_visitor_types_stays_with_them_alone(open_page):
    jobs.shared_queue()._answers.clear()
    reveal(open_page("after_the_lookup", **BANK))
    assert not jobs.shared_queue()._answers
