"""Runs from elsewhere: how to record one where there is a GPU, and a file of one opened."""

from collections.abc import Sequence
from typing import BinaryIO

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.lessons.layer.lookup_or_matmul import panels
from components.lessons.layer.lookup_or_matmul.two_machines import show_two_machines
from components.markup import escaped
from components.session.visitor_memory import remembered
from components.ui.errors import show_errors
from embeddings import lookup
from embeddings.common import in_bytes
from embeddings.lookup import MAX_RUN_BYTES, BenchmarkRun, Sweep, gpu_run, read_run


def show_recorded(own: BenchmarkRun | None) -> None:
    """In a fold, a run of another machine: the reader's file, or that of a GPU which comes with the app.

    Args:
        own: What the reader has measured on this page, if it is in sight; it stands beside the GPU's.
    """
    with st.expander(
        "On another machine", icon=":material/upload_file:", key="lookup_elsewhere", on_change="rerun"
    ) as fold:
        file = _offer_file()
        if file is not None:
            with show_errors():
                _show(*_opened(file.file_id, file), "recorded")
        elif fold.open:  # two charts, which few look at
            gpu, sweeps = _of_gpu()
            if own is None:
                st.caption("Measure above, and your run stands here beside that of the GPU.")
            else:
                show_two_machines(own, gpu)
            st.markdown("**All that was measured on the GPU,** first for a table as large as that of Llama 3.")
            _show(gpu, sweeps, "gpu", first=-1)


def _offer_file() -> UploadedFile | None:
    others = [device for device in lookup.devices() if device != "cpu"]
    if others:
        st.markdown(f"PyTorch finds {' and '.join(others)} here. Choose the device above.")
    else:
        st.markdown("PyTorch finds no GPU on this server.")
    st.markdown(
        "A run of an NVIDIA H100 comes with the app. Do you want to see another machine? Record a run there, and open "
        "its file here: it takes the place of that one."
    )
    st.code("python -m embeddings.lookup --device cuda --out FILE", language="bash")
    return st.file_uploader(
        "A recorded run (JSON)",
        type="json",
        key="lookup_file",
        max_upload_size=MAX_RUN_BYTES // 2**20,
        help="It is read as numbers and names, and stays in this session.",
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def _of_gpu() -> tuple[BenchmarkRun, tuple[Sweep, ...]]:
    return _with_plans(gpu_run())


@remembered(max_entries=1, spinner="Reading the run")
def _opened(upload: str, _file: BinaryIO) -> tuple[BenchmarkRun, tuple[Sweep, ...]]:
    """The run in the file, and those of its plans that have points; read once for each ``upload``."""
    return _with_plans(read_run(_file))


def _with_plans(benchmark_run: BenchmarkRun) -> tuple[BenchmarkRun, tuple[Sweep, ...]]:
    return benchmark_run, tuple(sweep for sweep in benchmark_run.sweeps if benchmark_run.outcomes(sweep))


def _show(benchmark_run: BenchmarkRun, sweeps: Sequence[Sweep], key: str, first: int = 0) -> None:
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
