"""The panels of the map of words: the map, what surrounds it, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from components import chart, map_making, snippets, trust_panels, work
from components import play_snippets as play
from components.chart import PICTURES, picture_key
from components.drawings.word_map import KEPT, MADE_UP, MISSED, Link, word_map
from components.explained import explained
from components.figures.solid import solid_figure
from components.figures.space import map_figure
from components.inputs import bind, explain_words, sort_words
from components.map_colours import ADDED, CLUSTER, Colouring, choose_colouring, colouring
from components.map_making import JOB, MOST_WITH_FRAMES, Asked, Made
from components.neighbours import choose_clicked, choose_one, show_neighbours
from components.plain_text import codes, shortened
from components.take_home import take_home
from components.word_choice import OWN, ChosenWords
from embeddings.axes import angle
from embeddings.jobs import Job
from embeddings.word_vectors import WordVectors

HOME = "words_in_space"  # what is taken home is called so
MOST_ADDED = 20
MOST_LISTED = 12  # lassoed words whose neighbours are listed
_LASSO = "space_lasso"
_INSIDE = "space_lasso_count"  # how many lay within, though the drawing names only some


@dataclass(frozen=True, eq=False)
class Drawn:
    """What is drawn: the words of the map, and after them those that were added.

    Attributes:
        words: All of them.
        coordinates: float32 [n, k].
        added: How many were added.
        links: Lines between them.
        marked: Those with a ring.
        chosen: The place of the chosen word, if it is there.
    """

    words: list[str]
    coordinates: NDArray[np.float32]
    added: int
    links: tuple[Link, ...]
    marked: tuple[int, ...]
    chosen: int | None


def show(words: ChosenWords, options: dict, table: WordVectors) -> None:
    """The map, live while it forms, and what there is to learn from it."""
    wanted = map_making.asked(table, words.words, options)
    if wanted.at_once:
        work.drop(JOB)
    elif _agreed(wanted, table):
        map_making.start(wanted, table)
    else:
        work.drop(JOB)
        return

    def explore(job: Job | None) -> None:
        with explained(st.info):  # here too, as what is drawn anew alone runs outside of the page's own
            _explore(job, words, wanted, table)

    work.live(JOB, explore, again=True)


def _agreed(wanted: Asked, table: WordVectors) -> bool:
    """Whether the map is quick, or the reader has said to start it all the same."""
    seconds = map_making.seconds_needed(wanted, table)
    if seconds <= map_making.LONG_SECONDS or st.session_state.get("space_agreed") == wanted:
        return True
    st.warning(
        f"This map of {len(wanted.words):,} words would take about {_in_minutes(seconds)} on a machine with two free "
        "cores, and longer on a busy one. Fewer words, fewer steps, two dimensions or the usual start are quicker."
    )

    def agree() -> None:
        st.session_state["space_agreed"] = wanted

    st.button("Start it", key="space_agree", type="primary", icon=":material/play_arrow:", on_click=agree)
    return False


def _in_minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else "a minute"


def _explore(job: Job | None, words: ChosenWords, wanted: Asked, table: WordVectors) -> None:
    names = words.words
    made = map_making.made_at_once(wanted.digest, wanted, table) if wanted.at_once else map_making.made_of(job)
    finished = made is not None and made.projection is not None
    picture, beside = st.columns([7, 4], gap="large")
    with beside:
        chosen = choose_one(names, table)
        revealed = show_neighbours(chosen, table)
    with picture:
        way, count = choose_colouring(words, finished and made.trust is not None)
        coloured = colouring(way, count, words, wanted, table, made, chosen)
        added = _choose_added(names, table) if finished else ()
        drawn = _drawn(made, added, wanted, table, chosen, revealed)
        _draw(job, made, drawn, coloured, wanted, [word for word, group in words.group_of.items() if group == OWN])
        st.caption(" ".join(filter(None, [_meaning(job, made, drawn, wanted, table), coloured.about])))
        extra = (
            play.clustered_words(count, dict(wanted.options).get("seed", 0), wanted.metric) if way == CLUSTER else ""
        )
        source = play.word_map(table, words.expression, dict(wanted.options), added, extra)
        snippets.show_code(source, "space_map", words.note)
        if finished and (job is None or not job.active):
            take_home(table, drawn.words, lambda: _figure(made, drawn, coloured), source, HOME)
    with beside:
        if revealed and finished and made.trust is not None:
            trust_panels.show_point(made.trust, names, chosen)
        _show_lassoed(drawn, made, table)
    if finished and made.trust is not None:
        trust_panels.show(made, words, wanted, table, chosen)


def _choose_added(names: Sequence[str], table: WordVectors) -> tuple[str, ...]:
    """Words that the reader adds to the finished map, on which nothing else moves."""
    text = st.text_input(
        "Add words to this map, without moving the others",
        "",
        key="space_add",
        bind=bind("space_add"),
        persist_state="session",
        placeholder="Type a word or several and press Enter",
    )
    typed = sort_words([text], table, MOST_ADDED)
    explain_words(typed, table, MOST_ADDED)
    if there := [word for word in typed.known if word in set(names)]:
        st.caption(f"On the map already: {codes(there)}.")
    return tuple(word for word in typed.known if word not in there)


def _drawn(
    made: Made | None, added: tuple[str, ...], wanted: Asked, table: WordVectors, chosen: str, revealed: bool
) -> Drawn:
    names, vectors = list(wanted.words), table.rows(wanted.words)
    if made is None:
        size = dict(wanted.options).get("n_components", 2)
        coordinates = map_making.starting_map(wanted.digest, size, vectors)
    else:
        coordinates = made.coordinates
    if added:
        new = map_making.places_of(wanted.digest, added, made, vectors, table.rows(added))
        coordinates = np.concatenate([coordinates, new])
    words = names + list(added)
    place = {word: index for index, word in enumerate(words)}
    marked = tuple(place[word] for word in st.session_state.get(_LASSO, ()) if word in place)
    links: list[Link] = []
    if made is not None and made.trust is not None:
        if revealed and place.get(chosen, len(names)) < len(names):
            links += _links(made, place[chosen])
        for point in marked[:MOST_LISTED]:
            if point < len(names) and len(marked) > 0:
                links += [link for link in _links(made, point) if link[2] != MADE_UP]
    return Drawn(words, coordinates, len(added), tuple(links), marked, place.get(chosen))


def _links(made: Made, point: int) -> list[Link]:
    near = made.trust.neighbours_of(point)
    kinds = ((MADE_UP, near.false), (MISSED, near.missed), (KEPT, near.true))
    return [(point, other, kind) for kind, others in kinds for other in others]


def _draw(
    job: Job | None, made: Made | None, drawn: Drawn, coloured: Colouring, wanted: Asked, own: Sequence[str]
) -> None:
    classes, names, looks = _with_added(coloured, drawn)
    used = set(classes.tolist())
    chart.legend_of([(name, looks[number]) for number, name in enumerate(names) if number in used])
    labels = st.toggle("Labels", True, key="space_labels", bind="query-params", persist_state="session")
    alt = f"Map of {len(drawn.words):,} words. The list beside it reaches every word by keyboard."
    if drawn.coordinates.shape[1] == 3:
        figure = _solid(made, drawn, coloured, labels)
        chart.show(figure, key="space_solid", alt=alt, save_as=HOME)
        return

    def take_lassoed() -> None:
        selected = (st.session_state.get("space_map") or {}).get("selected") or {"points": [], "count": 0}
        st.session_state[_LASSO] = [drawn.words[index] for index in selected["points"] if index < len(drawn.words)]
        st.session_state[_INSIDE] = selected["count"]

    word_map(
        drawn.coordinates,
        drawn.words,
        classes,
        looks,
        identity=wanted.digest,
        alt=alt,
        key="space_map",
        save_as=HOME,
        picture=st.session_state.get(picture_key(HOME)) or PICTURES[0],
        notes=_notes(coloured, drawn),
        labels=labels,
        chosen=drawn.chosen,
        links=drawn.links,
        marked=drawn.marked,
        first=[index for index, word in enumerate(drawn.words) if word in set(own)]
        + list(range(len(drawn.words) - drawn.added, len(drawn.words))),
        axes=_axis_titles(made),
        frames=made.frames if made is not None and not drawn.added else None,
        forming=job is not None and job.active,
        on_click=lambda: choose_clicked(drawn.words),
        on_select=take_lassoed,
    )


def _with_added(coloured: Colouring, drawn: Drawn) -> tuple[NDArray[np.int64], list[str], list[tuple[str, str]]]:
    """The classes of all words, with one more for those that were added."""
    if not drawn.added:
        return coloured.classes, list(coloured.names), list(coloured.looks)
    classes = np.concatenate([coloured.classes, np.full(drawn.added, len(coloured.names))])
    return classes, [*coloured.names, "added"], [*coloured.looks, ADDED]


def _notes(coloured: Colouring, drawn: Drawn) -> list[str] | None:
    return None if coloured.notes is None else [*coloured.notes, *["added"] * drawn.added]


def _solid(made: Made | None, drawn: Drawn, coloured: Colouring, labels: bool) -> go.Figure:
    classes, names, looks = _with_added(coloured, drawn)
    return solid_figure(
        drawn.coordinates,
        drawn.words,
        classes,
        names,
        looks,
        chosen=drawn.chosen,
        links=drawn.links,
        labels=labels,
        notes=_notes(coloured, drawn),
        axes=_axis_titles(made),
    )


def _figure(made: Made, drawn: Drawn, coloured: Colouring) -> go.Figure:
    """The map as a Plotly figure, to be taken home."""
    if drawn.coordinates.shape[1] == 3:
        return _solid(made, drawn, coloured, labels=True)
    classes, names, looks = _with_added(coloured, drawn)
    return map_figure(
        drawn.coordinates,
        drawn.words,
        [names[number] for number in classes],
        names,
        None if drawn.chosen is None else drawn.words[drawn.chosen],
        labels=len(drawn.words) <= map_making.AT_ONCE,
        axes=_axis_titles(made),
        looks=looks,
    )


def _axis_titles(made: Made | None) -> tuple[str, ...] | None:
    """What the reader's own axes lead from and to, or how much PCA's keep; those of other methods mean nothing."""
    if made is None or made.projection is None:
        return None
    if made.projection.method == "axes":
        return tuple(f"{_end(each.low)} → {_end(each.high)}" for each in made.projection.options["axes"])
    if made.projection.explained is None:
        return None
    shares = made.projection.explained
    numbers = made.projection.options["components"] or range(1, len(shares) + 1)
    return tuple(
        f"component {number}: {share:.0%} of the spread" for number, share in zip(numbers, shares, strict=True)
    )


def _end(words: Sequence[str]) -> str:
    return f"{shortened(words[0], 16)} …" if len(words) > 1 else shortened(words[0], 16)


def _meaning(job: Job | None, made: Made | None, drawn: Drawn, wanted: Asked, table: WordVectors) -> str:
    """What may be read from the map, and what not, and how it is moved."""
    solid = drawn.coordinates.shape[1] == 3
    how = (
        "Drag to turn it; points in 3-D cannot be clicked, so choose a word in the list."
        if solid
        else "Both axes have the same scale. Drag to move, + or a double click to come closer: more labels find room."
    )
    if job is not None and job.state in ("stopped", "failed"):
        return "Ended early: the words still lie where the last step, or PCA, has put them. " + how
    if made is None or (made.projection is None and wanted.method != "pca"):
        return "On its way: until the first step is there, the words lie where PCA puts them. " + how
    if made.projection.explained is not None:
        kept = sum(made.projection.explained)
        count = "three" if solid else "two"
        hidden = "." if kept > 0.995 else "; what lies along the others is not seen here."
        return f"The {count} axes keep {kept:.0%} of the spread of the {table.dimension} dimensions{hidden} {how}"
    if wanted.method == "axes":
        first, second = made.projection.options["axes"]
        return (
            "Where the lines cross is halfway between the ends of both axes, and the further a word stands from there, "
            f"the more it leans to one. The axes meet at {angle(first, second):.0f}°: at 90° one says nothing about "
            f"the other. What lies along no axis is not seen here. {how}"
        )
    film = ""
    if made.frames is not None:
        film = f" The player shows {len(made.frames.steps)} pictures of the way here."
    elif wanted.method == "tsne" and not solid:
        film = f" The way to a map can be watched and played up to {MOST_WITH_FRAMES:,} words."
    return "Only who is near whom means something here: axes, sizes of groups and gaps do not. " + how + film


def _show_lassoed(drawn: Drawn, made: Made | None, table: WordVectors) -> None:
    """The words inside the lasso, each with its neighbours in all dimensions."""
    if not drawn.marked:
        return
    words = [drawn.words[index] for index in drawn.marked]
    whole = len(words) == len(st.session_state[_LASSO])  # else the map has changed since
    count = max(len(words), st.session_state.get(_INSIDE, 0)) if whole else len(words)
    kept = f" The first {len(words)} are kept." if count > len(words) else ""
    st.markdown(
        f"**Selected: {count:,}.**{kept} With each, those of the map's words that are nearest to it in all dimensions:"
    )
    st.dataframe(
        {"word": words[:MOST_LISTED], "nearest": [_nearest(made, drawn, i) for i in drawn.marked[:MOST_LISTED]]},
        hide_index=True,
        key="space_lassoed",
    )
    if len(words) > MOST_LISTED:
        st.caption(f"And {len(words) - MOST_LISTED} more: {codes(words[MOST_LISTED:], 20)}.")
    st.button("Let go", key="space_let_go", on_click=lambda: st.session_state.pop(_LASSO, None))


def _nearest(made: Made | None, drawn: Drawn, point: int) -> str:
    if made is None or made.trust is None or point >= len(made.trust.neighbours_in_table):
        return "–"
    return ", ".join(drawn.words[other] for other in made.trust.neighbours_in_table[point][:5])
