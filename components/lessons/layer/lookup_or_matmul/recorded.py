"""Runs from elsewhere: how to record one where there is a GPU, and a file of one opened."""

from typing import BinaryIO

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.lessons.layer.lookup_or_matmul import panels
from components.markup import escaped
from components.session.visitor_memory import remembered
from components.ui.errors import show_errors
from embeddings import lookup
from embeddings.common import in_bytes
from embeddings.lookup import MAX_RUN_BYTES, BenchmarkRun, Sweep, gpu_run, read_run

_FOLD = "lookup_elsewhere"


def show_recorded() -> None:
    """In a fold, a run of another machine: the reader's file, or that of a GPU which comes with the app."""
    with st.expander("On another machine", icon=":material/upload_file:", key=_FOLD, on_change="rerun") as fold:
        file = _offer_file()
        if file is not None:
            with show_errors():
                _show(*_opened(file.file_id, file), "recorded")
        elif fold.open:  # two charts, which few look at
            _show(*_of_gpu(), "gpu", first=-1)


def _offer_file() -> UploadedFile | None:
    others = [device for device in lookup.devices() if device != "cpu"]
    if others:
        st.markdown(f"PyTorch finds {' and '.join(others)} here. Choose the device above.")
    else:
        st.markdown(
            "PyTorch finds no GPU on this server. So a run of one comes with the app. It stands below, and begins with "
            "a table as large as that of Llama 3."
        )
    st.markdown("Do you want to compare another machine? Record a run there, and open its file here.")
    st.code("python -m embeddings.lookup --device cuda --out FILE", language="bash")
    return st.file_uploader(
        "A recorded run (JSON)",
        type="json",
        key="lookup_file",
        max_upload_size=MAX_RUN_BYTES // 2**20,
        help="It is read as numbers and names, and stays in this session.",
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def _of_gpu() -> tuple[BenchmarkRun, list[Sweep]]:
    return _with_plans(gpu_run())


@remembered(max_entries=1, spinner="Reading the run")
def _opened(upload: str, _file: BinaryIO) -> tuple[BenchmarkRun, list[Sweep]]:
    """The run in the file, and those of its plans that have points; read once for each ``upload``."""
    return _with_plans(read_run(_file))


def _with_plans(benchmark_run: BenchmarkRun) -> tuple[BenchmarkRun, list[Sweep]]:
    return benchmark_run, [sweep for sweep in benchmark_run.sweeps if benchmark_run.outcomes(sweep)]


def _show(benchmark_run: BenchmarkRun, sweeps: list[Sweep], key: str, first: int = 0) -> None:
    """The run, and one of its ``sweeps``; which one is in sight at ``first``, the reader can change."""
    machine = benchmark_run.machine
    gpu = f", {escaped(machine.accelerator)}" if machine.accelerator else ""
    st.markdown(
        f"Recorded on {escaped(machine.date[:10])}: {escaped(machine.processor)}, {machine.cores} cores{gpu}, "
        f"{in_bytes(machine.memory_bytes)} of memory, {escaped(machine.system)}, Python {escaped(machine.python)}, "
        f"PyTorch {escaped(machine.torch)}."
    )
    if not sweeps:
        st.info("The file holds no points. Record a run with the command above.")
        return
    number = st.selectbox(
        "What was measured",
        range(len(sweeps)),
        range(len(sweeps))[first],
        format_func=lambda number: _title(sweeps[number]),
        key=f"{key}_plan",
    )
    panels.show_run(benchmark_run, sweeps[number], key)


def _title(sweep: Sweep) -> str:
    fixed = ", ".join(f"{axis} = {getattr(sweep, axis):,}" for axis in "VDB" if axis != sweep.over)
    return (
        f"over {sweep.over} up to {sweep.sizes[-1]:,}, {fixed}, {sweep.id_distribution} ids, {sweep.dtype}, "
        f"{sweep.device}, threads: {sweep.threads}{', not in the cache' if sweep.cold else ''}"
    )
