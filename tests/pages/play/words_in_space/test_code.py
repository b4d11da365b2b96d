"""The code behind the map's panels, run as it stands and compared with what they show."""

import numpy as np
import pytest

from components.lessons.play.words_in_space.word_choice import AROUND, MOST_FREQUENT
from tests.pages.play.words_in_space.map_reading import in_shares, mapped, places, style_index
from tests.pages.reading import guess, run_until, words
from tests.pages.test_show_the_code import run


@pytest.mark.parametrize(
    "options",
    [
        {"space_from": AROUND, "space_around": "piano", "space_count": "20"},
        {"space_from": MOST_FREQUENT, "space_frequent": "100", "space_method": "UMAP", "space_seed": "4"},
        {"space_method": "t-SNE", "space_metric": "cosine", "space_start": "random"},
    ],
)
def test_the_map(open_page, options):
    app = open_page("words_in_space", **options)
    run_until(app, lambda: "space_method" not in options or "Finished" in words(app))
    names = run(app, "space_map")
    assert names["words"] == mapped(app)
    assert np.abs(in_shares(names["places"]) - places(app)).max() < 1e-3


def test_added_words_and_clusters(open_page):
    app = open_page("words_in_space", space_colour="cluster", space_add="goat")
    names = run(app, "space_map")
    both = np.concatenate([names["places"], names["added"]])
    assert np.abs(in_shares(both) - places(app)).max() < 1e-3
    assert names["found"].tolist() == style_index(app)[:-1]


def test_trust(open_page):
    app = open_page("words_in_space", space_chosen="king")
    guess(app, "space_trust_guess", "1 in 4 to 1 in 2")
    shown = {metric.label: metric.value for metric in app.metric}
    names = run(app, "space_trust")
    assert shown["Trustworthiness"] == f"{names['trust'].trustworthiness:.3f}"
    assert shown["Continuity"] == f"{names['trust'].continuity:.3f}"
    assert shown["Correlation of distances"] == f"{names['trust'].spearman:.2f}"
    assert len(names["near"].kept) + len(names["near"].missed) == 10


def test_the_whole_table(open_page):
    app = open_page("whole_table")
    run_until(app, lambda: "Finished" in words(app))
    guess(app, "whole_guess")
    names = run(app, "whole_map")
    assert names["counts"].sum() == 400_000
    assert len(names["points"]) == 20_000
    shown = app.dataframe[0].value.values.tolist()
    assert [token for token, _ in names["nearer"]] == [token for token, _ in shown]
    # sums of another order may put a word just inside or outside
    assert [count for _, count in names["nearer"]] == pytest.approx([count for _, count in shown], abs=3)


def test_trust_in_the_whole_table(open_page):
    app = open_page("whole_table")
    run_until(app, lambda: "Finished" in words(app))
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Trustworthiness"] == f"{run(app, 'whole_trust')['trust'].trustworthiness:.3f}"
