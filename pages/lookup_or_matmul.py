"""Lesson 4: an embedding layer is a linear layer fed with one-hot rows, minus the multiplications by zero."""

import numpy as np
import streamlit as st

from components import chart, lessons, work
from components.figures.timing import rows_figure, timing_figure
from components.plain_text import escaped
from components.size_choice import SIZES, choose_device, choose_sizes
from embeddings import jobs, lookup
from embeddings.errors import LabError
from embeddings.jobs import Job

MOST_COMPARED = 64_000_000  # bytes; what every visitor may take at once, while a page is drawn
JOB = "lookup"  # the name under which this page's sweep stands in line


def show_identity(V: int, D: int, B: int) -> None:
    """The three ways on the same table and ids, with their largest difference."""
    st.subheader("The same rows, three ways", anchor=False)
    if lookup.identity_bytes(V, D, B) > MOST_COMPARED:
        st.info(
            f"A table of {V:,} × {D:,} with {B:,} ids is too large to compare while you wait. Choose smaller sizes."
        )
        return
    random = np.random.default_rng(0)
    W = random.standard_normal((V, D), dtype=np.float32)  # [V, D]
    ids = np.array([2, 3, 1]) if (V, B) == (4, 3) else random.integers(V, size=B)  # [B]
    identity = lookup.check_identity(W, ids)
    st.markdown(
        f"A table W of {V:,} × {D:,} random numbers and {B:,} ids"
        + (f": `{ids.tolist()}`" if B <= 16 else "")
        + ". `nn.Embedding` copies the rows with these ids. The other two multiply one-hot rows by the whole table."
    )
    if V <= 20:
        show_pictures(W, ids, identity.outputs)
    differences = st.columns(3)
    differences[0].metric("Largest difference between the outputs", f"{identity.largest_difference:.2g}")
    differences[1].metric(
        "Largest difference between the gradients of W", f"{identity.largest_gradient_difference:.2g}"
    )
    differences[2].metric(
        "Multiplications by zero avoided",
        f"{B * (V - 1) * D:,}",
        help="B · (V - 1) · D: all but one cell of each one-hot row.",
    )


def show_pictures(W, ids, outputs) -> None:
    """W with the rows looked up in frames, and what each way gives."""
    columns = st.columns(1 + len(lookup.WAYS))
    with columns[0]:
        st.caption(f"W {list(W.shape)}")
        chart.show(
            rows_figure(W, lit=ids, names=range(len(W))),
            key="lookup_table",
            alt="The table W, the rows looked up in frames",
        )
    for column, way, output in zip(columns[1:], lookup.WAYS, outputs, strict=True):
        with column:
            st.caption(f"{way} {list(output.shape)}")
            chart.show(
                rows_figure(output, names=ids),
                key=f"lookup_{way}",
                alt=f"Rows given by {way}",
            )


def show_timing(D: int, B: int) -> None:
    """Measure the three ways over growing vocabularies, and watch."""
    st.subheader("How long each way takes", anchor=False)
    st.markdown(
        f"The same three, timed on this server for {len(SIZES)} vocabulary sizes from {SIZES[0]} to {SIZES[-1]:,}, "
        f"with D = {D:,} and B = {B:,}. Building the one-hot rows, which the matmul and the linear layer need first, "
        "is timed apart."
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
        JOB, show_chart, idle="Nothing is measured yet. A sweep takes about ten seconds, with a point for each size."
    )


def show_chart(job: Job | None) -> None:
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
        st.markdown(f"At V = {V:,} the matmul takes **{ratio:,.3g} times** as long as the lookup.")
    else:
        st.markdown(
            f"At V = {V:,} the matmul is still the faster, **{1 / ratio:,.2g} times**: "
            "with so few rows, the cost of a call counts for more than the arithmetic."
        )


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
