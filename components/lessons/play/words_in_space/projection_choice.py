"""Which projection, with which options, each bounded by the number of words: all as the methods' registry has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.lessons.play.axis_ends import end_setting, ends_of
from components.ui.inputs import choice_input
from embeddings.projection import METHODS, Backend, Choice, Components, Method, Option, Range, Steps, WordAxes
from embeddings.similarity import AXES
from embeddings.vectors import WordVectors

METRICS = MappingProxyType({"Euclidean": "euclidean", "cosine": "cosine"})
WATCHED_UNASKED = 1_000  # words whose map is watched unless the reader wants it at once
MAX_WATCHED = 5_000
USUAL = "usual"


@dataclass(frozen=True)
class _Asking:
    """For what map is asked, and where.

    Attributes:
        count: How many words.
        table: Theirs.
        n_components: Dimensions of the map.
        main: The place of what matters most.
        places: Four places among what matters less; none where the reader does not choose how words are compared.
    """

    count: int
    table: WordVectors
    n_components: int
    main: DeltaGenerator
    places: Sequence[DeltaGenerator] = ()


def place_for_more(count: int) -> DeltaGenerator:
    """Where the settings stand that matter less; folded up, once there are words enough for a map."""
    return st.expander("More settings", icon=":material/tune:") if count > 1 else st.container()


def choose_projection(
    count: int, table: WordVectors, above_map: DeltaGenerator, main: DeltaGenerator, more: DeltaGenerator
) -> dict[str, Any]:
    """Method and options for ``count`` words of ``table``, as ``MapRequest.of`` takes them.

    The method is asked for ``above_map``, what matters most of its options in ``main``, and the others in ``more``.
    """
    titles = {method.title: method for method in METHODS.values()}
    method = titles[choice_input("Projection", list(titles), "space_method", place=above_map)]
    few = 2 <= count <= 3  # while words are still missing, nothing is drawn, and the reader's choice stays
    solid = not few and table.dimension > 2 and method.in_3d
    sizes = ["2-D", "3-D"] if solid else ["2-D"]
    if st.session_state.get("space_size") not in sizes:
        st.session_state.pop("space_size", None)
    main.caption(about(method))
    n_components = int(choice_input("Map", list(sizes), "space_size", place=main)[0])
    options = {"method": method.name, "n_components": n_components}
    if count < method.min_points or (method.max_points is not None and count > method.max_points):
        return options  # the engine says what is wrong
    with more:
        places = () if method.metric else (st.container(), st.container(), *st.columns(2))
        asking = _Asking(count, table, n_components, main, places)
        return options | _metric(method, asking) | _options(method, asking) | _seed(method, asking)


def about(method: Method) -> str:
    """What a method does, with what its options' terms mean."""
    explained = [glossary.sentence(name) for name in ("perplexity",) if any(o.name == name for o in method.options)]
    return glossary.linked(" ".join([method.about, *explained]))


def _metric(method: Method, asking: _Asking) -> dict[str, Any]:
    if method.metric:
        return {"metric": method.metric}
    return {"metric": METRICS[choice_input("Compare by", list(METRICS), "space_metric", place=asking.places[0])]}


def _options(method: Method, asking: _Asking) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for option in method.options:
        chosen |= _ask(option, asking, chosen)
    return chosen


def _ask(option: Option, asking: _Asking, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What the reader chooses of ``option``; nothing where that is what is usual."""
    match option:
        case Range():
            return _range(option, asking)
        case Choice():
            return _choice(option, asking)
        case Steps():
            return _steps(option, asking)
        case Backend():
            return _watched(option, asking, chosen)
        case Components():
            return _components(option, asking)
        case WordAxes():
            return _axes(option, asking)


def _components(option: Components, asking: _Asking) -> dict[str, Any]:
    n_components = asking.n_components
    bound = min(asking.count, asking.table.dimension, option.shown_up_to)
    if bound <= n_components:
        return {}
    chosen = setting(
        st.multiselect,
        "Components drawn, the first across and the second upwards",
        list(range(1, bound + 1)),
        default=list(range(1, n_components + 1)),
        max_selections=n_components,
        select_all=False,
        key=f"space_components_{n_components}",
    )
    if len(chosen) != n_components or max(chosen) > bound:
        st.caption(f"Choose {n_components}; until then the first {n_components} are drawn.")
        return {}
    return {} if chosen == list(range(1, n_components + 1)) else {option.name: tuple(chosen)}


def _axes(option: WordAxes, asking: _Asking) -> dict[str, Any]:
    """Two axes by their ends."""
    left, right, below, above = ends_of(AXES[0])
    ends = []
    for column, (label, usual, name) in zip(
        (*asking.main.columns(2), *asking.main.columns(2)),
        (
            ("From left", left, "x_low"),
            ("to right", right, "x_high"),
            ("From below", below, "y_low"),
            ("upwards", above, "y_high"),
        ),
        strict=True,
    ):
        with column:
            ends.append(end_setting(label, usual, f"space_{name}", asking.table))
    return {option.name: ((ends[0], ends[1]), (ends[2], ends[3]))}


def _range(option: Range, asking: _Asking) -> dict[str, Any]:
    """A slider within the bounds that the words set; one in the second row tells only what is not usual."""
    low, high = option.bounds(asking.count)
    high = high if option.shown_up_to is None else min(high, option.shown_up_to)
    key = f"space_{option.address}"
    if high <= low:
        return {option.name: high}
    if (st.session_state.get(key) or low) > high:  # words were taken away since it was chosen
        st.session_state[key] = high
    slider = asking.main.slider if option.main else st.slider
    usual = min(option.usual, high)
    value = setting(slider, option.label, low, high, usual, option.step, key=key, help=option.help)
    return {option.name: value} if option.main or value != usual else {}


def _choice(option: Choice, asking: _Asking) -> dict[str, Any]:
    usual = " ".join(each.usual for each in _alike(Choice, option.name))
    choice = choice_input(
        option.label,
        [USUAL, *option.choices],
        f"space_{option.address}",
        f"{option.help} {usual}",
        place=asking.places[1],
    )
    return {} if choice == USUAL else {option.name: option.choices[choice]}


def _alike(kind: type, name: str) -> list[Any]:
    """The options of all methods that are of this kind and name, and share a control."""
    options = [option for method in METHODS.values() for option in method.options]
    return [option for option in options if isinstance(option, kind) and option.name == name]


def _watched(option: Backend, asking: _Asking, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Which program draws: one that shows its steps, or a faster one that does not."""
    if stand_in := option.stand_in():
        asking.main.caption(stand_in)
    if asking.count > MAX_WATCHED or not option.fast_for(asking.count, asking.n_components, chosen):
        return {}
    large = asking.count > WATCHED_UNASKED
    watch = setting(
        asking.main.toggle,
        "Watch it form",
        not large,
        key="space_watch_large" if large else "space_watch",
        help="On: you see the words move, and you can play it again. Off: another program draws the map several "
        "times as fast, from random places.",
    )
    return {option.name: option.choices[0] if watch else "auto"}


def _steps(option: Steps, asking: _Asking) -> dict[str, Any]:
    usual = "; ".join(each.usual for each in _alike(Steps, option.name))
    steps = setting(
        asking.places[2].number_input,
        "Steps",
        option.low,
        option.high,
        None,
        option.step,
        placeholder=USUAL,
        key="space_steps",
        help=f"How often the words are moved. Usual: {usual}.",
    )
    return {} if steps is None else {option.name: steps}


def _seed(method: Method, asking: _Asking) -> dict[str, Any]:
    if not method.iterative:
        return {}
    seed = setting(
        asking.places[3].number_input,
        "Seed",
        0,
        9999,
        0,
        key="space_seed",
        help="The start of the random numbers. On one machine, the same seed draws the same map.",
    )
    st.caption(
        "The same words, settings and seed always draw the same map here. On another machine the map may differ, "
        "because its processor rounds in another way."
    )
    return {"seed": seed}
