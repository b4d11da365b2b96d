"""The reader's own run and that of a GPU in one chart, and where they cross."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components.figures.timing import MachineTimings, in_words, machines_figure
from components.ui import chart
from components.ui.code_block import show_code
from embeddings import lookup
from embeddings.lookup import BenchmarkRun, Sweep, Timing, comparable_sweep, quicker_from

_WAYS = MappingProxyType({lookup.MATMUL: "matmul", lookup.EMBEDDING: "lookup"})


def show_two_machines(own: BenchmarkRun, gpu: BenchmarkRun) -> None:
    """Both runs over the same sizes, each with the least time that its machine allows; in a fold, where they cross."""
    (sweep,) = own.sweeps
    other = comparable_sweep(sweep, gpu.sweeps)
    if other is None or lookup.FORWARD not in sweep.phases:
        st.caption("The GPU's run has no part with these settings. With the usual ones, both stand in one chart.")
        return
    here, there = _forward(own, sweep), _forward(gpu, other)
    answer = " ".join(_crossing(variant, here, there, sweep.over) for variant in _WAYS)
    st.markdown("**Your run and the GPU's in one chart.** Thin lines: the least time that each machine allows.")
    chart.show(
        machines_figure(
            [
                MachineTimings("here", here, own.roofline(sweep)),
                MachineTimings("GPU", there, gpu.roofline(other)),
            ],
            sweep.over,
        ),
        key="two_machines",
        alt=f"Time of lookup and matmul against {sweep.over}, here and on the GPU. {answer}",
        save_as="two_machines",
    )
    st.markdown(
        f"A GPU needs longer to start a call, and then it computes faster. From which {sweep.over} on does it pay? "
        "Look where the two orange lines cross."
    )
    with st.expander("The answer", icon=":material/help:", key="two_machines_answer", on_change="rerun") as fold:
        if fold.open:
            st.markdown(answer)
    show_code(_code(sweep), "two_machines")


def _forward(run: BenchmarkRun, sweep: Sweep) -> list[Timing]:
    """The lookup and the matmul of the run, forward."""
    outcomes = [outcome for outcome in run.outcomes(sweep) if outcome.phase == lookup.FORWARD]
    return [outcome for outcome in outcomes if isinstance(outcome, Timing) and outcome.variant in _WAYS]


def _crossing(variant: str, here: Sequence[Timing], there: Sequence[Timing], over: str) -> str:
    """From where on the GPU is quicker in this way, with both times there."""
    one, other = ([timing for timing in timings if timing.variant == variant] for timings in (here, there))
    medians, gpus = ({timing.along(over): timing.median for timing in timings} for timings in (one, other))
    start = quicker_from(one, other, over)
    size = start if start is not None else max(medians.keys() & gpus.keys(), default=None)
    if size is None:
        return f"No {over} of the {_WAYS[variant]} was measured on both."
    times = f"{in_words(medians[size])} here, {in_words(gpus[size])} on the GPU"
    if start is None:
        return f"The GPU's {_WAYS[variant]} is not quicker, not even at {over} = {size:,}: {times}."
    return f"The GPU's {_WAYS[variant]} is quicker from {over} = {start:,} on: {times}."


def _code(sweep: Sweep) -> str:
    return f"""\
from embeddings.lookup import FORWARD, MATMUL, Sweep, Timing, comparable_sweep, gpu_run, measure, quicker_from

sweep = Sweep({sweep.sizes!r}, over={sweep.over!r}, V={sweep.V}, D={sweep.D}, B={sweep.B})
gpu = gpu_run()


def matmuls(outcomes):
    return [each for each in outcomes if isinstance(each, Timing) and (each.variant, each.phase) == (MATMUL, FORWARD)]


there = matmuls(gpu.outcomes(comparable_sweep(sweep, gpu.sweeps)))
here = matmuls(measure(sweep))
print(quicker_from(here, there, sweep.over))
"""
