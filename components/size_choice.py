"""How large a table is, how many rows are looked up, and where."""

import streamlit as st

from embeddings import lookup

SIZES = (4, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 50_257)  # the last is GPT-2's vocabulary
DIMENSIONS = (5, 16, 64, 128, 256, 512)
BATCHES = (3, 16, 64, 256, 512)


def choose_sizes() -> tuple[int, int, int]:
    """V, D and B."""
    columns = st.columns(3, gap="large")
    choices = (
        ("Vocabulary size V: rows of the table", SIZES, 4, "lookup_v"),
        ("Dimension D: numbers in a row", DIMENSIONS, 5, "lookup_d"),
        ("Batch B: tokens looked up at once", BATCHES, 3, "lookup_b"),
    )
    return tuple(
        column.select_slider(
            label, options, default, format_func="{:,}".format, key=key, bind="query-params", persist_state="session"
        )
        for column, (label, options, default, key) in zip(columns, choices, strict=True)
    )


def choose_device() -> str:
    """Where to compute; asked only where torch finds more than the CPU."""
    places = lookup.devices()
    if len(places) == 1:
        return places[0]
    return st.segmented_control(
        "Device",
        places,
        default=places[0],
        required=True,
        key="lookup_device",
        bind="query-params",
        persist_state="session",
    )
