"""The timing lab: a guess, a run that one can watch, and what it shows."""

import math
from collections.abc import Hashable
from dataclasses import MISSING, fields, replace
from types import MappingProxyType

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.figures.timing import Band, choices_figure, counted_figure, lab_figure
from components.lessons.layer.lookup_or_matmul import sentences
from components.session import background_jobs
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import run_downloads
from components.ui.folds import for_programmers, go_further
from components.ui.predict import Guess
from embeddings import jobs, lookup
from embeddings.jobs import Call, Seen
from embeddings.lookup import BenchmarkRun, LabRun, ModelTable, Sweep, bytes_held, run_lab, to_csv, to_json

LOOKUP_JOB = "lookup"  # the name under which this page's run stands in line
ROOF_SECONDS = 0.1  # for each of the four measurements of what the machine allows
# Answers, each with what the matmul's time is expected to be, as multiples of the lookup's.
GUESSES = MappingProxyType(
    {
        "less than 3 times": Band(1 / 3, 3),
        "3 to 30 times": Band(3, 30),
        "30 to 300 times": Band(30, 300),
        "300 times or more": Band(300, 3_000),
    }
)
_MEANINGS = MappingProxyType(
    {
        "V": "the number of rows in the table",
        "D": "the number of numbers in a row",
        "B": "the number of ids that are looked up at once",
    }
)
Outcome = lookup.Timing | lookup.Extrapolated
_LOGARITHMIC = "The axes are logarithmic: an equal step up always means an equal factor."
_MATMUL_FORWARD = (lookup.MATMUL, lookup.FORWARD)
_MICROSECONDS = ("median µs", "lower quartile µs", "upper quartile µs", "roof µs")
_MEMORY = ("held at once", "gone over in turn")  # the second where the table is not to be in the cache


def ask(sweep: Sweep, model: ModelTable | None) -> Guess | None:
    """How much longer the reader expects the matmul to take; ``None`` while the question stands."""
    return predict.guess(
        _question(sweep),
        list(GUESSES),
        guess_key(sweep, model),
        about=what_matters(sweep),
        then="Choose one. Then measure the answer.",
        before=f"The *matmul* is the product of one-hot rows and the table. {sweep.over} is {_MEANINGS[sweep.over]}.",
    )


def _question(sweep: Sweep) -> str:
    largest = f"{sweep.over} = {sweep.sizes[-1]:,}"
    return f"How many times as long as the lookup will the matmul take at {largest}?"


def guess_key(sweep: Sweep, model: ModelTable | None) -> str:
    """One guess for each axis, type and model: another of them is another question, and may be guessed anew."""
    own = ("" if sweep.over == "V" else sweep.over, "" if sweep.dtype == "float32" else sweep.dtype)
    return "_".join(filter(None, ("lookup_guess", *own, model.name if model is not None else "")))


def what_matters(sweep: Sweep) -> Sweep:
    """``sweep`` with what the answer to the guess does not depend on as usual."""
    return replace(sweep, variants=lookup.VARIANTS, phases=(lookup.FORWARD,), min_run_seconds=None)


def places() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Where the picture and what it shows stand; beside it, the question and then the settings."""
    picture, narrow = beside()
    return picture, narrow.container(), narrow.container()


def show_lab(sweep: Sweep, model: ModelTable | None, picture: DeltaGenerator, question: DeltaGenerator) -> None:
    """Guess, measure, watch; or measure without a guess."""
    key, matters = guess_key(sweep, model), what_matters(sweep)
    job, asked = background_jobs.latest(LOOKUP_JOB), (matters, _real(model))
    begun = job is not None and job.key == asked and (job.active or job.snapshot is not None)
    if begun and not predict.ever_answered(key):
        predict.skip(key, matters)  # there is nothing left to guess

    measuring = Call(run_lab, (sweep, _real(model), ROOF_SECONDS))

    def begin() -> None:  # private: nobody else is given what was measured before
        if predict.reopen(key, matters) and background_jobs.is_done(LOOKUP_JOB, asked):
            return
        background_jobs.start(LOOKUP_JOB, measuring, jobs.TIMING, asked, private=True)

    with question:
        guessed = ask(sweep, model)
        st.button(
            "Measure",
            key="lookup_measure",
            type="primary",
            icon=":material/timer:",
            on_click=begin,
        )
    with picture:
        background_jobs.poll(
            LOOKUP_JOB,
            lambda job: show_job(job, sweep, asked, guessed, predict.put_again(key)),
            idle="Nothing is measured yet. A run takes a minute or so, and runs alone on this server.",
            asked=asked,
        )
        if sentences.refused(sweep):
            st.info(sentences.memory(sweep))
        show_code(
            f"{_short_code(sweep)}\n\n{_timing_code(sweep, _real(model))}",
            "lookup_timing",
            "The first part runs in any notebook. The second is the whole measurement of this page, in the project's "
            "folder.",
        )


def run_in_sight(sweep: Sweep, model: ModelTable | None) -> BenchmarkRun | None:
    """What the reader has measured, once all of it is there and no open question hides it."""
    job = background_jobs.latest(LOOKUP_JOB)
    if job is None or job.active or job.snapshot is None or predict.put_again(guess_key(sweep, model)):
        return None
    run: LabRun = job.snapshot
    return run.benchmark_run


def _real(model: ModelTable | None) -> str:
    return model.name if model is not None and model.table is not None else ""


def show_job(job: Seen | None, sweep: Sweep, asked: Hashable, guessed: Guess | None, hidden: bool) -> None:
    """The run so far; an empty chart with the guess, if there is one; or neither, where the run is ``hidden``."""
    run: LabRun | None = job.snapshot if job else None
    if hidden or job is None or run is None:
        _show_foretold(sweep, guessed)
        if run is not None:
            st.caption(predict.HIDDEN)
        predict.unanswered(guessed, f"{'' if job else 'Press Measure. '}The answer comes with the last point.")
        return
    (done,) = run.benchmark_run.sweeps
    if job.key != asked:
        st.warning("This chart is for your earlier settings. Measure again to see the new ones.")
    if guessed is not None:
        guessed = replace(guessed, here=guessed.about == what_matters(done), question=_question(done))
    show_run(run.benchmark_run, done, "lookup", guessed, job.active, run.model)


def _show_foretold(sweep: Sweep, guessed: Guess | None) -> None:
    """What there is to see before a run: the curves to choose from, or the one that was chosen."""
    picture = st.container(key="picture")
    band = _band(guessed) if guessed is not None else None
    if band is None:
        with picture:
            chart.show(
                choices_figure(list(GUESSES.items()), sweep.over),
                key="lookup_choices",
                alt="Four pictures of a line, the lookup, and a curve that ends above it: " + "; ".join(GUESSES),
            )
        _explain_choices(sweep.over)
    else:
        with picture:
            chart.show(
                lab_figure([], sweep.sizes, sweep.over, guess=band),
                key="lookup_chart",
                alt=f"Your guess as a band over {sweep.over}; nothing is measured yet",
            )
        st.caption(f"The band is your guess. Nothing is measured yet. {_LOGARITHMIC}")
    if guessed is not None:
        _show_work(sweep)


def _show_work(sweep: Sweep) -> None:
    """The work that each way has, by arithmetic; in a fold, as it is easily taken for the answer."""
    with go_further("count the work of both ways", "lookup_work"):
        sizes = [point.size for point in sweep.points() if (point.variant, point.phase) == _MATMUL_FORWARD]
        ratio = [lookup.multiplications(V, D, B) / (D * B) for V, D, B in sizes]
        spoken = "; ".join(f"{share:,.0f} at {size:,}" for share, size in zip(ratio, sweep.sizes, strict=True))
        chart.show(
            counted_figure(ratio, sweep.sizes, sweep.over),
            key="lookup_counted",
            alt=f"The work of the matmul as a multiple of the lookup's, by arithmetic, against {sweep.over}: {spoken}",
        )
        st.caption(
            "Nothing is measured here: this is arithmetic. For B ids and D numbers in a row, the lookup copies B × D "
            "numbers. The matmul needs B × V × D multiplications, V times as many. Time is another matter: measure it."
        )


def _explain_choices(over: str) -> None:
    """What is drawn in each of the small pictures."""
    line = (
        "It is flat: for any V, the lookup copies one row for each id."
        if over == "V"
        else f"It grows too: with a larger {over}, the lookup copies more numbers."
    )
    st.caption(
        f"Blue: the lookup's time. {line} Orange: the matmul's time, one picture for each answer. {_LOGARITHMIC}"
    )


def show_run(
    benchmark_run: BenchmarkRun,
    sweep: Sweep,
    key: str,
    guessed: Guess | None = None,
    active: bool = False,
    model: str = "",
) -> None:
    """The chart of one plan of a recording, and in words what it shows.

    Args:
        benchmark_run: With the plan's outcomes.
        sweep: One of its plans.
        key: What the keys begin with.
        guessed: The reader's guess, if there is one.
        active: Whether more points are to come.
        model: The name of the model whose real weights were measured, if any.
    """
    picture = st.container(key="picture") if key == "lookup" else st.container()
    phase = _choose_phase(sweep, key)
    said, fold = st.container(), for_programmers(f"{key}_programmers")
    with fold:
        st.markdown(
            "In PyTorch the lookup is `nn.Embedding` and the matmul is `one-hot @ W`. `nn.Linear` is the same product "
            "as a layer of a network."
        )
        every_way, roofs = _choose_lines(key)
    measured = _of_phase(benchmark_run.outcomes(sweep), phase)
    outcomes = measured if every_way else _asked_about(measured)
    timings = [outcome for outcome in measured if isinstance(outcome, lookup.Timing)]
    roofline = benchmark_run.roofline(sweep)
    slopes = lookup.slopes(timings, sweep, phase)
    meet = lookup.crossover(timings, phase=phase, over=sweep.over)
    figure = lab_figure(
        outcomes,
        sweep.sizes,
        sweep.over,
        slopes=slopes if every_way else {},
        roofline=roofline if roofs else None,
        crossover=None if sentences.mostly_disturbed(timings) else meet,
        guess=_band(guessed) if guessed is not None and phase == lookup.FORWARD else None,
        quartiles=every_way,
    )
    with picture:
        chart.show(
            figure,
            key=f"{key}_chart",
            alt=f"Time of {phase} against {sweep.over} on logarithmic axes, {len(timings)} points measured",
            save_as=f"{key}_timing",
        )
    with said:
        st.caption(_LOGARITHMIC)
        if rings := sentences.rings(outcomes):
            st.caption(rings)
        if guessed is not None:
            _judge(guessed, benchmark_run.outcomes(sweep), sweep, active)
        for sentence in sentences.findings(measured, sweep, phase, meet):
            st.markdown(sentence)
    with fold:
        st.caption(sentences.conditions(sweep, benchmark_run.machine))
        for sentence in sentences.details(timings, sweep, slopes, roofline, benchmark_run.machine):
            st.markdown(sentence)
        _show_numbers(measured, sweep, roofline, key)
    if not active and timings:
        points = benchmark_run.outcomes(sweep)
        run_downloads(
            {
                "csv": lambda: to_csv(tuple(points)).encode(),
                "json": lambda: to_json(benchmark_run).encode(),
            },
            figure,
            _timing_code(sweep, model),
            f"{key}_timing",
        )


def _choose_phase(sweep: Sweep, key: str) -> str:
    """Which phase is drawn; asked only where there are several."""
    phases = [phase for phase in sweep.phases if phase != lookup.BUILD] or [lookup.BUILD]
    if len(phases) == 1:
        return phases[0]
    return st.segmented_control(
        "Show", phases, default=phases[0], required=True, key=f"{key}_phase", persist_state="session", wrap=True
    )


def _choose_lines(key: str) -> tuple[bool, bool]:
    """Whether every way is drawn, with quartiles and slopes, and whether what the machine allows is."""
    every_way = st.toggle(
        "Draw every way, with slopes and quartiles",
        False,
        key=f"{key}_ways",
        persist_state="session",
        help="`nn.Linear`, the building of one-hot rows, and a bar at each point: half of its runs lie within, from "
        "the lower to the upper *quartile*.",
    )
    roofs = st.toggle(
        "Draw the least time possible",
        False,
        key=f"{key}_roofs",
        persist_state="session",
        help="Thin lines, called the *roofline*. The machine needs this time at least: to move the bytes from "
        "memory, to compute, and to make one call.",
    )
    return every_way, roofs


def _of_phase(outcomes: list[Outcome], phase: str) -> list[Outcome]:
    """Those of ``phase``, and beside the forward one what the products need first."""
    drawn = (lookup.FORWARD, lookup.BUILD) if phase == lookup.FORWARD else (phase,)
    return [outcome for outcome in outcomes if outcome.phase in drawn]


def _asked_about(outcomes: list[Outcome]) -> list[Outcome]:
    """The lookup and the matmul alone, or all where neither was measured."""
    return [outcome for outcome in outcomes if outcome.variant in (lookup.EMBEDDING, lookup.MATMUL)] or outcomes


def _band(guessed: Guess) -> Band | None:
    return GUESSES.get(guessed.said or "")


def _judge(guessed: Guess, outcomes: list[Outcome], sweep: Sweep, active: bool) -> None:
    """The guess, answered once the largest size is measured."""
    largest = f"{sweep.over} = {sweep.sizes[-1]:,}"
    timings = [outcome for outcome in outcomes if isinstance(outcome, lookup.Timing)]
    ratio = lookup.time_ratio(timings, sweep)
    if ratio is not None:
        answer = next(words for words, band in GUESSES.items() if ratio < band.high or words == list(GUESSES)[-1])
        predict.verdict(
            guessed,
            answer,
            sentences.result(timings, sweep),
        )
    elif active:
        predict.unanswered(guessed, "The answer comes with the last point.")
    elif foretold := lookup.time_ratio(outcomes, sweep):
        predict.unanswered(
            guessed,
            f"At {largest} the matmul was not measured. A forecast from its other times: {sentences.times(foretold)} "
            "times as long as the lookup.",
        )
    else:
        predict.unanswered(guessed, f"The run was stopped before {largest}. Measure again for the answer.")


def _show_numbers(outcomes: list, sweep: Sweep, roofline: lookup.Roofline | None, key: str) -> None:
    """Every point, with its operations and bytes."""
    with st.expander("The numbers", icon=":material/table:", key=f"{key}_numbers", on_change="rerun") as fold:
        if not fold.open or not outcomes:
            return
        st.dataframe(
            pd.DataFrame([_row(outcome, sweep, roofline) for outcome in outcomes]),
            hide_index=True,
            column_config={
                column: st.column_config.NumberColumn(column, format="localized")
                for column in (sweep.over, "runs", "operations", "bytes", *_MICROSECONDS, *_MEMORY)
            }
            | {"of the roof": st.column_config.NumberColumn("of the roof", format="percent")},
            alt="Every point with its time, runs, operations and bytes",
        )
        st.caption(
            "A multiplication and an addition are two operations. Operations with zero count too: the machine does "
            "them. Each byte counts once as read or once as written. *Held at once*: bytes of memory that the "
            "measurement needs, with the one-hot rows. *Of the roof*: the least time possible as a share of the "
            "median. Data from a cache can give more than 100%."
        )


def _row(outcome: Outcome, sweep: Sweep, roofline: lookup.Roofline | None) -> dict:
    timed = outcome if isinstance(outcome, lookup.Timing) else None
    seconds = [timed.median, timed.lower_quartile, timed.upper_quartile] if timed else [math.nan] * 3
    seconds.append(lookup.attainable(outcome, roofline) if roofline else math.nan)
    return {
        sweep.over: outcome.along(sweep.over),
        "way": outcome.variant,
        **{name: float(f"{1e6 * each:.3g}") for name, each in zip(_MICROSECONDS, seconds, strict=True)},
        "runs": timed.runs if timed else 0,
        "operations": outcome.flops,
        "bytes": outcome.bytes_moved,
        "held at once": bytes_held(outcome),
        **({"gone over in turn": timed.rotated_bytes if timed else 0} if sweep.cold else {}),
        "of the roof": lookup.roofline_fraction(timed, roofline) if roofline and timed else math.nan,
        "remark": sentences.remark(outcome),
    }


def _short_code(sweep: Sweep) -> str:
    """Both ways timed over V, in PyTorch alone."""
    return f"""\
import statistics
import time

import torch

D, B = {sweep.D}, {sweep.B}
torch.set_num_threads(1)


def seconds(way, runs=30):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        way()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


times = {{}}
for V in (10, 1_000, 10_000):
    W, ids = torch.randn(V, D), torch.randint(V, (B,))
    one_hot = torch.nn.functional.one_hot(ids, V).float()
    assert torch.equal(W[ids], one_hot @ W)
    times[V] = seconds(lambda: W[ids]), seconds(lambda: one_hot @ W)
    print(V, *times[V])
"""


def _timing_code(sweep: Sweep, model: str = "") -> str:
    """The run of the timing lab, and the slopes of its curves."""
    real = f', model_table("{model}").table()' if model else ""
    return f"""\
from embeddings.lookup import Sweep, Timing, measure, {"model_table, " if model else ""}slope

sweep = {_sweep_code(sweep)}
measured = []
for point in measure(sweep{real}):
    measured.append(point)
    words = f"{{1e6 * point.median:,.1f}} µs" if isinstance(point, Timing) else f"not tried: {{point.reason}}"
    print(f"{{point.variant:20}} {{point.phase:14}} {sweep.over} = {{point.along({sweep.over!r}):9,}}: {{words}}")
for variant in sweep.variants:
    power = slope(measured, variant, over={sweep.over!r}, phase=sweep.phases[-1])
    print(variant, "grows as {sweep.over} to the", power)
"""


def _sweep_code(sweep: Sweep) -> str:
    """``sweep`` as code, with what differs from the usual."""
    chosen = [
        f"{field.name}={getattr(sweep, field.name)!r}"
        for field in fields(Sweep)
        if field.default is MISSING or getattr(sweep, field.name) != field.default or field.name in ("sizes", "D", "B")
    ]
    return "Sweep(\n    " + ",\n    ".join(chosen) + ",\n)"
