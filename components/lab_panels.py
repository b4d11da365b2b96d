"""The timing lab: a guess, a run that one can watch, and what it shows."""

import math
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd
import streamlit as st

from components import chart, lab_words, layer_snippets, predict, work
from components.figures.timing import Band, choices_figure, lab_figure
from components.plain_text import escaped
from components.predict import Guess
from components.snippets import show_code
from components.take_home import take_run
from embeddings import jobs, lookup
from embeddings.jobs import Job
from embeddings.lookup import Plan, RealSize, Recording
from embeddings.lookup.calls import bytes_held
from embeddings.lookup.recording import to_csv, to_json

JOB = "lookup"  # the name under which this page's run stands in line
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
_MICROSECONDS = ("median µs", "lower quartile µs", "upper quartile µs", "roof µs")
_MEMORY = ("held at once", "gone over in turn")  # the second where the table is not to be in the cache


@dataclass(frozen=True)
class Run:
    """A run of the lab on this server.

    Attributes:
        recording: What there is of it so far.
        model: The name of the model whose real weights are the table, or "".
    """

    recording: Recording
    model: str = ""


def ask(plan: Plan, model: RealSize | None) -> Guess | None:
    """Which curve the reader expects; ``None`` until there is a guess."""
    largest = f"{plan.over} = {plan.sizes[-1]:,}"
    line = (
        "The lookup is the flat line: whatever V is, it copies B rows."
        if plan.over == "V"
        else "The lookup is the blue line. It grows too, as it copies B × D numbers."
    )
    question = f"At {largest}, how many times as long as the lookup will the matmul, looking up, take?"
    pictures = st.container()
    guessed = predict.guess(
        question,
        list(GUESSES),
        guess_key(plan, model),
        about=what_matters(plan),
        then="Choose one by its name, and measure.",
        before=f"{line} Above it are four curves of the matmul, in orange.",
    )
    if guessed is None:
        with pictures:
            chart.show(
                choices_figure(list(GUESSES.items()), plan.over),
                key="lookup_choices",
                alt="Four pictures of a line, the lookup, and a curve that ends above it: " + "; ".join(GUESSES),
            )
    return guessed


def guess_key(plan: Plan, model: RealSize | None) -> str:
    """One guess for each axis, type and model: another of them is another question, and may be guessed anew."""
    own = ("" if plan.over == "V" else plan.over, "" if plan.dtype == "float32" else plan.dtype)
    return "_".join(filter(None, ("lookup_guess", *own, model.name if model is not None else "")))


def what_matters(plan: Plan) -> Plan:
    """``plan`` with what the answer to the guess does not depend on as usual."""
    return replace(plan, ways=lookup.WAYS, phases=(lookup.FORWARD,), min_run_seconds=None)


def show_lab(plan: Plan, model: RealSize | None) -> None:
    """Guess, measure, watch."""
    guessed = ask(plan, model)
    if guessed is None:
        work.live(JOB, lambda job: show_job(job, plan, None))  # the run before, to compare with
        return

    def carry_out(report):
        return measured(plan, model, report)

    st.caption(lab_words.memory(plan))
    st.button(
        "Measure",
        key="lookup_measure",
        type="primary",
        icon=":material/timer:",
        on_click=work.start,
        args=(JOB, carry_out, jobs.TIMING),
    )
    work.live(
        JOB,
        lambda job: show_job(job, plan, guessed),
        idle="Nothing is measured yet. Points appear one by one, in a minute or so. While you measure, nothing else "
        "heavy runs on this server, and others wait their turn.",
    )
    show_code(layer_snippets.timing(plan, _real(model)), "lookup_timing")


def _real(model: RealSize | None) -> str:
    return model.name if model is not None and model.table is not None else ""


def measured(plan: Plan, model: RealSize | None, report: jobs.Report) -> Run:
    """Carry out ``plan`` and hand out the run after each point."""
    report(0, "Measuring what this machine allows")
    roofline = lookup.measure_roofline(plan.device, plan.dtype, plan.threads, ROOF_SECONDS)
    run = Run(Recording(lookup.this_machine(plan.device), (plan,), (), (), (roofline,)), _real(model))
    table = model.table() if _real(model) else None
    expected = len(plan.points())
    report(0, "Warming up", run)
    for number, outcome in enumerate(lookup.measure(plan, table, roofline), start=1):
        kind = "timings" if isinstance(outcome, lookup.Timing) else "predicted"
        so_far = {kind: (*getattr(run.recording, kind), outcome)}
        run = replace(run, recording=replace(run.recording, **so_far))
        what = outcome.way if outcome.way == outcome.phase else f"{outcome.way} {outcome.phase}"
        words = f"{number} of {expected} measured: {what} at {plan.over} = {outcome.along(plan.over):,}"
        report(number / expected, words, run)
    return run


def show_job(job: Job | None, plan: Plan, guessed: Guess | None) -> None:
    """The run so far, or an empty chart with the guess, if there is one."""
    run: Run | None = job.snapshot if job else None
    if run is None and guessed is None:
        return
    if run is None:
        figure = lab_figure([], plan.sizes, plan.over, guess=_band(guessed))
        chart.show(figure, key="lookup_chart", alt=f"An empty chart, time against {plan.over}, with your guess")
        return
    (done,) = run.recording.plans
    if what_matters(done) != what_matters(plan):
        st.warning("This chart is for other settings than you have chosen since. Measure again to see yours.")
    if guessed is not None:
        guessed = replace(guessed, here=guessed.about == what_matters(done))
    show_run(run.recording, done, "lookup", guessed, job.active, run.model)


def show_run(
    recording: Recording,
    plan: Plan,
    key: str,
    guessed: Guess | None = None,
    active: bool = False,
    model: str = "",
) -> None:
    """The chart of one plan of a recording, and in words what it shows.

    Args:
        recording: With the plan's outcomes.
        plan: One of its plans.
        key: What the keys begin with.
        guessed: The reader's guess, if there is one.
        active: Whether more points are to come.
        model: The name of the model whose real weights were measured, if any.
    """
    phase, roofs = _choose_view(plan, key)
    drawn = (lookup.FORWARD, lookup.BUILD) if phase == lookup.FORWARD else (phase,)  # what the products need first
    outcomes = [outcome for outcome in recording.outcomes(plan) if outcome.phase in drawn]
    timings = [outcome for outcome in outcomes if isinstance(outcome, lookup.Timing)]
    roofline = recording.roofline(plan)
    slopes = lab_words.slopes(timings, plan, phase)
    meet = lab_words.crossover(timings, plan, phase)
    figure = lab_figure(
        outcomes,
        plan.sizes,
        plan.over,
        slopes=slopes,
        roofline=roofline if roofs else None,
        crossover=meet,
        guess=_band(guessed) if guessed is not None and phase == lookup.FORWARD else None,
    )
    chart.show(
        figure,
        key=f"{key}_chart",
        alt=f"Time of {phase} against {plan.over} on logarithmic axes, {len(timings)} points measured",
        save_as=f"{key}_timing",
    )
    st.caption(lab_words.conditions(plan, recording.machine))
    if guessed is not None:
        _judge(guessed, recording.outcomes(plan), plan, active)
    for sentence in lab_words.findings(outcomes, plan, phase, slopes, meet, roofline, recording.machine):
        st.markdown(sentence)
    _show_numbers(outcomes, plan, roofline, key)
    if not active and timings:
        points = recording.outcomes(plan)
        take_run(
            {"csv": lambda: to_csv(points).encode(), "json": lambda: to_json(recording).encode()},
            figure,
            layer_snippets.timing(plan, model),
            f"{key}_timing",
        )


def _choose_view(plan: Plan, key: str) -> tuple[str, bool]:
    """Which phase is drawn, and whether what the machine allows is."""
    phases = [phase for phase in plan.phases if phase != lookup.BUILD] or [lookup.BUILD]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        phase = phases[0]
        if len(phases) > 1:
            phase = st.segmented_control(
                "Show", phases, default=phases[0], required=True, key=f"{key}_phase", persist_state="session"
            )
        roofs = st.toggle(
            "What the machine allows at best",
            True,
            key=f"{key}_roofs",
            persist_state="session",
            help="Thin lines, the *roofline*: no way can be faster than its bytes come from memory, its operations are "
            "computed, and one call takes.",
        )
    return phase, roofs


def _band(guessed: Guess) -> Band | None:
    return GUESSES.get(guessed.said)


def _judge(guessed: Guess, outcomes: list[lookup.Timing | lookup.Predicted], plan: Plan, active: bool) -> None:
    """The guess, answered once the largest size is measured."""
    largest = f"{plan.over} = {plan.sizes[-1]:,}"
    timings = [outcome for outcome in outcomes if isinstance(outcome, lookup.Timing)]
    ratio = lab_words.ratio(timings, plan)
    if ratio is not None:
        answer = next(words for words, band in GUESSES.items() if ratio < band.high or words == list(GUESSES)[-1])
        predict.verdict(
            guessed,
            answer,
            lab_words.result(timings, plan),
        )
    elif active:
        st.caption(f"Your guess: {escaped(guessed.said)}. The answer comes with the last point.")
    elif foretold := lab_words.ratio(outcomes, plan):
        st.info(
            f"Your guess: {escaped(guessed.said)}. At {largest} the matmul was not measured; where it is foretold it "
            f"would take {lab_words.times(foretold)} times as long as the lookup."
        )


def _show_numbers(outcomes: list, plan: Plan, roofline: lookup.Roofline | None, key: str) -> None:
    """Every point, with its operations and bytes."""
    with st.expander("The numbers", icon=":material/table:", key=f"{key}_numbers", on_change="rerun") as fold:
        if not fold.open or not outcomes:
            return
        st.dataframe(
            pd.DataFrame([_row(outcome, plan, roofline) for outcome in outcomes]),
            hide_index=True,
            column_config={
                column: st.column_config.NumberColumn(column, format="localized")
                for column in (plan.over, "runs", "operations", "bytes", *_MICROSECONDS, *_MEMORY)
            }
            | {"of the roof": st.column_config.NumberColumn("of the roof", format="percent")},
            alt="Every point with its time, runs, operations and bytes",
        )
        st.caption(
            "A multiplication and an addition are two operations; those by zero count, as the machine carries them "
            "out. Bytes are read and written once each. *Held at once*: bytes of memory that the measurement needs, "
            "the one-hot rows among them. *Of the roof*: the least time that the machine allows, as a share of the "
            "median; data that come from a cache can go beyond 100%."
        )


def _row(outcome: lookup.Timing | lookup.Predicted, plan: Plan, roofline: lookup.Roofline | None) -> dict:
    timed = isinstance(outcome, lookup.Timing)
    seconds = [outcome.median, outcome.lower_quartile, outcome.upper_quartile] if timed else [math.nan] * 3
    seconds.append(lookup.attainable(outcome, roofline) if roofline else math.nan)
    return {
        plan.over: outcome.along(plan.over),
        "way": outcome.way,
        **{name: float(f"{1e6 * each:.3g}") for name, each in zip(_MICROSECONDS, seconds, strict=True)},
        "runs": outcome.runs if timed else 0,
        "operations": outcome.flops,
        "bytes": outcome.bytes_moved,
        "held at once": bytes_held(outcome),
        **({"gone over in turn": outcome.rotated_bytes if timed else 0} if plan.cold else {}),
        "of the roof": lookup.nearness(outcome, roofline) if roofline and timed else math.nan,
        "remark": lab_words.remark(outcome),
    }
