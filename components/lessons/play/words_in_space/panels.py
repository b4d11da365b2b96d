"""The panels of the page: the map, live while it forms, what surrounds it, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.lessons.play.words_in_space import map_view
from components.lessons.play.words_in_space import request as map_request
from components.lessons.play.words_in_space.colouring import CLUSTER, choose_colouring, clusters_code, colouring
from components.lessons.play.words_in_space.map_view import map_code
from components.lessons.play.words_in_space.neighbors import choose_one, show_neighbors, was_clicked
from components.lessons.play.words_in_space.quality import show_point, show_quality
from components.lessons.play.words_in_space.request import MAP_JOB, MapRequest
from components.lessons.play.words_in_space.selection import show_selected
from components.lessons.play.words_in_space.word_choice import OWN, ChosenWords
from components.markup import as_code_list
from components.session import background_jobs
from components.ui.code_block import show_code
from components.ui.downloads import downloads
from components.ui.errors import show_errors
from components.ui.inputs import explain_words, sort_words
from components.ui.text_fields import LIST_LIMIT, text_line
from embeddings.jobs import Seen
from embeddings.projection import MapResult
from embeddings.vectors import WordVectors

MAX_ADDED = 20


@dataclass(frozen=True)
class _Look:
    """What the reader chose of how the map looks.

    Attributes:
        way, count: By what it is coloured, and how many clusters.
        labels: Whether words are written beside their points.
        chosen: The word whose neighbors are listed.
        revealed: Whether these are shown.
    """

    way: str
    count: int
    labels: bool
    chosen: str
    revealed: bool


def show_space(
    words: ChosenWords, options: dict, table: WordVectors, picture: DeltaGenerator, more: DeltaGenerator
) -> None:
    """The map, live while it forms, in the column ``picture``, and below it what there is to learn from it.

    What colours it is asked for among ``more`` settings.
    """
    request = MapRequest.of(table, words, options)
    with more:
        way, count = choose_colouring(words)
        labels = setting(st.toggle, "Labels", True, key="space_labels")
    beside, below = st.columns([7, 4], gap="large")
    with beside:
        chosen = choose_one(words.words, table)
        revealed = show_neighbors(chosen, table)
    look = _Look(way, count, labels, chosen, revealed)
    finished = None
    with picture, show_errors(st.info):
        finished = _show_map(words, request, table, look)
    if finished is None or finished.projection is None or finished.quality is None:
        return
    with below:
        if revealed:
            show_point(finished.quality, words.words, chosen)
    show_quality(finished.projection, finished.quality, words, request, table, chosen)


def _show_map(words: ChosenWords, request: MapRequest, table: WordVectors, look: _Look) -> MapResult | None:
    """The map, live while it forms; what came out of it, once it is finished."""
    if request.is_fast:
        background_jobs.cancel(MAP_JOB)
        map_request.cached_map(request, table)  # if it fails, it does so here
    elif _confirmed(request, table):
        map_request.start(request, table)
    else:
        background_jobs.cancel(MAP_JOB)
        return None

    def explore(job: Seen | None) -> DeltaGenerator | None:
        line = None
        with show_errors(st.info):  # here too, as what is drawn anew alone runs outside of the page's own
            line = _explore(job, words, request, table, look)
        return line

    background_jobs.poll(MAP_JOB, explore, idle="The map is finished.", again=True, line_below=True)
    job = background_jobs.current(MAP_JOB)  # asked after the drawing: if it ends in between, the page runs again
    return _finished(None if job is None else job.seen(), request, table)


def _confirmed(request: MapRequest, table: WordVectors) -> bool:
    """Whether the map is quick, or the reader has said to start it all the same."""
    seconds = map_request.estimated_seconds(request, table)
    if seconds <= map_request.LONG_SECONDS or st.session_state.get("space_agreed") == request:
        return True
    st.warning(
        f"This map of {len(request.words):,} words would take about {_in_minutes(seconds)} on a machine with two free "
        "cores, and longer on a busy one. It is quicker with fewer words or steps, in 2-D, or from the usual start."
    )

    def confirm() -> None:
        st.session_state["space_agreed"] = request

    st.button("Start it", key="space_agree", type="primary", icon=":material/play_arrow:", on_click=confirm)
    return False


def _in_minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else "a minute"


def _finished(job: Seen | None, request: MapRequest, table: WordVectors) -> MapResult | None:
    """The map, once it is there."""
    result = map_request.cached_map(request, table) if request.is_fast else map_request.result_of(job)
    return result if result is not None and result.projection is not None else None


def _explore(
    job: Seen | None, words: ChosenWords, request: MapRequest, table: WordVectors, look: _Look
) -> DeltaGenerator:
    """The map and what stands below it; gives the place of the line on its progress."""
    if was_clicked():
        st.rerun()
    finished = _finished(job, request, table)
    result = finished if finished is not None else map_request.result_of(job)
    coloured = colouring(look.way, look.count, words, request, table, result, look.chosen)
    picture, line = st.container(key="picture"), st.container()
    added = _choose_added(words.words, table) if finished is not None else ()
    view = map_view.view_of(result, added, request, table, look.chosen, look.revealed)
    with picture:
        map_view.draw(job, result, view, coloured, request, _own_words(words), look.labels)
    about = filter(None, [map_view.meaning(job, result, view, request, table), coloured.about])
    st.caption(glossary.linked(" ".join(about)))
    show_selected(view.words, view.selected, result)
    source = map_code(table, words.expression, dict(request.options), added)
    source += clusters_code(look.count, request.seed, request.metric) if look.way == CLUSTER else ""
    show_code(source, "space_map", words.note)
    if finished is not None and (job is None or not job.active):
        downloads(
            table, view.words, lambda: map_view.figure(finished, view, coloured), source, map_view.MAP_DOWNLOAD_NAME
        )
    return line


def _own_words(words: ChosenWords) -> list[str]:
    return [word for word, group in words.group_of.items() if group == OWN]


def _choose_added(names: Sequence[str], table: WordVectors) -> tuple[str, ...]:
    """Words that the reader adds to the finished map, on which nothing else moves."""
    text = text_line(
        "Add words to this map, without moving the others",
        key="space_add",
        limit=LIST_LIMIT,
        placeholder="Type a word or several and press Enter",
    )
    typed = sort_words([text], table, MAX_ADDED)
    explain_words(typed, table, MAX_ADDED)
    on_map = set(names)
    if there := [word for word in typed.known if word in on_map]:
        st.caption(f"On the map already: {as_code_list(there)}.")
    return tuple(word for word in typed.known if word not in there)
