"""The report card of one table and of two."""

import pytest

from embeddings.evaluation import word_analogies, word_pairs
from embeddings.sources import DEFAULT, MINILM, load
from tests.pages.reading import chart, guess, numbers, run_until, words

LIMIT = 10_000


@pytest.fixture
def app(open_page):
    app = open_page("report_card", report_limit=f"{LIMIT:,}")
    guess(app, "report_guess", "about half")
    return app


def test_the_card(app):
    app.button(key="report_start").click().run()
    run_until(app, lambda: "Finished" in words(app))
    score = word_analogies(load(), limit=LIMIT)
    wordsim, simlex = word_pairs(load(), "wordsim353", limit=LIMIT), word_pairs(load(), "simlex999", limit=LIMIT)
    assert {metric.label: metric.value for metric in app.metric} == {
        "Meaning: analogies answered": f"{score.semantic.accuracy:.1%}",
        "Grammar: analogies answered": f"{score.syntactic.accuracy:.1%}",
        "WordSim-353: how related?": f"{wordsim.spearman:.2f}",
        "SimLex-999: how similar?": f"{simlex.spearman:.2f}",
    }
    assert numbers(chart(app, "report_sections")["data"][0]["x"]) == [part.accuracy for part in score.sections]
    assert f"answers {score.all.correct:,} of the {score.all.total:,} it was asked" in words(app)
    assert f"{score.all.skipped:,} questions of 19,544 skipped" in words(app)
    assert f"{wordsim.unknown:.1%} of the pairs of wordsim353 unknown" in words(app)
    assert "the 10,000 most frequent words, case ignored" in words(app)


def test_two_tables_side_by_side_and_a_card_of_other_settings_is_said_to_be_one(app):
    app.selectbox(key="report_other").set_value(MINILM).run()
    app.button(key="report_start").click().run()
    run_until(app, lambda: "Finished" in words(app))
    bars = chart(app, "report_sections")["data"]
    assert [bar["name"] for bar in bars] == [DEFAULT, MINILM]
    assert len(app.metric) == 8
    assert numbers(bars[1]["x"]) == [part.accuracy for part in word_analogies(load(MINILM), limit=LIMIT).sections]
    app.toggle(key="report_case").set_value(False).run()
    assert "This card is for other settings" in words(app)


def test_a_test_can_be_stopped(app):
    app.select_slider(key="report_limit").set_value(400_000).run()
    app.button(key="report_start").click().run()
    app.button(key="report_stop").click().run()
    run_until(app, lambda: "Stopped." in words(app))
    assert not app.metric


def test_nothing_is_tested_before_the_guess(open_page):
    assert not [button for button in open_page("report_card").button if button.key == "report_start"]
