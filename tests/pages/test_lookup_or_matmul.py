"""Lookup or matmul: the timing lab."""

import threading
from dataclasses import replace

import pytest

from components import lab_words
from components.lab_panels import GUESSES
from embeddings import jobs, lookup
from embeddings.lookup import BACKWARD, BUILD, EMBEDDING, FORWARD, MATMUL, Plan, Timing
from embeddings.lookup.recording import to_json
from tests.pages.reading import chart, guess, numbers, run_until, words

PATIENCE = 60  # seconds until a test that hangs gives up
SIZES = (4, 30, 1_000, 3_000)


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 0.001)
    monkeypatch.setattr("components.lab_panels.ROOF_SECONDS", 0.001)
    monkeypatch.setattr("embeddings.lookup.roofline.SIDES", (("cpu", 64),))
    monkeypatch.setattr("embeddings.lookup.roofline.MAX_STREAM", 2**20)
    monkeypatch.setattr("components.lab_settings.SIZES", {"V": SIZES, "D": (5, 16, 64), "B": (1, 64)})
    monkeypatch.setattr("components.lab_settings.STARTS", {"V": 1_000, "D": 64, "B": 64})


@pytest.fixture
def app(open_page):
    app = open_page("lookup_or_matmul")
    guess(app, "lookup_guess", "300 times or more")
    return app


def points(app, key="lookup_chart"):
    """How many points were measured, in all curves."""
    return sum(len(numbers(trace["x"])) for trace in chart(app, key)["data"] if "error_y" in trace)


def curve(app, way, key="lookup_chart"):
    return next(trace for trace in chart(app, key)["data"] if trace.get("name", "").startswith(way))


def run(app):
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Finished" in words(app))


def run_anew(app):
    """Measure where there is a run already, which says that it is finished."""
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Finished" in words(app) and points(app) == 4 * len(SIZES))


def timing(way, V, median):
    return Timing(way, FORWARD, V, 64, 64, "cpu", 1, median, median, median, 30, blocks=9)


def test_a_guess_is_asked_for_with_a_picture_of_each_curve(open_page):
    app = open_page("lookup_or_matmul")
    pictures = chart(app, "lookup_choices")
    named = [pictures["layout"][f"xaxis{n}"]["title"]["text"].replace("<br>", " ") for n in ("", 2, 3, 4)]
    assert named == list(GUESSES)
    assert not [button for button in app.button if button.key == "lookup_measure"]


def test_the_guess_is_drawn_before_anything_is_measured(app):
    (band,) = chart(app, "lookup_chart")["data"]
    assert band["name"] == "your guess"
    assert points(app) == 0


def test_a_run_fills_the_chart_and_says_how_it_was_measured(app):
    run(app)
    assert points(app) == 4 * len(SIZES)
    assert "with 1 thread, D = 64, B = 64, float32, uniform ids" in words(app)
    assert "Measured first, at its best:" in words(app)


def test_the_verdict_answers_the_guess_and_names_where_the_matmul_was_faster(app):
    run(app)
    last = {way: numbers(curve(app, way)["y"])[-1] for way in (EMBEDDING, MATMUL)}
    ratio = last[MATMUL] / last[EMBEDDING]
    right = next(answer for answer, band in GUESSES.items() if ratio < band.high or answer == "300 times or more")
    assert ("and so it is" in words(app)) == (right == "300 times or more")
    assert right in words(app)
    assert any(said in words(app) for said in ("Up to V = ", "faster at every V", "The matmul was the faster at V = "))
    assert "With the building of its one-hot rows it is" in words(app)


def test_the_fitted_slopes_are_named_at_the_curves_and_below(app):
    run(app)
    for way in lookup.WAYS:
        assert ": V" in curve(app, way)["name"]
    assert "From V = 4 on, times grow so: " in words(app)  # two sizes alone lie beyond 1,000


def test_the_roof_can_be_taken_away(app):
    run(app)
    assert curve(app, "roof of nn.Embedding")
    app.toggle(key="lookup_roofs").set_value(False).run()
    assert not [trace for trace in chart(app, "lookup_chart")["data"] if trace["name"].startswith("roof")]


def test_other_phases_are_measured_and_shown_one_at_a_time(open_page):
    app = open_page("lookup_or_matmul", lookup_sparse="true", lookup_over="batch")
    app.button_group(key="lookup_phases").set_value(["backward", "optimiser step"]).run()
    assert "It grows too, as it copies B × D numbers" in words(app)
    guess(app, "lookup_guess_B")
    run(app)
    assert points(app) == 3 * 2
    app.segmented_control(key="lookup_phase").set_value(lookup.BACKWARD).run()
    assert points(app) == 4 * 2
    assert curve(app, "nn.Embedding, sparse")


def test_the_settings_travel_in_the_address(open_page):
    app = open_page(
        "lookup_or_matmul", lookup_over="dimension", lookup_b="1", lookup_dtype="bfloat16", lookup_cold="true"
    )
    guess(app, "lookup_guess_D_bfloat16")
    assert app.select_slider(key="lookup_b").value == 1
    app.session_state["lookup_timing_code"] = True
    app.run()
    assert any("over='D'" in code.value and "dtype='bfloat16'" in code.value for code in app.code)
    assert any("cold=True" in code.value and "B=1" in code.value for code in app.code)


def test_a_real_table_is_measured_in_parts_with_its_own_weights(open_page, monkeypatch):
    app = open_page("lookup_or_matmul", lookup_real="all-MiniLM-L6-v2: 30,522 × 384", lookup_b="1")
    assert "These are its real weights" in words(app)
    guess(app, "lookup_guess_minilm")
    run(app)
    assert numbers(curve(app, EMBEDDING)["x"]) == [476, 1907, 7630, 30522]


def test_what_does_not_fit_is_not_tried_and_drawn_hollow(app, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.allowed_bytes", lambda device: 1_000_000)
    run(app)
    hollow = curve(app, "one-hot @ W, not measured")
    assert numbers(hollow["x"])[-1] == 3_000
    assert hollow["marker"]["symbol"][-1] == "square-open"
    assert "Not tried, and drawn hollow where foretold" in words(app)
    assert "1 MB may be used here" in words(app)
    assert "was not measured; where it is foretold it would take" in words(app)


def test_the_memory_of_the_largest_point_is_told_before_it_is_tried(open_page, monkeypatch):
    monkeypatch.setattr("components.lab_settings.SIZES", {"V": (1_000, 50_257), "D": (64,), "B": (64, 8_192)})
    monkeypatch.setattr("components.lab_words.allowed_bytes", lambda device: 10**9)
    app = open_page("lookup_or_matmul", lookup_b="8,192")
    guess(app, "lookup_guess")
    told = "The largest of 8 points holds 4.94 GB of memory, and 1 GB may be used here. 3 points will not be tried"
    assert told in words(app)
    assert "The one-hot rows alone are 8,192 × 50,257 numbers, 1.65 GB; the lookup reads 8,192 ids" in words(app)


def test_the_guess_stays_in_sight_until_it_is_answered_and_a_run_can_be_stopped(app, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 0.2)
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: points(app) > 0)
    assert "Your guess: 300 times or more. The answer comes with the last point." in words(app)
    app.button(key="lookup_stop").click().run()
    run_until(app, lambda: "Stopped." in words(app))
    assert 0 < points(app) < 4 * len(SIZES)


def test_a_visitor_waits_in_line_behind_another_and_is_told_so(app):
    other_has_left = threading.Event()
    other = jobs.submit("another visitor", lambda report: other_has_left.wait(PATIENCE), jobs.TIMING)
    app.button(key="lookup_measure").click().run()
    assert any("You are next" in str(element.proto) for element in app.get("progress"))
    assert points(app) == 0
    other_has_left.set()
    assert other.wait(PATIENCE)
    run_until(app, lambda: "Finished" in words(app))
    assert points(app) == 4 * len(SIZES)


def test_a_chart_of_other_settings_says_so_and_its_answer_does_not_judge_the_guess(app):
    run(app)
    app.select_slider(key="lookup_d").set_value(16).run()
    assert "This chart is for other settings than you have chosen since" in words(app)
    assert "You said `300 times or more`" in words(app)  # of the run that the guess was about
    run_anew(app)
    assert "This chart is for other settings" not in words(app)
    assert "The answer is `" in words(app)
    assert "You said" not in words(app)


def test_for_another_axis_there_is_another_guess_and_the_first_one_stays(app):
    app.segmented_control(key="lookup_over").set_value("D").run()
    assert "The lookup is the blue line. It grows too" in words(app)
    guess(app, "lookup_guess_D", "3 to 30 times")
    run(app)
    assert "`3 to 30 times`" in words(app)
    app.segmented_control(key="lookup_over").set_value("V").run()
    assert not [group for group in app.button_group if group.key == "lookup_guess"]  # it was made before


def test_without_a_gpu_the_page_says_so_and_how_to_record_one(app):
    if lookup.devices() == ("cpu",):
        assert "finds no GPU on this server, and no recorded run of one comes with the app" in words(app)
    assert any("python -m embeddings.lookup --device cuda --out FILE" in code.value for code in app.code)


def recorded() -> bytes:
    plan = Plan(SIZES, device="cuda")
    timings = tuple(
        replace(timing(way, V, seconds * (V if way == MATMUL else 1)), device="cuda")
        for V in SIZES
        for way, seconds in ((EMBEDDING, 4e-6), (MATMUL, 1e-7))
    )
    machine = replace(lookup.this_machine(), accelerator="A <b>GPU</b>")
    return to_json(lookup.Recording(machine, (plan,), timings, (), ())).encode()


def test_a_recorded_run_is_opened_with_its_machine_and_slopes(app):
    app.file_uploader(key="lookup_file").upload("run.json", recorded(), "application/json").run()
    assert points(app, "recorded_chart") == 8
    assert "A <b>GPU</b>" in words(app)
    assert "one-hot @ W as **V¹·⁰**" in words(app)
    assert "The two curves meet at about V = **40**" in words(app)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{}", "The file is no recorded run"),
        (b"not json", "The file is not JSON"),
        (recorded().replace(b'"version": 1', b'"version": 7'), "of another version"),
    ],
)
def test_a_file_that_is_no_recorded_run_is_refused_with_a_sentence(app, data, told):
    app.file_uploader(key="lookup_file").upload("run.json", data, "application/json").run()
    assert told in words(app)
    assert not app.exception


def test_a_run_can_be_taken_home(app):
    run(app)
    app.session_state["lookup_timing_home"] = True
    app.run()
    offered = {button.proto.label for button in app.get("download_button")}
    assert {"CSV", "JSON", "HTML", "Python"} <= offered


def test_the_numbers_have_operations_and_bytes_for_every_point(app):
    run(app)
    app.session_state["lookup_numbers"] = True
    app.run()
    table = app.dataframe[0].value
    row = table[(table["way"] == MATMUL) & (table["V"] == 3_000)].iloc[0]
    assert (row["operations"], row["bytes"]) == (2 * 64 * 3_000 * 64, 4 * (64 * 3_000 + 3_000 * 64 + 64 * 64))
    assert row["held at once"] >= 4 * (64 * 3_000 + 3_000 * 64)  # its one-hot rows and W
    assert "gone over in turn" not in table
    assert len(table) == 4 * len(SIZES)


def test_figures_that_the_cache_flatters_are_said_to_be_so():
    machine = replace(lookup.this_machine(), cache_bytes=10**8)
    few = [replace(timing(MATMUL, 4, 1e-6), cold=True, rotated_bytes=10**6)]
    roof = lookup.Roofline("cpu", "float32", 1, bandwidth=1e10, peak=1e11, call_seconds=1e-6, streamed_bytes=10**7)
    said = " ".join(lab_words.findings(few, Plan((4,), cold=True), FORWARD, {}, None, roof, machine))
    assert "(over 10 MB, which flatters, as its cache holds 100 MB)" in said
    assert "At 1 point the runs went over less memory than the cache of 100 MB holds, which flatters" in said
    large = replace(machine, cache_bytes=10**5)
    assert "flatters" not in " ".join(lab_words.findings(few, Plan((4,), cold=True), FORWARD, {}, None, roof, large))


def test_the_crossover_in_words_is_the_largest_measured_size_where_the_matmul_won():
    plan = Plan((4, 30, 100))
    slow = [timing(EMBEDDING, V, 2e-6) for V in plan.sizes]
    fast = [timing(MATMUL, V, seconds) for V, seconds in zip(plan.sizes, (1e-6, 1.9e-6, 9e-6), strict=True)]
    assert lab_words.faster_up_to(slow + fast, plan) == "Up to V = 30 the matmul was the faster."
    never = [timing(MATMUL, V, 9e-6) for V in plan.sizes]
    assert lab_words.faster_up_to(slow + never, plan) == "The lookup was the faster at every V."
    assert lab_words.ratio(slow + fast, plan) == pytest.approx(4.5)
    odd = [timing(MATMUL, V, seconds) for V, seconds in zip(plan.sizes, (9e-6, 1e-6, 9e-6), strict=True)]
    assert lab_words.faster_up_to(slow + odd, plan) == "The matmul was the faster at V = 30."


def test_the_result_is_told_without_and_with_the_building_of_the_one_hot_rows():
    plan = Plan((4, 100))
    both = [timing(EMBEDDING, 100, 2e-6), timing(MATMUL, 100, 9e-6)]
    rows = replace(timing(MATMUL, 100, 3e-6), way=BUILD, phase=BUILD)
    assert "takes **4.5 times** as long as the lookup. The building of its one-hot rows was not" in lab_words.result(
        both, plan
    )
    assert "With the building of its one-hot rows it is **6.0 times**." in lab_words.result([*both, rows], plan)


@pytest.mark.parametrize(
    ("matmul", "said"),
    [
        ((1e-6, 4e-6), "Just below it the matmul wins"),
        ((4e-6, 1e-6), "Just below it the lookup was the faster, just above it the matmul."),
    ],
)
def test_who_wins_on_either_side_of_the_crossing_is_what_was_measured_there(matmul, said):
    plan = Plan((10, 1_000))
    timings = [timing(EMBEDDING, V, 2e-6) for V in plan.sizes]
    timings += [timing(MATMUL, V, seconds) for V, seconds in zip(plan.sizes, matmul, strict=True)]
    meet = lab_words.crossover(timings, plan, FORWARD)
    (sentence,) = lab_words.findings(timings, plan, FORWARD, {}, meet, None)
    assert sentence.startswith(f"The two curves meet at about V = **100**. {said}")


@pytest.mark.parametrize(("exponent", "said"), [(1.0, "V¹·⁰"), (0.0, "V⁰·⁰")])
def test_slopes_are_those_of_the_curves(exponent, said):
    plan = Plan((1_000, 3_000, 10_000))
    timings = [timing(MATMUL, V, 1e-6 * V**exponent) for V in plan.sizes]
    slopes = lab_words.slopes(timings, plan, FORWARD)
    assert slopes == {MATMUL: pytest.approx(exponent)}
    (sentence,) = lab_words.findings(timings, plan, FORWARD, slopes, None, None)
    assert f"one-hot @ W as **{said}**" in sentence


def test_disturbed_points_have_no_part_in_a_slope_and_few_points_give_none():
    plan = Plan((1_000, 3_000, 10_000, 30_000))
    timings = [timing(MATMUL, V, 1e-6 * V) for V in plan.sizes[:3]]
    wild = replace(timing(MATMUL, 30_000, 1.0), upper_quartile=2.0)
    assert lab_words.slopes([*timings, wild], plan, FORWARD) == {MATMUL: pytest.approx(1)}
    assert lab_words.slopes([*timings[:2], wild], plan, FORWARD)[MATMUL] > 1.5  # too few others
    assert lab_words.slopes(timings[:2], plan, FORWARD) == {}


def test_a_result_by_a_disturbed_point_says_so():
    both = [timing(EMBEDDING, 4, 1e-6), timing(MATMUL, 4, 5e-6)]
    assert "measure again" not in lab_words.result(both, Plan((4,)))
    both[1] = replace(both[1], upper_quartile=9e-6)
    assert "something else was running then: measure again" in lab_words.result(both, Plan((4,)))


def test_another_phase_than_was_asked_about_is_compared_too():
    plan = Plan((4,), phases=(FORWARD, BACKWARD))
    timings = [replace(timing(way, 4, seconds), phase=BACKWARD) for way, seconds in ((EMBEDDING, 2e-6), (MATMUL, 5e-6))]
    (sentence,) = lab_words.findings(timings, plan, BACKWARD, {}, None, None)
    assert sentence == "In this phase, backward, the matmul takes **2.5 times** as long as the lookup at V = 4."


def test_the_run_before_stays_while_a_guess_for_other_settings_is_asked(app):
    run(app)
    app.segmented_control(key="lookup_over").set_value("B").run()
    assert "times as long as the lookup will the matmul" in words(app)
    assert points(app) == 4 * len(SIZES)
    assert "This chart is for other settings" in words(app)


def test_disturbed_points_are_counted_in_words():
    wild = replace(timing(MATMUL, 4, 1e-6), upper_quartile=2e-6)
    (sentence,) = lab_words.findings([wild], Plan((4,)), FORWARD, {}, None, None)
    assert sentence.startswith("1 point in a ring: the runs there differed by more than 20%")
