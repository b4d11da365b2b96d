"""A table on the page: columns of numbers and words."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import streamlit as st


def draw_table(columns: Mapping[str, Iterable[Any]], *, place: Any = st, **options: Any) -> None:
    """Draw ``columns``, under their names, in ``place``; ``options`` are those of ``st.dataframe``.

    Streamlit is handed what it sends: by way of pandas, it would take ten times as long in every run.
    """
    place.dataframe(pa.table({name: list(values) for name, values in columns.items()}), hide_index=True, **options)
