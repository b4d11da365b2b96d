"""The three ways timed over growing vocabularies: a guess, the measurement, the chart and what it says."""

import math
from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from components import chart, predict, snippets, work
from components.figures.timing import timing_figure
from components.plain_text import escaped
from components.predict import Guess
from components.size_choice import SIZES, choose_device
from embeddings import jobs, lookup
from embeddings.jobs import Job

JOB = "lookup"  # the name under which this page's sweep stands in line
# Answers, each with the ratio below which it is the right one.
GUESSES = MappingProxyType(
    {"less than 3 times": 3, "3 to 30 times": 30, "30 to 300 times": 300, "300 times or more": math.inf}
)


def show_timing(D: int, B: int) -> None:
    """Measure the three ways over growing vocabularies, and watch."""
    st.subheader("How long each way takes", anchor=False)
    st.markdown(
        f"The same three, timed on this server for {len(SIZES)} vocabulary sizes from {SIZES[0]} to {SIZES[-1]:,}, "
        f"with D = {D:,} and B = {B:,}. Building the one-hot rows, which the matmul and the linear layer need first, "
        "is timed apart. The V chosen above plays no part in it."
    )
    guessed = predict.guess(
        f"At V = {SIZES[-1]:,}, how many times as long as the lookup will the matmul take?",
        list(GUESSES),
        "lookup_guess",
        about=(D, B),
        then="Choose one, and measure.",
    )
    if guessed is None:
        return
    device = choose_device()

    def measure(report):
        timings, expected = [], 4 * len(SIZES)
        report(0, "Warming up")
        for timing in lookup.sweep(SIZES, D, B, device):
            timings.append(timing)
            words = f"{len(timings)} of {expected} measured: {timing.way} at V = {timing.vocabulary_size:,}"
            report(len(timings) / expected, words, tuple(timings))
        return tuple(timings)

    st.button(
        "Measure",
        key="lookup_measure",
        type="primary",
        icon=":material/timer:",
        on_click=work.start,
        args=(JOB, measure, jobs.TIMING),
    )
    work.live(
        JOB,
        lambda job: show_chart(job, D, B, guessed),
        idle="Nothing is measured yet. The larger D and B, the longer a sweep takes; its points appear one by one.",
    )
    snippets.show_code(snippets.timing(SIZES, D, B, device), "lookup_timing")


def show_chart(job: Job | None, D: int, B: int, guessed: Guess) -> None:
    """The chart with what has been measured so far, and in words what it shows."""
    timings = (job.snapshot if job else None) or ()
    chart.show(
        timing_figure(timings, SIZES),
        key="lookup_chart",
        alt=f"Time against vocabulary size on logarithmic axes, {len(timings)} points measured",
    )
    if not timings:
        return
    first = timings[0]
    st.caption(
        f"Measured on {first.device} with {first.threads} thread, D = {first.dimension:,}, B = {first.batch:,}, "
        "float32, numbers of 4 bytes. Points are medians; half of the runs lie within the bar, from the lower to the "
        "upper *quartile*."
    )
    if (first.dimension, first.batch) != (D, B):
        st.warning(f"This chart is for other sizes than you have chosen since. Measure again for D = {D:,}, B = {B:,}.")
    say_ratio(timings, replace(guessed, here=guessed.about == (first.dimension, first.batch)))


def say_ratio(timings: tuple[lookup.Timing, ...], guessed: Guess) -> None:
    """The matmul against the lookup at the largest V that has both; at the largest of all, the guess is answered."""
    median = {(timing.way, timing.vocabulary_size): timing.median for timing in timings}
    both = [V for way, V in median if way == lookup.MATMUL]
    if not both:
        return
    V = max(both)
    ratio = median[lookup.MATMUL, V] / median[lookup.EMBEDDING, V]
    if max(SIZES) == V:
        answer = next(words for words, below in GUESSES.items() if ratio < below)
        reason = f"it multiplies by {V - 1:,} zeros for each number that it keeps."
        predict.verdict(
            guessed,
            answer,
            f"At V = {V:,} it takes **{round_times(ratio)} times** as long: {reason} {crossover(median)}",
        )
        return
    st.caption(f"Your guess: {escaped(guessed.said)}. The answer comes with the last point.")
    if ratio >= 1:
        st.markdown(f"At V = {V:,} the matmul takes **{round_times(ratio)} times** as long as the lookup.")
    else:
        st.markdown(f"At V = {V:,} the matmul is still the faster, **{round_times(1 / ratio)} times**.")


def crossover(median: dict[tuple[str, int], float]) -> str:
    """Up to which V the matmul was the faster, of those measured."""
    faster = [V for V in SIZES if median[lookup.MATMUL, V] < median[lookup.EMBEDDING, V]]
    return (
        f"Up to V = {max(faster):,} the matmul was the faster." if faster else "The lookup was the faster at every V."
    )


def round_times(ratio: float) -> str:
    """``ratio`` with two digits, as no timing holds more."""
    return f"{float(f'{ratio:.2g}'):,.0f}" if ratio >= 10 else f"{ratio:.1f}"
