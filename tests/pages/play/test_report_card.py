"""The report card of one table and of two."""

import csv
import io

import numpy as np
import pytest

from components.lessons.play import report_card
from embeddings.evaluation import dataset_file, report_cards, word_analogies, word_pairs
from embeddings.similarity import cosines_with
from embeddings.sources import DEFAULT, MINILM, load
from embeddings.vectors import WordVectors
from tests.pages.reading import chart, guess, numbers, run_until, words

LIMIT = 10_000


@pytest.fixture
def app(open_page):
    app = open_page("report_card", report_limit=f"{LIMIT:,}", report_other=report_card.NONE)
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
    assert f"answers {score.all.correct:,} of the {score.all.total:,} questions it was asked" in words(app)
    assert f"Skipped, because a word is unknown: {score.all.skipped:,} of 19,544 analogies" in words(app)
    assert f"{353 - wordsim.used} of 353 pairs of WordSim-353" in words(app)
    counts = app.dataframe[0].value
    assert counts["answered"].tolist() == [part.correct for part in score.sections]
    assert counts["asked"].sum() == score.all.total
    assert "the 10,000 most frequent words, case ignored" in words(app)


def test_a_table_that_is_asked_nothing_is_not_graded(open_page):
    app = open_page("sources")
    app.file_uploader(key="source_files").set_value([("toy.txt", b"cat 1 0\ndog 0.9 0.1\napple 0 1\n", "")]).run()
    app.button(key="use_own_your toy.txt").click().run()
    app.switch_page("pages/play/report_card.py").run()
    guess(app, "report_guess", "fewer than 1 in 3")
    app.button(key="report_start").click().run()
    run_until(app, lambda: "Finished" in words(app))
    assert "`your toy.txt` could not be asked any analogy" in words(app)
    assert "and that is right" not in words(app)
    assert {metric.value for metric in app.metric} == {"–"}
    assert not [each for each in app.get("plotly_chart") if each.proto.id.endswith("-report_sections")]
    assert "Skipped, because a word is unknown: 19,544 of 19,544 analogies." in words(app)


def test_two_tables_side_by_side_and_a_card_of_other_settings_is_said_to_be_one(app):
    app.selectbox(key="report_other").set_value(MINILM).run()
    app.button(key="report_start").click().run()
    run_until(app, lambda: "Finished" in words(app))
    bars = chart(app, "report_sections")["data"]
    assert [bar["name"] for bar in bars] == [DEFAULT, MINILM]
    assert len(app.metric) == 8
    assert numbers(bars[1]["x"]) == [part.accuracy for part in word_analogies(load(MINILM), limit=LIMIT).sections]
    app.toggle(key="report_case").set_value(False).run()
    assert "This card is for other settings." in words(app)


def test_a_test_can_be_stopped(app):
    app.select_slider(key="report_limit").set_value(400_000).run()
    app.button(key="report_start").click().run()
    app.button(key="report_stop").click().run()
    run_until(app, lambda: "Stopped." in words(app))
    assert not app.metric


def test_a_test_of_over_a_minute_is_announced(open_page, monkeypatch):
    monkeypatch.setattr(report_card, "_expected_seconds", lambda mark, limit, table: limit / 1_000)
    app = open_page("report_card", report_limit="30,000", report_other=report_card.NONE)
    guess(app, "report_guess", "about half")
    assert "This will take about" not in words(app)
    app.select_slider(key="report_limit").set_value(400_000).run()
    assert "This will take about 7 minutes here. It can be stopped at any time." in words(app)
    monkeypatch.setattr(report_card, "_expected_seconds", lambda mark, limit, table: limit / 100)
    app.run()
    assert "A test is stopped after 15: choose fewer words" in words(app)


def test_all_words_of_a_larger_table_can_be_asked_for():
    large = WordVectors.of("large", [str(row) for row in range(400_001)], np.ones((400_001, 1), dtype=np.float32))
    assert report_card.limits_of([large]) == (*report_card.LIMITS, 400_001)
    assert report_card.limits_of([load()]) == report_card.LIMITS


def test_the_limit_of_a_larger_table_gives_way_to_the_largest_there_is(open_page, monkeypatch):
    monkeypatch.setattr(report_card, "LIMITS", (10_000, 30_000))
    app = open_page("report_card", report_limit="400,000")
    assert app.select_slider(key="report_limit").value == 400_000
    app.selectbox(key="source").set_value(MINILM).run()
    assert app.select_slider(key="report_limit").value == 30_522
    assert not app.exception
    assert not app.warning


def test_the_scores_as_csv_are_those_of_the_card():
    card = report_cards(load(), limit=LIMIT)[DEFAULT]
    rows = list(csv.DictReader(io.StringIO(report_card.as_csv({DEFAULT: card}))))
    assert [int(row["answered"]) for row in rows[:-2]][-1] == card.analogies.all.correct
    assert float(rows[-1]["spearman"]) == card.pairs["simlex999"].spearman
    assert {row["words"] for row in rows} == {"10000"}


def test_nothing_is_shown_before_the_test_which_needs_no_guess(open_page):
    app = open_page("report_card", report_limit=f"{LIMIT:,}", report_other=report_card.NONE)
    assert not app.metric
    app.button(key="report_start").click().run()
    run_until(app, lambda: "Finished" in words(app))
    assert "The answer is “" in words(app)
    assert len(app.metric) == 4
    app.button(key="report_guess_again").click().run()
    guess(app, "report_guess", "about half")
    assert "You said “about half”" in words(app)


def test_after_guess_again_the_card_is_out_of_sight_until_the_question_is_open(app, monkeypatch):
    app.button(key="report_start").click().run()
    run_until(app, lambda: "Finished" in words(app))
    scored = chart(app, "report_scores")["data"][0]["x"]
    monkeypatch.setattr("components.session.background_jobs.start", None)  # nothing is computed anew
    for key in ("report_start", "report_guess_show"):
        app.button(key="report_guess_again").click().run()
        assert not app.metric
        assert not app.dataframe
        assert chart(app, "report_scores")["data"][0]["x"] == [None] * 4
        assert "Your last result is kept." in words(app)
        app.button(key=key).click().run()
        assert len(app.metric) == 4
        assert chart(app, "report_scores")["data"][0]["x"] == scored
        assert "Your last result is kept." not in words(app)


def test_before_the_test_there_is_the_empty_scale_of_those_to_be_compared(open_page):
    app = open_page("report_card")
    bars = chart(app, "report_scores")["data"]
    assert [bar["name"] for bar in bars] == [DEFAULT, f"{DEFAULT}, shuffled"]
    assert all(score is None for bar in bars for score in bar["x"])
    app.selectbox(key="report_other").set_value(MINILM).run()
    assert [bar["name"] for bar in chart(app, "report_scores")["data"]] == [DEFAULT, MINILM]


def test_the_same_rows_shuffled_score_next_to_nothing(open_page):
    app = open_page("report_card", report_limit=f"{LIMIT:,}")
    app.button(key="report_start").click().run()
    run_until(app, lambda: "Finished" in words(app))
    own, by_chance = (numbers(bar["x"]) for bar in chart(app, "report_scores")["data"])
    score = word_analogies(load(), limit=LIMIT)
    assert own[:2] == [score.semantic.accuracy, score.syntactic.accuracy]
    assert own[2:] == [word_pairs(load(), name, limit=LIMIT).spearman for name in ("wordsim353", "simlex999")]
    assert max(by_chance) < 0.2 < min(own)


def test_an_example_of_each_test_is_shown_with_this_tables_answer(open_page):
    app = open_page("report_card")
    asked = "`Athens` is to `Greece` as `Baghdad` is to which word?"
    assert f"{asked} This table answers `iraq`. That is right." in words(app)
    cosine = cosines_with(load(), "tiger", ["cat"])[0]
    assert (
        f"People gave `tiger` and `cat` 7.35 of 10 points on average. In this table their cosine is {cosine:.2f}"
        in (words(app))
    )


def test_the_examples_follow_the_limit_and_the_case(open_page):
    app = open_page("report_card", report_limit=f"{LIMIT:,}")
    assert "This table answers `iraq`. That is right." in words(app)
    app.toggle(key="report_case").set_value(False).run()  # all words of the table are in lower case
    assert "The right answer is `Iraq`. Not all these words, spelled like this, are among the table's first 10,000" in (
        words(app)
    )
    assert "In this table their cosine is" in words(app)


@pytest.mark.parametrize("case_insensitive", [True, False])
def test_the_example_is_answered_among_the_first_words_as_in_the_test(tmp_path, case_insensitive):
    tokens = ["Greece", "baghdad", "Athens", "athens", "Baghdad", "GREECE", "iraq", "Iraq"]
    rows = [[1, 1, 0], [0, 0, 1], [1, 0, 0], [1, 0.1, 0], [0, 0.1, 1], [1, 1, 0.1], [0, 1, 1], [0, 1, 1.1]]
    table = WordVectors.of("toy", tokens, np.array(rows, dtype=np.float32))
    file = tmp_path / "one.txt"
    file.write_text(f": capitals\n{' '.join(report_card.QUESTION)}\n")
    for limit in range(1, len(tokens) + 1):
        score = word_analogies(table, limit=limit, case_insensitive=case_insensitive, file=file).all
        answer = report_card._example_answer(f"toy {case_insensitive}", limit, case_insensitive, table)
        assert (answer is None) == (score.total == 0)
        expected = answer == "Iraq" or (case_insensitive and answer == "iraq")
        assert expected == (score.correct == 1)


def test_the_examples_are_those_of_the_files():
    assert " ".join(report_card.QUESTION) in dataset_file("questions-words.txt").read_text(encoding="utf-8")
    first, second, judgement = report_card.PAIR
    assert f"{first}\t{second}\t{judgement}" in dataset_file("wordsim353.tsv").read_text(encoding="utf-8")
