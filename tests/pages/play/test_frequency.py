"""Frequency and length."""

import pytest

from embeddings.similarity import neighbor_ranks, neighbor_ranks_by_rank, norms_by_rank
from embeddings.sources import MINILM, load
from tests.pages.reading import chart, guess, numbers, run_until, words


@pytest.fixture
def app(open_page):
    app = open_page("frequency")
    guess(app, "frequency_guess", "longer vectors")
    return app


def test_the_median_of_the_lengths_is_drawn_against_the_rank(app):
    norms = norms_by_rank(load())
    lower, upper, median, _ = chart(app, "frequency_norms")["data"]
    assert numbers(lower["y"]) == pytest.approx(norms.quartiles[:, 0])
    assert numbers(median["y"]) == pytest.approx(norms.quartiles[:, 1])
    assert numbers(upper["y"]) == pytest.approx(norms.quartiles[:, 2])
    assert f"the rank correlation of rank and length is {norms.spearman:.2f}".replace("-", "−") in words(app)


def test_the_readers_words_stand_at_their_rank_and_length(app):
    table = load()
    dots = chart(app, "frequency_norms")["data"][3]
    assert numbers(dots["x"])[:3] == [1, 4, table.id("king") + 1]
    assert numbers(dots["y"])[2] == pytest.approx(float((table["king"] ** 2).sum() ** 0.5), rel=1e-5)


def test_the_neighbours_of_rare_words_are_rare(app):
    shown = app.dataframe[0].value.set_index("word")
    for word in ("the", "rutabaga"):
        ranks = neighbor_ranks(load(), word)
        assert shown.loc[word, "its rank"] == ranks.rank
        assert shown.loc[word, "median rank of its ten nearest"] == ranks.median


def test_a_table_in_another_order_is_said_to_be_so(open_page):
    app = open_page("frequency", source=MINILM)
    guess(app, "frequency_guess")
    assert "only if the table stands in the order of frequency" in words(app)


def test_the_company_of_words_all_over_the_table_is_drawn(app):
    run_until(app, lambda: "Each dot is one of" in words(app))
    company = neighbor_ranks_by_rank(load())
    _, dots, placed = chart(app, "frequency_company")["data"]
    assert numbers(dots["x"]) == company.ranks.tolist()
    assert numbers(dots["y"]) == company.medians.tolist()
    assert placed["text"][:2] == ["the", "of"]
    assert f"median of its ten nearest is {company.spearman:.2f}" in words(app)
