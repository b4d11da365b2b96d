"""Selected words: those inside the lasso, each with its neighbors in all dimensions."""

from collections.abc import Sequence

import streamlit as st

from components.markup import as_code_list
from components.ui.tables import draw_table
from embeddings.projection import MapResult

MAX_LISTED = 12  # selected words whose neighbors are listed
_WORDS = "space_lasso"
_COUNT = "space_lasso_count"  # how many lay within, though the drawing names only some


def keep_selected(words: Sequence[str], key: str) -> None:
    """Take the points inside the lasso on the map under ``key``, which shows ``words``."""
    found = (st.session_state.get(key) or {}).get("selected") or {"points": [], "count": 0}
    st.session_state[_WORDS] = [words[index] for index in found["points"] if index < len(words)]
    st.session_state[_COUNT] = found["count"]


def selected_words() -> Sequence[str]:
    """Those that were inside the lasso, be they on the map still or not."""
    return st.session_state.get(_WORDS, ())


def show_selected(words: Sequence[str], selected: Sequence[int], result: MapResult | None) -> None:
    """The ``selected`` of the map's ``words``, each with its nearest; places in ``words``."""
    if not selected:
        return
    names = [words[index] for index in selected]
    whole = len(names) == len(selected_words())  # else the map has changed since
    count = max(len(names), st.session_state.get(_COUNT, 0)) if whole else len(names)
    kept = f" The first {len(names)} are kept." if count > len(names) else ""
    st.markdown(
        f"**Selected: {count:,}.**{kept} Beside each stand the words of the map that are nearest to it in all "
        "dimensions:"
    )
    draw_table(
        {"word": names[:MAX_LISTED], "nearest": [_nearest(result, words, i) for i in selected[:MAX_LISTED]]},
        key="space_lassoed",
    )
    if len(names) > MAX_LISTED:
        st.caption(f"And {len(names) - MAX_LISTED} more: {as_code_list(names[MAX_LISTED:], 20)}.")
    st.button("Let go", key="space_let_go", on_click=lambda: st.session_state.pop(_WORDS, None))


def _nearest(result: MapResult | None, words: Sequence[str], point: int) -> str:
    if result is None or result.quality is None or point >= len(result.quality.neighbors_high):
        return "–"
    return ", ".join(words[other] for other in result.quality.neighbors_high[point][:5])
