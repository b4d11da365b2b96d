"""The report card of one table and of two."""

import csv
import io

import numpy as np
import pytest

from components import report_panels
from embeddings.evaluation import word_analogies, word_pairs
from embeddings.sources import DEFAULT, MINILM, load
from embeddings.word_vectors import WordVectors
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
    assert f"{353 - wordsim.used} of the 353 pairs of wordsim353 likewise" in words(app)
    counts = app.dataframe[0].value
    assert counts["answered"].tolist() == [part.correct for part in score.sections]
    assert counts["asked"].sum() == score.all.total
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


def test_a_test_of_over_a_minute_is_announced(open_page, monkeypatch):
    monkeypatch.setattr(report_panels, "_expected_seconds", lambda mark, limit, table: limit / 1_000)
    app = open_page("report_card", report_limit="30,000")
    guess(app, "report_guess", "about half")
    assert "This will take about" not in words(app)
    app.select_slider(key="report_limit").set_value(400_000).run()
    assert "This will take about 7 minutes here. It can be stopped at any time" in words(app)
    monkeypatch.setattr(report_panels, "_expected_seconds", lambda mark, limit, table: limit / 100)
    app.run()
    assert "A test is stopped after 15: choose fewer words" in words(app)


def test_all_words_of_a_larger_table_can_be_asked_for():
    large = WordVectors.of("large", [str(row) for row in range(400_001)], np.ones((400_001, 1), dtype=np.float32))
    assert report_panels.limits_of([large]) == (*report_panels.LIMITS, 400_001)
    assert report_panels.limits_of([load()]) == report_panels.LIMITS


def test_the_limit_of_a_larger_table_gives_way_to_the_largest_there_is(open_page, monkeypatch):
    monkeypatch.setattr(report_panels, "LIMITS", (10_000, 30_000))
    app = open_page("report_card", report_limit="400,000")
    assert app.select_slider(key="report_limit").value == 400_000
    app.sidebar.selectbox(key="source").set_value(MINILM).run()
    assert app.select_slider(key="report_limit").value == 30_522
    assert not app.exception
    assert not app.warning


def test_the_scores_as_csv_are_those_of_the_card():
    card = report_panels.test(load(), {"limit": LIMIT, "case_insensitive": True}, lambda *said: None, 0, 1)
    rows = list(csv.DictReader(io.StringIO(report_panels.as_csv({DEFAULT: card}))))
    assert [int(row["answered"]) for row in rows[:-2]][-1] == card.analogies.all.correct
    assert float(rows[-1]["spearman"]) == card.pairs["simlex999"].spearman
    assert {row["words"] for row in rows} == {"10000"}


def test_nothing_is_tested_before_the_guess(open_page):
    assert not [button for button in open_page("report_card").button if button.key == "report_start"]
