"""The panels of the lesson on axes: the ends, the words between them, and how much the axis is worth."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components import glossary
from components.figures.axes import axis_figure, plane_figure
from components.lessons.play.axis_ends import end_setting, ends_of
from components.lessons.play.snippets import arrays
from components.markup import as_code, as_code_list, with_minus
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.downloads import downloads
from components.ui.examples import fill_from_example
from components.ui.inputs import words_setting
from embeddings.similarity import (
    AXES,
    NEARLY_PARALLEL,
    NEARLY_UNRELATED,
    SPREAD_OVER_CHANCE,
    Axis,
    AxisPreset,
    angle,
    count_leaning,
    holds_little,
    project_onto,
    project_onto_axes,
    semantic_axis,
    variance_by_chance,
    variance_on_axis,
)
from embeddings.sources import DEFAULT
from embeddings.vectors import WordVectors

MAX_WORDS = 60
_DOWNLOAD_NAME = "axes_of_meaning"  # what is taken home is called so
Poles = tuple[tuple[str, ...], tuple[str, ...]]
_START = AXES[0]
_ENDS = ("x_low", "x_high", "y_low", "y_high")
_WAYS = ("from left to right", "from below upwards")  # of the axes
_HEIGHT = 400  # pixels of the picture


def choose_example() -> None:
    """One of the examples that come with the app."""
    st.pills(
        "Examples",
        AXES,
        format_func=lambda preset: preset.title,
        key="axes_example",
        on_change=fill_from_example,
        args=("axes_example", _typed_by),
        wrap=True,
    )


def _typed_by(preset: AxisPreset) -> Mapping[str, str]:
    named = zip((*_ENDS, "words"), (*ends_of(preset), preset.words), strict=True)
    return {f"axes_{name}": " ".join(words) for name, words in named}


def choose_axes(table: WordVectors) -> tuple[list[Poles], tuple[str, ...]]:
    """The ends of one axis or two, and the words to place."""
    starts = ends_of(_START)
    labels = ("From left", "to right", "From below (leave both empty for one axis)", "upwards")
    ends = [
        end_setting(label, start, f"axes_{end}", table) for label, start, end in zip(labels, starts, _ENDS, strict=True)
    ]
    words = words_setting("Words to place", " ".join(_START.words), "axes_words", table, MAX_WORDS)
    poles = [(ends[0], ends[1]), (ends[2], ends[3])]
    for pair, where in zip(poles, _WAYS, strict=True):
        if any(pair) and not all(pair):
            st.info(
                f"The axis {where} has a known word at one end only, {as_code_list(pair[0] or pair[1], 2)}. It is left "
                "out. Put a word at its other end too."
            )
    return [pair for pair in poles if all(pair)], words


def show_places(table: WordVectors, poles: Sequence[Poles], words: Sequence[str]) -> list[Axis]:
    """The words on the axis, or in the plane of the two."""
    axes = [semantic_axis(table, low, high) for low, high in poles]
    places = project_onto_axes(axes, table.rows(words))  # [N, 1 or 2]
    chart.show(
        _places_figure(axes, places, words), key="axes_places", alt=_spoken(places, words, axes), save_as=_DOWNLOAD_NAME
    )
    return axes


def _places_figure(axes: Sequence[Axis], places: np.ndarray, words: Sequence[str]) -> go.Figure:
    names = [(_name(each.low), _name(each.high)) for each in axes]
    if len(axes) == 1:
        return axis_figure(places[:, 0], words, names[0], height=_HEIGHT)
    return plane_figure(places, words, names[0], names[1], height=_HEIGHT)


def take_home(table: WordVectors, poles: Sequence[Poles], axes: Sequence[Axis], words: Sequence[str]) -> None:
    """What there is to see, the code, and what can be taken home."""
    if table.name == DEFAULT and (note := _note(poles, words)):
        st.markdown(note)
    source = _places_code(table, words, poles)
    show_code(source, "axes_places")
    figure = _places_figure(axes, project_onto_axes(axes, table.rows(words)), words)
    downloads(table, words, figure, source, _DOWNLOAD_NAME)


def _note(poles: Sequence[Poles], words: Sequence[str]) -> str | None:
    """What there is to see where the reader left one of the examples as it is; it was measured on GloVe."""
    for preset in AXES:
        ends = [(each.low, each.high) for each in (preset.x, preset.y) if each]
        if list(poles) == ends and tuple(words) == preset.words:
            return preset.note
    return None


def _name(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{words[0]}, {words[1]} …" if len(words) > 2 else ", ".join(words)


def _spoken(places: np.ndarray, words: Sequence[str], axes: Sequence[Axis]) -> str:
    order = np.argsort(places[:, 0])
    return f"From {_name(axes[0].low)} to {_name(axes[0].high)}: " + ", ".join(
        with_minus(f"{words[index]} {places[index, 0]:.2f}") for index in order
    )


def show_quality(table: WordVectors, axes: Sequence[Axis], words: Sequence[str]) -> None:
    """Whether the axes are good ones for these words: a verdict on each, and the numbers behind it."""
    st.subheader("Is it a good axis?", anchor=False)
    rows, by_chance = table.rows(words), variance_by_chance(table.dimension)
    for each, way in zip(axes, _WAYS, strict=False):
        _judge(each, way, rows)
    if len(axes) == 2:
        st.markdown(_say_angle(angle(*axes)))
    columns = st.columns(3)
    for column, each, way in zip(columns, axes, _WAYS, strict=False):
        column.metric(
            f"Spread {way}",
            f"{variance_on_axis(each, rows):.1%}",
            help=f"The share of these words' spread that lies along the axis. A random direction holds {by_chance:.1%} "
            "of it on average.",
        )
        column.metric(
            "Cosine of its two ends",
            with_minus(f"{each.pole_cosine:.2f}"),
            help="It is 1 if both ends point the same way. Opposites stand in the same sentences, so it is often high.",
        )
    if len(axes) == 2:
        columns[2].metric(
            "Angle between the axes", f"{angle(*axes):.0f}°", help="At 90° one says nothing about the other."
        )


def _judge(axis: Axis, way: str, rows: np.ndarray) -> None:
    """One sentence: a good axis for these words, or why not."""
    share, by_chance = variance_on_axis(axis, rows), variance_by_chance(rows.shape[1])
    limit = f"{SPREAD_OVER_CHANCE * by_chance:.1%}, {SPREAD_OVER_CHANCE} times what a random direction holds"
    if axis.nearly_parallel:
        st.warning(
            f"**Not a good axis {way}.** The two ends point nearly the same way: their cosine is above "
            f"{NEARLY_PARALLEL}. So the axis rests on small differences. Put opposites at its ends, several at each: "
            f"{as_code_list(axis.low, 2)} against other words."
        )
    if holds_little(axis, rows):
        st.warning(
            f"**Not a good axis for these words {way}.** It holds {share:.1%} of their spread. That is less than "
            f"{limit}. The words hardly differ along this axis, and their order may be chance."
        )
    elif not axis.nearly_parallel:
        st.success(
            f"**A good axis for these words {way}.** It holds {share:.1%} of their spread. That is at least {limit}. "
            f"And its ends are not too alike: their cosine is not above {NEARLY_PARALLEL}."
        )


def _say_angle(degrees: float) -> str:
    from_right = abs(degrees - 90)
    if from_right <= NEARLY_UNRELATED:
        return (
            f"**The two axes say different things.** They meet at {degrees:.0f}°, and that is not more than "
            f"{NEARLY_UNRELATED}° from a right angle."
        )
    return (
        f"**The two axes say partly the same.** They meet at {degrees:.0f}°, and that is more than {NEARLY_UNRELATED}° "
        "from a right angle. A word that is high on one is often "
        f"{'high' if degrees < 90 else 'low'} on the other."
    )


def say_bias(table: WordVectors) -> None:
    """What such an axis brings to light, plainly: professions between he and she."""
    st.subheader("What the texts have left behind", anchor=False)
    preset = AXES[-1]
    words = [word for word in preset.words if word in table]
    if len(words) < 2 or not all(word in table for word in (*preset.x.low, *preset.x.high)):
        st.info("This table does not have *he* and *she*, or it has no professions to place between them.")
        return
    guessed = predict.guess(
        f"Here are {len(words)} professions. None of them names a gender. How many stand more than halfway from the "
        "middle to *he* or to *she*?",
        ["none", "some", "most"],
        "axes_guess",
        about=table.name,
    )
    if guessed is None:
        return
    he_she = semantic_axis(table, preset.x.low, preset.x.high)
    places = project_onto(he_she, table.rows(words))
    far = count_leaning(he_she, table.rows(words))
    first, last = words[int(places.argmin())], words[int(places.argmax())]
    predict.verdict(
        guessed,
        "none" if far == 0 else "most" if far > len(words) / 2 else "some",
        f"{far} of {len(words)} do. {as_code(first)} lies at {with_minus(f'{places.min():.2f}')} and {as_code(last)} "
        f"at {with_minus(f'{places.max():.2f}')}. The ends are at −{he_she.half_length:.2f}, "
        f"{as_code(preset.x.low[0])}, and {he_she.half_length:.2f}, {as_code(preset.x.high[0])}.",
    )
    chart.show(
        axis_figure(places, words, (preset.x.low[0], preset.x.high[0])),
        key="axes_bias",
        alt=_spoken(places[:, None], words, [he_she]),
    )
    st.markdown(
        f"{glossary.linked('Vectors')} learn the habits of the texts that they are made from. This is a *bias*. A "
        "program that sorts job applications by such vectors repeats it (Bolukbasi and others, 2016)."
    )
    show_code(_places_code(table, words, [(preset.x.low, preset.x.high)]), "axes_bias")


def _places_code(table: WordVectors, words: Sequence[str], poles: Sequence[tuple[Sequence[str], Sequence[str]]]) -> str:
    """Where ``words`` lie on the axis, or axes, between ``poles``."""
    ends = "\n".join(f"    ({list(low)!r}, {list(high)!r})," for low, high in poles)
    return f"""\
{arrays(table)}


def units(words):
    rows = matrix[[row_of[word] for word in words]].astype(float)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # every row of length 1


words = {list(words)!r}
places, shares = [], []
for low, high in [
{ends}
]:
    start, end = units(low).mean(axis=0), units(high).mean(axis=0)
    direction = (end - start) / np.linalg.norm(end - start)
    places.append((units(words) - (start + end) / 2) @ direction)  # 0 is the middle
    centred = units(words) - units(words).mean(axis=0)
    shares.append(((centred @ direction) ** 2).sum() / (centred**2).sum())  # of the words' spread
print(places, shares, sep="\\n")
"""
