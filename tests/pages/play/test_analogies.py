"""Analogies: both rankings, a dropped term, the parallelogram, and any sum."""

import pytest

from embeddings.similarity import ANALOGIES, METHODS, analogy_rankings, parallelogram, rank_expression
from embeddings.similarity.analogies import analogy_terms
from embeddings.sources import load
from tests.pages.reading import chart, guess, numbers, unfold, words


@pytest.fixture(scope="module")
def glove():
    return load()


NAMES = {"3CosAdd": "add and subtract (3CosAdd)", "3CosMul": "multiply and divide (3CosMul)"}


def ranking(app, key) -> list[str]:
    return chart(app, key)["data"][0]["hovertext"]


@pytest.mark.parametrize("method", METHODS)
def test_both_rankings_stand_side_by_side(open_page, glove, method):
    app = open_page("analogies", analogy_method=NAMES[method])
    guess(app, "analogy_guess", "king")
    rankings = analogy_rankings(glove, "man", "king", "woman", n=8, method=method)
    assert ranking(app, "analogy_with") == [token for token, _ in rankings.with_inputs]
    assert ranking(app, "analogy_without") == [token for token, _ in rankings.without_inputs]
    assert numbers(chart(app, "analogy_with")["data"][0]["x"]) == pytest.approx([s for _, s in rankings.with_inputs])


def test_king_itself_wins_and_the_page_says_so(open_page):
    app = open_page("analogies")
    guess(app, "analogy_guess", "queen")
    assert ranking(app, "analogy_with")[0] == "king"
    assert ranking(app, "analogy_without")[0] == "queen"
    assert "You said `queen`. The answer is `king`" in words(app)


def test_the_answer_is_told_with_both_cosines_where_the_picture_draws_another_word_nearer(open_page, glove):
    app = open_page("analogies")
    guess(app, "analogy_guess", "queen")
    rankings = analogy_rankings(glove, "man", "king", "woman", n=1)
    king, queen = rankings.with_inputs[0][1], rankings.without_inputs[0][1]
    near = f"`king` is nearer to the cross: its cosine with it is {king:.2f}, that of `queen` {queen:.2f}."
    assert f"The picture has 2 of 50 dimensions. In all 50, {near}" in words(app)
    app.button_group(key="analogy_method").set_value(NAMES["3CosMul"]).run()
    assert "The picture has 2" not in words(app)


@pytest.mark.parametrize("preset", ANALOGIES, ids=lambda preset: f"{preset.c}-{preset.expected}")
def test_each_example_is_taken_and_explained(open_page, preset):
    app = open_page("analogies")
    app.button(key="analogy_guess_show").click().run()
    app.selectbox(key="analogy_example").set_value(preset).run()
    assert [app.text_input(key=f"analogy_{letter}").value for letter in "abc"] == [preset.a, preset.b, preset.c]
    assert ranking(app, "analogy_without")[0] == preset.found
    assert ranking(app, "analogy_with")[0] == preset.found_with_inputs
    assert f"it {'works' if preset.succeeds else 'fails'}.** {preset.reason}" in words(app)


def test_an_example_can_be_taken_again_after_it_was_changed(open_page):
    app = open_page("analogies")
    for _ in range(2):
        app.selectbox(key="analogy_example").set_value(ANALOGIES[1]).run()
        assert app.text_input(key="analogy_a").value == ANALOGIES[1].a
        app.text_input(key="analogy_a").set_value("cat").run()
        assert app.text_input(key="analogy_a").value == "cat"


def test_each_term_can_be_dropped(open_page, glove):
    app = unfold(open_page("analogies"), "analogy_dropped")
    inputs = {"king", "man", "woman"}
    for place, word in enumerate(analogy_terms("man", "king", "woman")):
        rest = {term: weight for term, weight in {"king": 1, "man": -1, "woman": 1}.items() if term != word}
        expected = [token for token, _ in rank_expression(glove, rest).with_inputs if token not in inputs]
        assert ranking(app, f"analogy_drop_{place}") == expected[:5]
    assert "Without `man`: **`king` + `woman`**" in words(app)
    assert "Without `king`: **`woman` − `man`**" in words(app)


def test_a_word_that_is_missing_can_be_replaced_by_the_usual_one(open_page):
    app = open_page("analogies", analogy_a="qqzzx")
    (offer,) = [button for button in app.button if "which this table has" in button.label]
    assert "`man`" in offer.label
    offer.click().run()
    assert app.text_input(key="analogy_a").value == "man"


def test_what_gives_the_answer_away_is_folded(open_page):
    folds = {fold.label: fold.proto.expanded for fold in open_page("analogies").expander}
    assert folds["Go further: any sum you like"] is False
    assert folds["Go further: a sum without one of its words"] is False


def test_the_parallelogram_has_the_engines_corners(open_page, glove):
    app = open_page("analogies")
    drawn = parallelogram(glove, "man", "king", "woman", "queen")
    points = chart(app, "analogy_parallelogram")["data"][0]
    assert numbers(points["x"]) == pytest.approx(drawn.coordinates[:, 0], abs=1e-5)
    assert not app.metric
    unfold(app, "analogy_exact")
    assert next(metric.value for metric in app.metric if metric.label == "Cosine of the two steps") == "0.83"


def test_a_weighted_sum_is_ranked(open_page, glove):
    app = open_page("analogies", analogy_sum="2 cat - 0.5 Dog + banana")
    rankings = rank_expression(glove, {"cat": 2, "dog": -0.5, "banana": 1}, n=8)
    assert ranking(app, "analogy_sum_with") == [token for token, _ in rankings.with_inputs]
    assert ranking(app, "analogy_sum_without") == [token for token, _ in rankings.without_inputs]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write a sum of words"),
        ("king -", "is not a term"),
        ("king - king", "nothing is left"),
        ("qqqzzz + king", "Not among the 400,000 words of the table: `qqqzzz`"),
        ("99999 king", "must be a number from -1,000 to 1,000"),
        ("king + " * 200 + "man", "A sum may have 500 characters"),
        ("<b>x</b> + _y_ + 😀", "Not among the 400,000"),
    ],
)
def test_a_sum_that_cannot_be_ranked_gets_a_sentence_and_stays(open_page, typed, sentence):
    app = open_page("analogies")
    app.text_input(key="analogy_sum").set_value(typed).run()
    assert sentence in words(app)
    assert app.text_input(key="analogy_sum").value == typed
    assert not app.exception


@pytest.mark.parametrize(("a", "b", "c"), [("cat", "cat", "dog"), ("cat", "dog", "cat"), ("cat", "cat", "cat")])
def test_words_given_twice_get_a_sentence(open_page, a, b, c):
    app = open_page("analogies", analogy_a=a, analogy_b=b, analogy_c=c)
    guess(app, "analogy_guess")
    unfold(app, "analogy_dropped")
    assert not app.exception
    assert "choose three different ones" in words(app)
