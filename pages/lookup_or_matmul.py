"""Lesson 4: an embedding layer is a linear layer fed with one-hot rows, minus the multiplications by zero."""

import streamlit as st

from components import chart, lessons, work
from components.figures.timing import timing_figure
from components.identity import show_identity
from components.plain_text import escaped
from components.size_choice import SIZES, choose_device, choose_sizes
from embeddings import jobs, lookup
from embeddings.errors import LabError
from embeddings.jobs import Job

JOB = "lookup"  # the name under which this page's sweep stands in line


def show_timing(D: int, B: int) -> None:
    """Measure the three ways over growing vocabularies, and watch."""
    st.subheader("How long each way takes", anchor=False)
    st.markdown(
        f"The same three, timed on this server for {len(SIZES)} vocabulary sizes from {SIZES[0]} to {SIZES[-1]:,}, "
        f"with D = {D:,} and B = {B:,}. Building the one-hot rows, which the matmul and the linear layer need first, "
        "is timed apart. The V chosen above plays no part in it."
    )
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
        lambda job: show_chart(job, D, B),
        idle="Nothing is measured yet. A sweep takes ten to twenty seconds, with a point for each size.",
    )


def show_chart(job: Job | None, D: int, B: int) -> None:
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
    say_ratio(timings)


def say_ratio(timings: tuple[lookup.Timing, ...]) -> None:
    """The matmul against the lookup at the largest V that has both."""
    median = {(timing.way, timing.vocabulary_size): timing.median for timing in timings}
    both = [V for way, V in median if way == lookup.MATMUL]
    if not both:
        return
    V = max(both)
    ratio = median[lookup.MATMUL, V] / median[lookup.EMBEDDING, V]
    if ratio >= 1:
        st.markdown(f"At V = {V:,} the matmul takes **{round_times(ratio)} times** as long as the lookup.")
    else:
        st.markdown(
            f"At V = {V:,} the matmul is still the faster, **{round_times(1 / ratio)} times**: "
            "with so few rows, the cost of a call counts for more than the arithmetic."
        )


def round_times(ratio: float) -> str:
    """``ratio`` with two digits, as no timing holds more."""
    return f"{float(f'{ratio:.2g}'):,.0f}" if ratio >= 10 else f"{ratio:.1f}"


lessons.title(
    "Lookup or matmul",
    "An embedding layer gives the same rows as a linear layer fed with one-hot rows. "
    "It only skips the multiplications by zero.",
)
try:
    with st.spinner("Opening PyTorch, about two seconds once per server"):
        lookup.devices()
    V, D, B = choose_sizes()
    show_identity(V, D, B)
    show_timing(D, B)
except LabError as error:
    st.error(escaped(str(error)))
lessons.next_link("pages/lookup_or_matmul.py")
