"""The three ways timed over growing vocabularies: a guess, the measurement, the chart and what it says."""

import math
from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from components import chart, predict, snippets, work
from components.figures.timing import timing_figure
from components.predict import Guess
from components.size_choice import SIZES, choose_device
from embeddings import jobs, lookup
from embeddings.jobs import Job

JOB = "lookup"  # the name under which this page's sweep stands in line
# Answers, each with the ratio below which it is the right one.
GUESSES = MappingProxyType(
    {"about as long": 3, "about 10 times": 30, "about 100 times": 300, "1,000 times or more": math.inf}
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
        f"At V = {SIZES[-1]:,}, how long will the matmul take, beside the lookup?",
        list(GUESSES),
        "lookup_guess",
        about=(D, B),
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
        "float32. Points are medians, bars reach from the lower to the upper quartile."
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
    V, largest = max(both), max(SIZES)
    ratio = median[lookup.MATMUL, V] / median[lookup.EMBEDDING, V]
    if largest <= V:
        answer = next(words for words, below in GUESSES.items() if ratio < below)
        predict.verdict(
            guessed,
            answer,
            f"At V = {V:,} it takes **{round_times(ratio)} times** as long: it multiplies by {V - 1:,} zeros for each "
            "number that it keeps.",
        )
    elif ratio >= 1:
        st.markdown(f"At V = {V:,} the matmul takes **{round_times(ratio)} times** as long as the lookup.")
    else:
        st.markdown(
            f"At V = {V:,} the matmul is still the faster, **{round_times(1 / ratio)} times**: "
            "with so few rows, the cost of a call counts for more than the arithmetic."
        )


def round_times(ratio: float) -> str:
    """``ratio`` with two digits, as no timing holds more."""
    return f"{float(f'{ratio:.2g}'):,.0f}" if ratio >= 10 else f"{ratio:.1f}"
