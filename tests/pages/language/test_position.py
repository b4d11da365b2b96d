"""Where a token stands: two orders of the same words, rows of places, turned vectors, and a model without them."""

import pytest

from components.lessons.language import position
from components.lessons.language.position import DIFFERENT, NEARLY, SAME
from embeddings import jobs
from embeddings.common import InvalidInput
from embeddings.transformer import MiniLM, order_similarity, rotary_products
from tests.pages.reading import chart, guess, numbers, run_until, words
from tests.pages.test_show_the_code import run


@pytest.fixture(scope="module")
def minilm():
    return MiniLM.load()


def read(app):
    """The page once MiniLM has read both sentences."""
    run_until(app, lambda: "Finished" in words(app))
    return app


def headings(app):
    return chart(app, "order_strips")["data"][-1]["text"]


def test_before_the_guess_the_picture_shows_the_sentences_with_positions_alone(open_page, minilm):
    app = read(open_page("position"))
    found = order_similarity(minilm, "dog bites man", "man bites dog")
    assert headings(app) == [
        f"with positions: cosine {found.cosine_with_positions:.3f}",
        "without positions: after your guess",
    ]
    with_them, without, _ = chart(app, "order_strips")["data"]
    assert numbers(with_them["z"])[0] == pytest.approx(found.with_positions[0, :64].tolist(), abs=1e-4)
    assert not any(map(any, numbers(without["z"])))


def test_without_positions_both_orders_are_exactly_the_same(open_page):
    app = read(open_page("position"))
    guess(app, "position_guess", SAME)
    assert "You said “exactly the same”, and that is right. The cosine is **1.000**." in words(app)
    assert headings(app)[1] == "without positions: cosine 1.000"
    strips = numbers(chart(app, "order_strips")["data"][1]["z"])
    assert strips[2] == pytest.approx([0] * 64, abs=1e-4)


def test_a_wrong_guess_gets_the_answer(open_page):
    app = read(open_page("position"))
    guess(app, "position_guess", DIFFERENT)
    assert "The answer is “exactly the same”." in words(app)


def test_sentences_of_other_words_differ_anyway_and_the_words_are_named(open_page):
    app = read(open_page("position", position_second="man bites cat"))
    guess(app, "position_guess", SAME)
    assert "do not have the same tokens: one has more of `dog`, `cat`." in words(app)
    assert "So they differ anyway" in words(app)
    assert any(f"The answer is “{answer}”" in words(app) for answer in (NEARLY, DIFFERENT))


def test_the_same_sentence_twice_is_told_so(open_page):
    app = read(open_page("position", position_second="dog bites man"))
    guess(app, "position_guess", SAME)
    assert "the same tokens in the same order here" in words(app)


@pytest.mark.parametrize(("key", "text"), [("position_first", ""), ("position_second", "  ")])
def test_a_sentence_without_a_word_is_told_where_the_picture_was_and_the_rest_stays(open_page, key, text):
    app = open_page("position", **{key: text})
    assert "There is no word in one of the sentences" in app.columns[0].info[0].value
    assert app.slider(key="position_m").value == 5
    assert not app.error


def test_a_sentence_with_more_tokens_than_places_is_told_so(open_page):
    app = open_page("position")
    app.text_input(key="position_first").set_value("각 " * 249).run()
    assert "has places for 510" in words(app)
    assert app.text_input(key="position_first").value == "각 " * 249


def test_what_a_visitor_types_stays_with_them_alone(open_page):
    jobs.shared_queue()._answers.clear()
    read(open_page("position", position_first="my secret words", position_second="words secret my"))
    assert not jobs.shared_queue()._answers


def fails(*_, **__):
    raise InvalidInput("The sentences are out of order.")


def test_where_there_is_no_answer_the_guess_is_kept_and_that_is_said(open_page, monkeypatch):
    monkeypatch.setattr(position, "order_similarity", fails)
    app = open_page("position", position_first="a cat and a dog", position_second="a dog and a cat")
    guess(app, "position_guess", SAME)
    run_until(app, lambda: "There is no answer now" in words(app))
    assert "Your guess: “exactly the same”." in words(app)
    assert "The sentences are out of order." in words(app)


def test_the_dot_product_stays_when_both_places_move(open_page):
    app = open_page("position", position_m="5", position_n="3")
    told = [element.value for element in app.markdown if "the dot product is" in element.value]
    app.slider(key="position_m").set_value(9)
    app.slider(key="position_n").set_value(7).run()
    assert [element.value for element in app.markdown if "the dot product is" in element.value] == told
    app.slider(key="position_n").set_value(6).run()
    assert [element.value for element in app.markdown if "the dot product is" in element.value] != told
    heat, dots = chart(app, "position_products")["data"]
    assert numbers(heat["z"])[9][6] == pytest.approx(rotary_products((1, 0), (0.6, 0.8), 16)[9, 6])
    assert {m - n for m, n in zip(dots["y"], dots["x"], strict=True)} == {3}


def test_two_tables_of_places_are_drawn_thinned(open_page):
    app = open_page("position")
    for name in ("MiniLM", "sines"):
        (heat,) = chart(app, f"position_table_{name}")["data"]
        cells = numbers(heat["z"])
        assert (len(cells), len(cells[0])) == (128, 128)
        assert heat["x"][:2] == [0, 4]
    assert "one place in 4" in words(app)


def test_two_models_are_trained_and_the_sentence_follows_from_their_losses(open_page):
    app = open_page("position")
    app.button(key="position_start").click().run()
    run_until(app, lambda: "On held-out text the loss ends at" in words(app), seconds=120)
    ends = [
        numbers(trace["y"])[-1] for trace in chart(app, "position_losses")["data"] if trace["line"]["dash"] == "dash"
    ]
    assert f"**{ends[0]:.2f}** with positions and at **{ends[1]:.2f}** without" in words(app)
    assert "guesses worse" in words(app)
    app.number_input(key="position_seed").set_value(7).run()
    assert "On held-out text" not in words(app)


def test_the_code_says_what_the_page_shows(open_page):
    app = read(open_page("position"))
    found = run(app, "order")["found"]
    assert headings(app)[0] == f"with positions: cosine {found.cosine_with_positions:.3f}"
    names = run(app, "position_rotation")
    assert names["product"] == pytest.approx(names["further"])
    assert f"the dot product is **{names['product']:.3f}**".replace("-", "−") in words(app)
    means = run(app, "position_tables")["means"]
    assert f"1 apart {means[0]:.2f}".replace("-", "−") in words(app)


def test_the_code_of_the_training_gives_the_losses_shown(open_page):
    app = open_page("position")
    app.button(key="position_start").click().run()
    run_until(app, lambda: "On held-out text the loss ends at" in words(app), seconds=120)
    found = run(app, "position_ablation")["found"]
    assert f"**{found.with_positions[-1].held_out_loss:.2f}** with positions" in words(app)
