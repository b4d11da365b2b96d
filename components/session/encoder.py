"""MiniLM, the small encoder that all visitors share: opened when it is asked for, and let go after a while."""

import streamlit as st

from embeddings.jobs import ByName
from embeddings.transformer import MiniLM


@st.cache_resource(max_entries=1, ttl=600, show_spinner=False)  # 91 MB, and quick to open again
def shared_minilm() -> MiniLM:
    """The weights, let go after ten minutes; for the thread of a job.

    Raises:
        SourceUnavailable: The model is not installed, or damaged.
    """
    return MiniLM.load()


def minilm_argument() -> ByName:
    """MiniLM for a ``Call``, wherever it is made."""
    return ByName(MiniLM.load, (), shared_minilm)
