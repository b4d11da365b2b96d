"""How far maps can be trusted: said on every map, and of a whole table on a sample."""

import re

from tests.pages.reading import guess, run_until, words

FIGURES = {"Trustworthiness", "Continuity", "Neighbour overlap", "Correlation of distances"}


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def test_who_has_guessed_once_sees_the_figures_of_every_further_map(open_page):
    app = open_page("words_in_space")
    guess(app, "space_trust_guess", "1 in 4 to 1 in 2")
    of_pca = metrics(app)
    app.multiselect(key="space_components_2").set_value([3, 4]).run()
    assert set(metrics(app)) == set(of_pca) == FIGURES
    assert metrics(app) != of_pca


def test_of_a_few_words_one_neighbour_is_spoken_of_as_one(open_page):
    app = open_page("words_in_space")
    app.button_group(key="space_groups").set_value([]).run()
    app.multiselect(key="space_words").set_value(["cat", "dog", "car", "piano"]).run()
    assert "Take a word's nearest neighbour in all 50 dimensions." in words(app)
    guess(app, "space_trust_guess", "1 in 4 to 1 in 2")
    assert "The share of words whose nearest in the table is also the nearest on the map." in words(app)
    assert not re.search(r"\b1 (nearest|words|neighbours)\b", words(app))


def test_the_whole_table_is_judged_on_a_sample_and_says_so(open_page):
    app = open_page("whole_table")
    run_until(app, lambda: "Finished" in words(app))
    assert set(metrics(app)) == FIGURES
    assert 0.5 < float(metrics(app)["Trustworthiness"]) < 1
    assert "Measured on 2,000 words drawn at random" in words(app)
