"""Lookup or matmul: the identity and the timing."""

import threading

import numpy as np
import pytest

from components.size_choice import SIZES
from components.sweep import GUESSES, crossover
from embeddings import jobs, lookup
from tests.pages.reading import chart, drawing, guess, numbers, run_until, words

PATIENCE = 60  # seconds until a test that hangs gives up


@pytest.fixture
def app(open_page, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 0.001)
    app = open_page("lookup_or_matmul")
    guess(app, "lookup_guess", "300 times or more")
    return app


def metric(app, label):
    return next(metric.value for metric in app.metric if metric.label.startswith(label))


def measured(app):
    return sum(len(numbers(trace["x"])) for trace in chart(app, "lookup_chart")["data"])


def test_the_lesson_opens_with_a_4_by_5_table_and_ids_2_3_1(app):
    table = np.array(drawing(app, "lookup_table")["values"])
    rows = np.array(drawing(app, "lookup_nn.Embedding")["values"])
    assert table.shape == (4, 5)
    assert (rows == table[[2, 3, 1]]).all()


def test_the_three_ways_give_the_same_rows(app):
    pictures = [drawing(app, f"lookup_{way}")["values"] for way in lookup.WAYS]
    assert pictures[0] == pictures[1] == pictures[2]
    assert metric(app, "Largest difference between the outputs") == "0"


def test_the_rows_looked_up_are_framed(app):
    assert drawing(app, "lookup_table")["framed"] == [1, 2, 3]


def test_of_a_wide_table_the_first_columns_are_shown(app):
    app.select_slider(key="lookup_d").set_value(512).run()
    assert np.shape(drawing(app, "lookup_table")["values"]) == (4, 32)
    assert "The first 32 rows and columns are shown" in words(app)


def test_the_multiplications_by_zero_are_counted(app):
    assert metric(app, "Multiplications by zero") == "45"
    app.select_slider(key="lookup_v").set_value(1_000).run()
    assert metric(app, "Multiplications by zero") == f"{3 * 999 * 5:,}"


def test_a_table_too_large_to_compare_is_refused_with_a_sentence(app):
    app.select_slider(key="lookup_v").set_value(50_257)
    app.select_slider(key="lookup_d").set_value(512).run()
    assert "would take 1.44 GB to compare, and a page may take 64 MB" in words(app)
    assert metric(app, "Multiplications by zero") == f"{3 * 50_256 * 512:,}"
    assert not app.exception


def test_a_sweep_fills_the_chart_and_says_what_was_measured(app):
    assert measured(app) == 0
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Finished" in words(app))
    assert measured(app) == 40
    assert "Measured on cpu with 1 thread, D = 5, B = 3" in words(app)


def test_nothing_is_measured_before_the_guess_which_the_sweep_then_answers(open_page, app):
    assert not [button for button in open_page("lookup_or_matmul").button if button.key == "lookup_measure"]
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Finished" in words(app))
    median = {trace["name"].split(":")[0]: numbers(trace["y"])[-1] for trace in chart(app, "lookup_chart")["data"]}
    ratio = median["one-hot @ W"] / median["nn.Embedding"]
    right = next(answer for answer, below in GUESSES.items() if ratio < below)
    assert ("and so it is" in words(app)) == (right == "300 times or more")
    assert right in words(app)
    assert "Up to V = " in words(app) or "faster at every V" in words(app)


def test_the_guess_is_shown_until_it_is_answered_and_the_crossover_is_measured(app, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 0.2)
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Your guess: 300 times or more" in words(app))
    app.button(key="lookup_stop").click().run()
    assert crossover({(way, V): 1.0 for way in lookup.WAYS for V in SIZES}) == "The lookup was the faster at every V."
    faster = {(lookup.MATMUL, V): 1.0 if V <= 30 else 3.0 for V in SIZES} | {(lookup.EMBEDDING, V): 2.0 for V in SIZES}
    assert crossover(faster) == "Up to V = 30 the matmul was the faster."


def test_a_sweep_can_be_stopped_and_keeps_what_it_has(app, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 0.2)
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: measured(app) > 0)
    app.button(key="lookup_stop").click().run()
    run_until(app, lambda: "Stopped." in words(app))
    assert 0 < measured(app) < 40


def test_a_visitor_waits_in_line_behind_another_and_is_told_so(app):
    other_has_left = threading.Event()
    other = jobs.submit("another visitor", lambda report: other_has_left.wait(PATIENCE), jobs.TIMING)
    app.button(key="lookup_measure").click().run()
    assert any("You are next" in str(element.proto) for element in app.get("progress"))
    assert measured(app) == 0
    other_has_left.set()
    assert other.wait(PATIENCE)
    run_until(app, lambda: "Finished" in words(app))
    assert measured(app) == 40


def test_sizes_beyond_the_memory_are_refused_with_the_bytes(app, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.allowed_bytes", lambda device: 1_000_000)
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "would take" in words(app))
    assert "at most 1 MB may be used here" in words(app)
