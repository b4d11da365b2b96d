"""The panels of the lesson on axes: the ends, the words between them, and how much the axis is worth."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components import chart, predict, snippets
from components import play_snippets as play
from components.figures.axes import axis_figure, plane_figure
from components.inputs import words_setting
from components.plain_text import code, codes
from components.take_home import take_home
from embeddings.axes import NEARLY_PARALLEL, Axis, angle, axis, explained, place, place_on
from embeddings.presets import AXES, AxisPreset
from embeddings.sources import DEFAULT
from embeddings.word_vectors import WordVectors

MOST_WORDS = 60
MOST_AT_AN_END = 12
HOME = "axes_of_meaning"  # what is taken home is called so
Poles = tuple[tuple[str, ...], tuple[str, ...]]
_START = AXES[0]
_ENDS = ("x_low", "x_high", "y_low", "y_high")


def choose_example() -> None:
    """One of the examples that come with the app."""
    st.pills("Examples", AXES, format_func=lambda preset: preset.title, key="axes_example", on_change=_take_example)


def _take_example() -> None:
    """Put the example where the reader types, and let go of it, so that it can be chosen again."""
    preset: AxisPreset | None = st.session_state["axes_example"]
    if preset is None:
        return
    ends = (preset.x.low, preset.x.high, *((preset.y.low, preset.y.high) if preset.y else ((), ())))
    for name, words in zip((*_ENDS, "words"), (*ends, preset.words), strict=True):
        st.session_state[f"axes_{name}"] = " ".join(words)
    st.session_state["axes_example"] = None


def choose_axes(table: WordVectors) -> tuple[list[Poles], tuple[str, ...]]:
    """The ends of one axis or two, and the words to place."""
    starts = (_START.x.low, _START.x.high, _START.y.low, _START.y.high)
    labels = ("From left", "to right", "From below (leave both empty for one axis)", "upwards")
    ends = []
    for first in (0, 2):
        for column, number in zip(st.columns(2), (first, first + 1), strict=True):
            with column:
                ends.append(end_setting(labels[number], starts[number], f"axes_{_ENDS[number]}", table))
    words = words_setting("Words to place", " ".join(_START.words), "axes_words", table, MOST_WORDS)
    poles = [(ends[0], ends[1]), (ends[2], ends[3])]
    for pair, where in zip(poles, ("from left to right", "from below upwards"), strict=True):
        if any(pair) and not all(pair):
            st.info(
                f"The axis {where} has a known word at one end only, {codes(pair[0] or pair[1], 2)}, and is left out. "
                "Put a word at its other end too."
            )
    return [pair for pair in poles if all(pair)], words


def end_setting(label: str, usual: Sequence[str], key: str, table: WordVectors) -> tuple[str, ...]:
    """The words at one end of an axis; an end may be left empty."""
    return words_setting(label, " ".join(usual), key, table, MOST_AT_AN_END, offer=False)


def show_places(table: WordVectors, poles: Sequence[Poles], words: Sequence[str]) -> list[Axis]:
    """The words on the axis, or in the plane of the two."""
    axes = [axis(table, low, high) for low, high in poles]
    places = place_on(axes, table.rows(words))  # [N, 1 or 2]
    names = [(_name(each.low), _name(each.high)) for each in axes]
    if len(axes) == 1:
        figure: go.Figure = axis_figure(places[:, 0], words, names[0])
    else:
        figure = plane_figure(places, words, *names)
    chart.show(figure, key="axes_places", alt=_spoken(places, words, names), save_as=HOME)
    if table.name == DEFAULT and (note := _note(poles, words)):
        st.markdown(note)
    snippets.show_code(play.axis_places(table, words, poles), "axes_places")
    take_home(table, words, figure, play.axis_places(table, words, poles), HOME)
    return axes


def _note(poles: Sequence[Poles], words: Sequence[str]) -> str | None:
    """What there is to see where the reader left one of the examples as it is; it was measured on GloVe."""
    for preset in AXES:
        ends = [(each.low, each.high) for each in (preset.x, preset.y) if each]
        if list(poles) == ends and tuple(words) == preset.words:
            return preset.note
    return None


def _name(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{words[0]}, {words[1]} …" if len(words) > 2 else ", ".join(words)


def _spoken(places: np.ndarray, words: Sequence[str], names: Sequence[tuple[str, str]]) -> str:
    order = np.argsort(places[:, 0])
    return f"From {names[0][0]} to {names[0][1]}: " + ", ".join(words[index] for index in order)


def show_quality(table: WordVectors, axes: Sequence[Axis], words: Sequence[str]) -> None:
    """How much of the words' differences the axes hold, with a warning where they hold little."""
    st.subheader("Is it a good axis?", anchor=False)
    rows, by_chance = table.rows(words), 1 / table.dimension
    columns = st.columns(3)
    for column, each, name in zip(columns, axes, ("across", "upwards"), strict=False):
        share = explained(each, rows)
        column.metric(
            f"Spread of these words along the axis {name}",
            f"{share:.1%}",
            help=f"A direction taken at random holds {by_chance:.1%} of it on average.",
        )
        column.metric("Cosine of its two ends", f"{each.pole_cosine:.2f}")
        if each.nearly_parallel:
            column.warning(
                f"The two ends point nearly the same way: their cosine is above {NEARLY_PARALLEL}. The axis rests on "
                f"small differences. Put opposites at its ends, several at each: {codes(each.low, 2)} against others."
            )
        if share < 2 * by_chance:
            column.warning(
                "These words differ by less than twice of what a random direction would show: along this axis they "
                "hardly differ, and their order may be chance."
            )
    if len(axes) == 2:
        columns[2].metric(
            "Angle between the axes", f"{angle(*axes):.0f}°", help="At 90° one says nothing about the other."
        )


def say_bias(table: WordVectors) -> None:
    """What such an axis brings to light, plainly: professions between he and she."""
    st.subheader("What the texts have left behind", anchor=False)
    preset = AXES[-1]
    words = [word for word in preset.words if word in table]
    if len(words) < 2 or not all(word in table for word in (*preset.x.low, *preset.x.high)):
        st.info("This table lacks the words *he* and *she*, or the professions to place between them.")
        return
    guessed = predict.guess(
        f"{len(words)} professions that say no gender: how many will stand more than halfway from the middle to *he* "
        "or to *she*?",
        ["none", "some", "most"],
        "axes_guess",
    )
    if guessed is None:
        return
    he_she = axis(table, preset.x.low, preset.x.high)
    places = place(he_she, table.rows(words))
    far = int((abs(places) > he_she.half_length / 2).sum())
    first, last = words[int(places.argmin())], words[int(places.argmax())]
    predict.verdict(
        guessed,
        "none" if far == 0 else "most" if far > len(words) / 2 else "some",
        f"{far} of {len(words)} do. {code(first)} lies at {places.min():.2f} and {code(last)} at {places.max():.2f}, "
        f"where {code(preset.x.low[0])} and {code(preset.x.high[0])} lie at ±{he_she.half_length:.2f}.",
    )
    chart.show(
        axis_figure(places, words, (preset.x.low[0], preset.x.high[0])),
        key="axes_bias",
        alt=_spoken(places[:, None], words, [(preset.x.low[0], preset.x.high[0])]),
    )
    st.markdown(
        "Vectors learn the habits of the texts that they are made from. This is a *bias*, and a program that sorted "
        "job applications by such vectors would carry it on (Bolukbasi and others, 2016)."
    )
    snippets.show_code(play.axis_places(table, words, [(preset.x.low, preset.x.high)]), "axes_bias")
