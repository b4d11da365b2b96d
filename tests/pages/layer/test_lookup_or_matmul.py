"""Lookup or matmul: the timing lab."""

import threading
from dataclasses import replace

import pytest
from streamlit import get_option

from components.lessons.layer.lookup_or_matmul import sentences
from components.lessons.layer.lookup_or_matmul.panels import GUESSES
from embeddings import jobs, lookup
from embeddings.lookup import BACKWARD, BUILD, EMBEDDING, FORWARD, MATMUL, Sweep, Timing
from embeddings.lookup.run_file import MAX_RUN_BYTES, to_json
from tests.pages.reading import chart, guess, numbers, run_until, shorten_lab, unfold, words

PATIENCE = 60  # seconds until a test that hangs gives up
SIZES = (4, 30, 1_000, 3_000)


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch):
    shorten_lab(monkeypatch, {"V": SIZES, "D": (5, 16, 64), "B": (1, 64)})


@pytest.fixture
def app(open_page):
    app = open_page("lookup_or_matmul")
    guess(app, "lookup_guess", "300 times or more")
    return app


def points(app, key="lookup_chart"):
    """How many points were measured, in all curves."""
    return sum(len(numbers(trace["x"])) for trace in chart(app, key)["data"] if "error_y" in trace)


def curve(app, variant, key="lookup_chart"):
    traces = chart(app, key)["data"]
    return next(t for t in traces if t.get("legendgroup") == variant or t.get("name", "").startswith(variant))


def run(app):
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Finished" in words(app))


def draw_every_way(app):
    app.toggle(key="lookup_ways").set_value(True).run()


def run_anew(app):
    """Measure where there is a run already, which says that it is finished."""
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Finished" in words(app) and points(app) == 2 * len(SIZES))


def timing(variant, V, median):
    return Timing(variant, FORWARD, V, 64, 64, "cpu", 1, median, median, median, 30, blocks=9)


def test_a_guess_is_asked_for_with_a_picture_of_each_curve(open_page):
    app = open_page("lookup_or_matmul")
    assert "How many times as long as the lookup will the matmul take at V = 3,000?" in words(app)
    assert not [element for element in app.get("plotly_chart") if element.proto.id.endswith("-lookup_chart")]
    pictures = chart(app, "lookup_choices")
    named = [pictures["layout"][f"xaxis{n}"]["title"]["text"].replace("<br>", " ") for n in ("", 2, 3, 4)]
    assert named == list(GUESSES)


def test_who_measures_without_a_guess_sees_it_all_and_may_guess_still(open_page):
    app = open_page("lookup_or_matmul")
    run(app)
    assert points(app) == 2 * len(SIZES)
    assert "The answer is “" in words(app)
    app.button(key="lookup_guess_again").click().run()
    guess(app, "lookup_guess", "30 to 300 times")
    assert "You said “30 to" in words(app)


def test_the_guess_is_drawn_before_anything_is_measured(app):
    drawn = [trace["name"] for trace in chart(app, "lookup_chart")["data"]]
    assert drawn == ["your guess"]
    assert points(app) == 0


def test_the_work_is_counted_in_a_fold_before_anything_is_measured(app):
    (fold,) = [fold for fold in app.expander if fold.label == "Go further: count the work of both ways"]
    assert not fold.proto.expanded
    counted = curve(app, "matmul, by arithmetic", "lookup_counted")
    assert numbers(counted["y"]) == list(SIZES)  # V multiplications for each number copied


def test_a_run_fills_the_chart_and_says_how_it_was_measured(app):
    run(app)
    assert points(app) == 2 * len(SIZES)
    assert "with 1 thread, D = 64, B = 64, float32, uniform ids" in words(app)
    assert "The machine's best was measured first:" in words(app)


def test_the_verdict_answers_the_guess_and_names_where_the_matmul_was_faster(app):
    run(app)
    last = {variant: numbers(curve(app, variant)["y"])[-1] for variant in (EMBEDDING, MATMUL)}
    ratio = last[MATMUL] / last[EMBEDDING]
    right = next(answer for answer, band in GUESSES.items() if ratio < band.high or answer == "300 times or more")
    assert ("and that is right" in words(app)) == (right == "300 times or more")
    assert right in words(app)
    told = ("take equally long at about V = ", "At every V that was measured, the ")
    count = sum(sentence in words(app) for sentence in told)
    assert count == 1 or (count == 0 and "A thin ring: " in words(app))
    assert "With the time to build its one-hot rows it takes" in words(app)


def test_the_two_ways_of_the_question_are_drawn_alone_until_the_others_are_asked_for(app):
    run(app)
    ways = {trace["legendgroup"]: trace for trace in chart(app, "lookup_chart")["data"] if "error_y" in trace}
    assert {group: way["name"] for group, way in ways.items()} == {
        EMBEDDING: "lookup",
        MATMUL: "matmul (matrix product)",
    }
    assert not any(trace["error_y"]["visible"] for trace in ways.values())
    draw_every_way(app)
    assert points(app) == 4 * len(SIZES)
    assert curve(app, EMBEDDING)["error_y"]["visible"]


def test_the_fitted_slopes_are_named_at_the_curves_and_below(app):
    run(app)
    draw_every_way(app)
    for variant in lookup.VARIANTS:
        assert curve(app, variant)["name"].startswith((f"{variant}: V", f"{variant}: does not grow"))
    assert "From V = 4 on, the time" in words(app)  # two sizes alone lie beyond 1,000


def test_the_roof_is_drawn_when_it_is_asked_for(app):
    run(app)
    assert not [trace for trace in chart(app, "lookup_chart")["data"] if trace["name"].startswith("roof")]
    app.toggle(key="lookup_roofs").set_value(True).run()
    assert curve(app, "roof of nn.Embedding")


def test_after_guess_again_the_run_is_out_of_sight_until_the_question_is_open(app, monkeypatch):
    run(app)
    before = curve(app, MATMUL)["y"]
    monkeypatch.setattr("components.session.background_jobs.start", None)  # nothing is measured anew
    for key in ("lookup_measure", "lookup_guess_show"):
        app.button(key="lookup_guess_again").click().run()
        assert not [element for element in app.get("plotly_chart") if element.proto.id.endswith("-lookup_chart")]
        assert "take equally long" not in words(app)
        assert "Measured on" not in words(app)
        assert "Your last result is kept." in words(app)
        app.button(key=key).click().run()
        assert curve(app, MATMUL)["y"] == before
        assert "The answer is “" in words(app)
        assert "Your last result is kept." not in words(app)


def test_other_phases_are_measured_and_shown_one_at_a_time(open_page):
    app = open_page("lookup_or_matmul", lookup_sparse="true", lookup_over="batch")
    app.button_group(key="lookup_phases").set_value(["backward", "optimiser step"]).run()
    assert "It grows too: with a larger B, the lookup copies more numbers." in words(app)
    guess(app, "lookup_guess_B")
    run(app)
    assert points(app) == 2 * 2
    draw_every_way(app)
    assert points(app) == 3 * 2
    app.segmented_control(key="lookup_phase").set_value(lookup.BACKWARD).run()
    assert points(app) == 4 * 2
    assert curve(app, "nn.Embedding, sparse")


def test_a_gpu_of_another_machine_can_be_chosen_and_its_loss_is_a_sentence(open_page, monkeypatch):
    monkeypatch.setattr(jobs.shared_queue(), "backend", jobs.InProcess(has_gpu=True))  # and then it is gone
    app = open_page("lookup_or_matmul", lookup_device="cuda", show_answers="true")
    assert app.button_group(key="lookup_device").value == "cuda"
    assert "of memory." in words(app)
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "torch finds no 'cuda' here" in words(app))


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
    assert "Not measured, and drawn hollow where estimated" in words(app)
    assert "1 MB may be used here" in words(app)
    assert "was not measured. A forecast from its other times: " in words(app)


def test_the_memory_of_the_largest_point_is_told_before_it_is_tried(open_page, monkeypatch):
    monkeypatch.setattr(
        "components.lessons.layer.lookup_or_matmul.settings.SIZES", {"V": (1_000, 50_257), "D": (64,), "B": (64, 8_192)}
    )
    monkeypatch.setattr("components.lessons.layer.lookup_or_matmul.sentences.allowed_bytes", lambda device: 10**9)
    app = open_page("lookup_or_matmul", lookup_b="8,192")
    guess(app, "lookup_guess")
    told = "The largest needs 4.94 GB of memory; 1 GB may be used here. So 3 points will not be measured"
    assert told in words(app)
    assert "Its one-hot rows alone are 8,192 × 50,257 numbers, 1.65 GB. The lookup reads only 8,192 ids" in words(app)
    assert any(told in said.value for said in app.info)  # where nobody must look for it


def test_the_guess_stays_in_sight_until_it_is_answered_and_a_run_can_be_stopped(app, monkeypatch):
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 0.2)
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: points(app) > 0)
    assert "Your guess: “300 times or more”. The answer comes with the last point." in words(app)
    app.button(key="lookup_stop").click().run()
    run_until(app, lambda: "Stopped." in words(app))
    assert 0 < points(app) < 2 * len(SIZES)


def test_a_visitor_waits_in_line_behind_another_and_is_told_so(app):
    other_has_left = threading.Event()
    other = jobs.submit("another visitor", lambda report: other_has_left.wait(PATIENCE), jobs.TIMING)
    app.button(key="lookup_measure").click().run()
    assert any("You are next" in str(element.proto) for element in app.get("progress"))
    assert points(app) == 0
    other_has_left.set()
    assert other.wait(PATIENCE)
    run_until(app, lambda: "Finished" in words(app))
    assert points(app) == 2 * len(SIZES)


def test_a_chart_of_other_settings_says_so_and_the_question_about_the_new_ones_is_asked_anew(app):
    run(app)
    app.select_slider(key="lookup_d").set_value(16).run()
    assert "This chart is for your earlier settings" in words(app)
    assert not any(said in words(app) for said in ("You said", "The answer is"))
    run_anew(app)
    assert "This chart is for your earlier settings" not in words(app)
    assert "The answer is “" in words(app)
    assert not any(said in words(app) for said in ("You said", "Your guess:"))


def test_for_another_axis_there_is_another_guess_and_the_first_one_stays(app):
    app.segmented_control(key="lookup_over").set_value("D").run()
    assert "Blue: the lookup's time. It grows too" in words(app)
    guess(app, "lookup_guess_D", "3 to 30 times")
    run(app)
    assert "“3 to 30 times”" in words(app)
    app.segmented_control(key="lookup_over").set_value("V").run()
    assert not [group for group in app.button_group if group.key == "lookup_guess"]  # it was made before


def test_without_a_gpu_the_page_says_so_and_how_to_record_one(app):
    if lookup.devices() == ("cpu",):
        assert "finds no GPU on this server" in words(app)
    assert any("python -m embeddings.lookup --device cuda --out FILE" in code.value for code in app.code)


def test_a_run_of_a_gpu_comes_with_the_app_and_gives_way_to_the_readers(app):
    assert not [chart for chart in app.get("plotly_chart") if chart.proto.id.endswith("-gpu_chart")]
    unfold(app, "lookup_elsewhere")
    assert points(app, "gpu_chart")
    assert "H100 80GB" in words(app)
    plan = app.selectbox(key="gpu_plan")
    for number in range(len(plan.options)):
        plan.select_index(number).run()
        assert not app.exception
    app.file_uploader(key="lookup_file").upload("run.json", recorded(), "application/json").run()
    assert points(app, "recorded_chart") == 8
    assert "H100 80GB" not in words(app)


def test_the_readers_run_stands_beside_that_of_the_gpu(app):
    unfold(app, "lookup_elsewhere")
    assert "Measure above" in words(app)
    run(app)
    drawn = {trace["name"]: trace for trace in chart(app, "two_machines")["data"] if trace.get("showlegend", True)}
    assert list(drawn) == ["matmul, here", "lookup, here", "matmul, GPU", "lookup, GPU"]
    assert [size in drawn["matmul, GPU"]["x"] for size in SIZES] == [True] * len(SIZES)
    assert len(numbers(drawn["matmul, here"]["y"])) == len(SIZES)
    answers = [f"The GPU's {way} is " for way in ("matmul", "lookup")]
    assert not any(answer in words(app) for answer in answers)
    unfold(app, "two_machines_answer")
    assert all(answer in words(app) for answer in answers)


def test_a_run_that_is_to_be_guessed_again_does_not_stand_beside_the_gpus(app):
    run(app)
    unfold(app, "lookup_elsewhere")
    assert chart(app, "two_machines")
    app.button(key="lookup_guess_again").click().run()
    assert not [found for found in app.get("plotly_chart") if found.proto.id.endswith("-two_machines")]


def test_another_batch_than_the_gpus_has_no_chart_of_both(app):
    app.segmented_control(key="lookup_over").set_value("D").run()
    guess(app, "lookup_guess_D")
    run(app)
    unfold(app, "lookup_elsewhere")
    assert "no part with these settings" in words(app)


def recorded() -> bytes:
    sweep = Sweep(SIZES, device="cuda")
    timings = tuple(
        replace(timing(variant, V, seconds * (V if variant == MATMUL else 1)), device="cuda")
        for V in SIZES
        for variant, seconds in ((EMBEDDING, 4e-6), (MATMUL, 1e-7))
    )
    machine = replace(lookup.this_machine(), accelerator="A <b>GPU</b>")
    return to_json(lookup.BenchmarkRun(machine, (sweep,), timings, (), ())).encode()


def test_a_recorded_run_is_opened_with_its_machine_and_slopes(app):
    app.file_uploader(key="lookup_file").upload("run.json", recorded(), "application/json").run()
    assert points(app, "recorded_chart") == 8
    assert "A <b>GPU</b>" in words(app)
    assert "one-hot @ W as **V¹·⁰**" in words(app)
    assert "The two ways take equally long at about V = **40**" in words(app)


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


def test_the_uploader_takes_files_up_to_the_size_that_the_server_and_the_reader_take(app):
    megabytes = app.file_uploader(key="lookup_file").proto.max_upload_size_mb
    assert megabytes == get_option("server.maxUploadSize") == MAX_RUN_BYTES / 2**20


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
    said = " ".join(sentences.details(few, Sweep((4,), cold=True), {}, roof, machine))
    assert "(over 10 MB, which flatters, as its cache holds 100 MB)" in said
    assert "At 1 point the runs used less memory than the cache of 100 MB holds, which flatters" in said
    large = replace(machine, cache_bytes=10**5)
    assert "flatters" not in " ".join(sentences.details(few, Sweep((4,), cold=True), {}, roof, large))


def test_one_sentence_tells_where_the_two_ways_are_equal_and_who_wins_on_either_side():
    sweep = Sweep((4, 30, 100))
    slow = [timing(EMBEDDING, V, 2e-6) for V in sweep.sizes]

    def told(*seconds):
        timings = slow + [timing(MATMUL, V, each) for V, each in zip(sweep.sizes, seconds, strict=True)]
        (sentence,) = sentences.findings(timings, sweep, FORWARD, lookup.crossover(timings, phase=FORWARD))
        return sentence

    once = told(1e-6, 1.9e-6, 9e-6)
    assert once.startswith("The two ways take equally long at about V = **31**, between the measured 30 and 100. For s")
    assert told(9e-6, 9e-6, 9e-6) == "At every V that was measured, the lookup is faster."
    assert told(1e-6, 1e-6, 1e-6) == "At every V that was measured, the matmul is faster."
    assert "That is the last of several such points" in told(9e-6, 1e-6, 9e-6)
    fast = [timing(MATMUL, V, seconds) for V, seconds in zip(sweep.sizes, (1e-6, 1.9e-6, 9e-6), strict=True)]
    assert lookup.time_ratio(slow + fast, sweep) == pytest.approx(4.5)


def test_where_most_points_were_disturbed_no_crossing_is_told():
    sweep = Sweep((10, 1_000))
    timings = [timing(EMBEDDING, V, 2e-6) for V in sweep.sizes]
    timings += [timing(MATMUL, V, seconds) for V, seconds in zip(sweep.sizes, (1e-6, 4e-6), strict=True)]
    half = [replace(each, upper_quartile=9e-6) for each in timings[:2]] + timings[2:]
    meet = lookup.crossover(timings, phase=FORWARD)
    assert "equally long at about V" in sentences.findings(half, sweep, FORWARD, meet)[0]
    most = [replace(each, upper_quartile=9e-6) for each in timings[:3]] + timings[3:]
    assert sentences.findings(most, sweep, FORWARD, meet) == []


def test_the_result_is_told_without_and_with_the_building_of_the_one_hot_rows():
    sweep = Sweep((4, 100))
    both = [timing(EMBEDDING, 100, 2e-6), timing(MATMUL, 100, 9e-6)]
    rows = replace(timing(MATMUL, 100, 3e-6), variant=BUILD, phase=BUILD)
    alone = "takes **4.5 times** as long as the lookup. The time to build its one-hot rows was not measured"
    assert alone in sentences.result(both, sweep)
    built = "With the time to build its one-hot rows it takes **6.0 times** as long."
    assert built in sentences.result([*both, rows], sweep)


@pytest.mark.parametrize(
    ("matmul", "said"),
    [
        ((1e-6, 4e-6), "For smaller V the matmul is faster"),
        ((4e-6, 1e-6), "For smaller V the lookup is faster, for larger ones the matmul."),
    ],
)
def test_who_wins_on_either_side_of_the_crossing_is_what_was_measured_there(matmul, said):
    sweep = Sweep((10, 1_000))
    timings = [timing(EMBEDDING, V, 2e-6) for V in sweep.sizes]
    timings += [timing(MATMUL, V, seconds) for V, seconds in zip(sweep.sizes, matmul, strict=True)]
    meet = lookup.crossover(timings, phase=FORWARD)
    (sentence,) = sentences.findings(timings, sweep, FORWARD, meet)
    where = "The two ways take equally long at about V = **100**, between the measured 10 and 1,000."
    assert sentence.startswith(f"{where} {said}")


@pytest.mark.parametrize(
    ("exponent", "said"), [(1.0, "one-hot @ W as **V¹·⁰**"), (0.0, "one-hot @ W **does not grow with V**")]
)
def test_slopes_are_those_of_the_curves(exponent, said):
    sweep = Sweep((1_000, 3_000, 10_000))
    timings = [timing(MATMUL, V, 1e-6 * V**exponent) for V in sweep.sizes]
    slopes = lookup.slopes(timings, sweep, FORWARD)
    assert slopes == {MATMUL: pytest.approx(exponent)}
    (sentence,) = sentences.details(timings, sweep, slopes, None)
    assert said in sentence


def test_a_result_by_a_disturbed_point_says_so():
    both = [timing(EMBEDDING, 4, 1e-6), timing(MATMUL, 4, 5e-6)]
    assert "Measure again" not in sentences.result(both, Sweep((4,)))
    both[1] = replace(both[1], upper_quartile=9e-6)
    assert "something else was running then. Measure again" in sentences.result(both, Sweep((4,)))


def test_another_phase_than_was_asked_about_is_compared_too():
    sweep = Sweep((4,), phases=(FORWARD, BACKWARD))
    timings = [
        replace(timing(variant, 4, seconds), phase=BACKWARD) for variant, seconds in ((EMBEDDING, 2e-6), (MATMUL, 5e-6))
    ]
    sentence, faster = sentences.findings(timings, sweep, BACKWARD, None)
    assert faster == "At every V that was measured, the lookup is faster."
    assert sentence == "In this phase, backward, the matmul takes **2.5 times** as long as the lookup at V = 4."


def test_the_run_before_stays_while_a_guess_for_other_settings_is_asked(app):
    run(app)
    app.segmented_control(key="lookup_over").set_value("B").run()
    assert "How many times as long as the lookup will the matmul take at B = 64?" in words(app)
    assert points(app) == 2 * len(SIZES)
    assert "This chart is for your earlier settings" in words(app)


def test_other_settings_can_be_measured_again_without_another_guess(app):
    run(app)
    app.segmented_control(key="lookup_over").set_value("B").run()
    assert "Measure again to see the new ones" in words(app)
    app.button(key="lookup_measure").click().run()
    run_until(app, lambda: "Finished" in words(app))
    assert "This chart is for your earlier settings" not in words(app)
    assert chart(app, "lookup_chart")["layout"]["xaxis"]["title"]["text"].startswith("B")
    assert "Predict first" not in words(app)  # the answer is there
    app.segmented_control(key="lookup_over").set_value("D").run()
    assert "Predict first" in words(app)
    assert app.button(key="lookup_measure")


def test_disturbed_points_are_counted_in_words():
    wild = replace(timing(MATMUL, 4, 1e-6), upper_quartile=2e-6)
    (sentence,) = sentences.details([wild], Sweep((4,)), {}, None)
    assert sentence.startswith("1 point in a ring: the runs there differed by more than 20%")


def test_a_ring_is_explained_in_one_line_where_there_is_one():
    wild = replace(timing(MATMUL, 4, 1e-6), upper_quartile=2e-6)
    assert sentences.rings([wild]).startswith("A thin ring: ")
    assert not sentences.rings([timing(MATMUL, 4, 1e-6)])
