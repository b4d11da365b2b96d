"""Similar words: rankings, strips and the matrix."""

import numpy as np
import pytest

from components.lessons.play.similar_words import METRICS, OTHERS, PREPARATIONS
from embeddings.similarity import columns_by_contribution, nearest
from embeddings.sources import load
from tests.pages.reading import chart, drawing, guess, numbers, words


@pytest.fixture(scope="module")
def glove():
    return load()


def strip(app) -> np.ndarray:
    return np.array(numbers(chart(app, "similar_strips")["data"][0]["z"]))


@pytest.mark.parametrize("vectors", PREPARATIONS)
@pytest.mark.parametrize("metric", METRICS)
def test_each_measure_ranks_each_preparation(open_page, glove, metric, vectors):
    app = open_page("similar_words", similar_metric=metric, similar_vectors=vectors, similar_word="piano")
    guess(app, "similar_guess", OTHERS)
    expected = nearest(glove, "piano", 10, METRICS[metric], PREPARATIONS[vectors], exclude=("piano",))
    bars = chart(app, "similar_scores")["data"][0]
    assert bars["hovertext"] == [token for token, _ in expected]
    assert numbers(bars["x"]) == pytest.approx([score for _, score in expected])


def test_words_that_stay_are_joined_and_the_others_stand_out(open_page):
    app = open_page("similar_words", similar_word="king")
    guess(app, "similar_guess", OTHERS)
    *lines, left, right = chart(app, "similar_ranks")["data"]
    both = {text.strip() for text in left["text"]} & {text.strip() for text in right["text"]}
    assert len(lines) == len(both) == 8
    assert "You said “some other words”, and that is right. 8 of the 10 words are in both lists" in words(app)


def test_of_unit_length_the_three_measures_agree(open_page):
    rankings = []
    for metric in METRICS:
        app = open_page("similar_words", similar_metric=metric, similar_vectors="of unit length")
        guess(app, "similar_guess")
        rankings.append(chart(app, "similar_scores")["data"][0]["hovertext"])
    assert rankings[0] == rankings[1] == rankings[2]


def test_nothing_is_ranked_by_another_measure_before_the_guess(open_page):
    keys = [element.proto.id for element in open_page("similar_words").get("plotly_chart")]
    assert not any(key.endswith(("-similar_ranks", "-similar_scores")) for key in keys)


def test_before_the_guess_the_ranking_by_cosine_is_shown(open_page, glove):
    app = open_page("similar_words", similar_word="piano")
    expected = nearest(glove, "piano", 10, exclude=("piano",))
    assert chart(app, "similar_cosines")["data"][0]["hovertext"] == [token for token, _ in expected]


@pytest.mark.parametrize(
    ("metric", "vectors"), [("Distance", "centred"), ("Cosine", "of unit length")], ids=["distance", "cosine"]
)
def test_where_a_preparation_changes_no_number_the_page_says_why(open_page, metric, vectors):
    shown = []
    for prepared in ("as they are", vectors):
        app = open_page("similar_words", similar_metric=metric, similar_vectors=prepared)
        guess(app, "similar_guess")
        shown.append(numbers(chart(app, "similar_scores")["data"][0]["x"]))
        assert ("The numbers stay the same here." in words(app)) == (prepared == vectors)
    assert shown[0] == pytest.approx(shown[1])


def test_the_measure_is_chosen_where_it_is_seen_and_a_link_keeps_it_until_then(open_page):
    app = open_page("similar_words", similar_metric="Distance")
    assert "similar_metric" not in [group.key for group in app.button_group]
    guess(app, "similar_guess", OTHERS)
    assert app.segmented_control(key="similar_metric").value == "Distance"
    assert app.query_params["similar_metric"] == "Distance"


def test_the_strips_are_the_rows_and_can_be_sorted_by_agreement(open_page, glove):
    app = open_page("similar_words", similar_words="cat dog horse", similar_sorted="false")
    rows = glove.rows(["cat", "dog", "horse"])
    assert strip(app) == pytest.approx(rows, abs=1e-6)
    app.toggle(key="similar_sorted").set_value(True).run()
    assert strip(app) == pytest.approx(rows[:, columns_by_contribution(rows)], abs=1e-6)


def test_the_matrix_puts_like_beside_like_or_keeps_the_order(open_page):
    app = open_page("similar_words", similar_words="cat bread dog cheese")
    together = drawing(app, "similar_matrix")["rows"]
    assert {frozenset(together[:2]), frozenset(together[2:])} == {
        frozenset(("cat", "dog")),
        frozenset(("bread", "cheese")),
    }
    app.toggle(key="similar_clustered").set_value(False).run()
    assert drawing(app, "similar_matrix")["rows"] == ["cat", "bread", "dog", "cheese"]


def test_where_a_table_lacks_the_word_it_offers_one_of_its_own(open_page):
    app = open_page("similar_words", similar_word="zzxqy", similar_words="zzxqy qqzzx")
    app.button(key="similar_word_take").click().run()
    assert app.text_input(key="similar_word").value == "king"
    app.button(key="similar_words_take").click().run()
    assert app.text_input(key="similar_words").value == "king queen prince cat dog horse"
    assert not app.warning


def test_one_word_asks_for_a_second(open_page):
    assert "at least two words to compare" in words(open_page("similar_words", similar_words="cat"))
