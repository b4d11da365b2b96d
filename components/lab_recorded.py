"""Runs from elsewhere: how to record one where there is a GPU, and a file of one opened."""

from typing import BinaryIO

import streamlit as st

from components import lab_panels
from components.explained import explained
from components.plain_text import escaped
from embeddings import lookup
from embeddings.errors import in_bytes
from embeddings.lookup import Plan, Recording
from embeddings.lookup.recording import MAX_BYTES, read


def show_recorded() -> None:
    """What there is beyond this machine's CPU, and a run of another machine."""
    st.subheader("On another machine", anchor=False)
    others = [device for device in lookup.devices() if device != "cpu"]
    if others:
        st.markdown(f"PyTorch finds {' and '.join(others)} here: choose the device above.")
    else:
        st.markdown(
            "PyTorch finds no GPU on this server, and no recorded run of one comes with the app: none has been "
            "measured for it yet. Where you have one, record a run, and open its file here."
        )
    st.code("python -m embeddings.lookup --device cuda --out FILE", language="bash")
    file = st.file_uploader(
        "A recorded run (JSON)",
        type="json",
        key="lookup_file",
        max_upload_size=MAX_BYTES // 1_000_000,
        help="It is read as numbers and names, and stays in this session.",
    )
    if file is None:
        return
    with explained():
        _show(*_opened(file.file_id, file))


@st.cache_resource(scope="session", show_spinner="Reading the run", max_entries=1)
def _opened(upload: str, _file: BinaryIO) -> tuple[Recording, list[Plan]]:
    """The run in the file, and those of its plans that have points; read once for each ``upload``."""
    recording = read(_file)
    return recording, [plan for plan in recording.plans if recording.outcomes(plan)]


def _show(recording: Recording, plans: list[Plan]) -> None:
    machine = recording.machine
    gpu = f", {escaped(machine.accelerator)}" if machine.accelerator else ""
    st.markdown(
        f"Recorded on {escaped(machine.date)}: {escaped(machine.processor)}, {machine.cores} cores{gpu}, "
        f"{in_bytes(machine.memory_bytes)} of memory, {escaped(machine.system)}, Python {escaped(machine.python)}, "
        f"PyTorch {escaped(machine.torch)}."
    )
    if not plans:
        st.info("The file holds no points. Record a run with the command above.")
        return
    number = st.selectbox(
        "What was measured", range(len(plans)), format_func=lambda number: _title(plans[number]), key="recorded_plan"
    )
    lab_panels.show_run(recording, plans[number], "recorded")


def _title(plan: Plan) -> str:
    fixed = ", ".join(f"{axis} = {getattr(plan, axis):,}" for axis in "VDB" if axis != plan.over)
    return (
        f"over {plan.over} up to {plan.sizes[-1]:,}, {fixed}, {plan.ids} ids, {plan.dtype}, {plan.device}, "
        f"threads: {plan.threads}{', not in the cache' if plan.cold else ''}"
    )
