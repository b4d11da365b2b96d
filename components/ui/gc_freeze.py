"""Keeps the garbage collector away from what never becomes garbage.

Streamlit collects after every script run. Walking the 400,000 words and torch's, plotly's and scikit-learn's objects
again each time made a trivial rerun take 0.2 s; frozen, they are no longer walked. ``benchmarks/rerun.py`` measures the
gain.
"""

import gc
import sys

import streamlit as st


def freeze_loaded_modules() -> None:
    """Freeze whenever modules have been imported since the last time; cheap when there are none."""
    _freeze(len(sys.modules))


@st.cache_resource(max_entries=1, show_spinner=False)
def _freeze(modules: int) -> int:
    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()
