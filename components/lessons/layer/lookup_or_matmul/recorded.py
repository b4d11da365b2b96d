"""Runs from elsewhere: how to record one where there is a GPU, and a file of one opened."""

from typing import BinaryIO

import streamlit as st

from components.lessons.layer.lookup_or_matmul import panels
from components.markup import escaped
from components.session.visitor_memory import remembered
from components.ui.errors import show_errors
from embeddings import lookup
from embeddings.common import in_bytes
from embeddings.lookup import MAX_RUN_BYTES, BenchmarkRun, Sweep, read_run


def show_recorded() -> None:
    """What there is beyond this machine's CPU, and a run of another machine, in a fold."""
    with st.expander("On another machine", icon=":material/upload_file:", key="lookup_elsewhere"):
        _offer_file()


def _offer_file() -> None:
    others = [device for device in lookup.devices() if device != "cpu"]
    if others:
        st.markdown(f"PyTorch finds {' and '.join(others)} here. Choose the device above.")
    else:
        st.markdown(
            "PyTorch finds no GPU on this server, and no recorded run of one comes with the app. If you have a GPU, "
            "record a run there with this command, and open its file here."
        )
    st.code("python -m embeddings.lookup --device cuda --out FILE", language="bash")
    file = st.file_uploader(
        "A recorded run (JSON)",
        type="json",
        key="lookup_file",
        max_upload_size=MAX_RUN_BYTES // 2**20,
        help="It is read as numbers and names, and stays in this session.",
    )
    if file is None:
        return
    with show_errors():
        _show(*_opened(file.file_id, file))


@remembered(max_entries=1, spinner="Reading the run")
def _opened(upload: str, _file: BinaryIO) -> tuple[BenchmarkRun, list[Sweep]]:
    """The run in the file, and those of its plans that have points; read once for each ``upload``."""
    benchmark_run = read_run(_file)
    return benchmark_run, [sweep for sweep in benchmark_run.sweeps if benchmark_run.outcomes(sweep)]


def _show(benchmark_run: BenchmarkRun, sweeps: list[Sweep]) -> None:
    machine = benchmark_run.machine
    gpu = f", {escaped(machine.accelerator)}" if machine.accelerator else ""
    st.markdown(
        f"Recorded on {escaped(machine.date)}: {escaped(machine.processor)}, {machine.cores} cores{gpu}, "
        f"{in_bytes(machine.memory_bytes)} of memory, {escaped(machine.system)}, Python {escaped(machine.python)}, "
        f"PyTorch {escaped(machine.torch)}."
    )
    if not sweeps:
        st.info("The file holds no points. Record a run with the command above.")
        return
    number = st.selectbox(
        "What was measured", range(len(sweeps)), format_func=lambda number: _title(sweeps[number]), key="recorded_plan"
    )
    panels.show_run(benchmark_run, sweeps[number], "recorded")


def _title(sweep: Sweep) -> str:
    fixed = ", ".join(f"{axis} = {getattr(sweep, axis):,}" for axis in "VDB" if axis != sweep.over)
    return (
        f"over {sweep.over} up to {sweep.sizes[-1]:,}, {fixed}, {sweep.id_distribution} ids, {sweep.dtype}, "
        f"{sweep.device}, threads: {sweep.threads}{', not in the cache' if sweep.cold else ''}"
    )
