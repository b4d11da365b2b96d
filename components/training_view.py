"""A training to look at, live and after it: loss, speed, a map, neighbours and similarities over time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import chart, training_run, work
from components.figures.space import map_figure
from components.figures.training import loss_figure, similarities_figure
from components.inputs import bind, find_word, listed_words, word_setting
from components.plain_text import codes, escaped
from components.training_run import Run
from embeddings import made_up_world
from embeddings.jobs import Job
from embeddings.learned import neighbours_over_time, similarities_over_time
from embeddings.neighbors import most_similar
from embeddings.runs import History, Train
from embeddings.snapshots import Snapshot
from embeddings.word_lists import GROUPS
from embeddings.word_vectors import WordVectors

FREQUENT = "frequent"
MOST_PAIRS = 5
MOST_COLUMNS = 6  # snapshots beside one another
_MOST_FREQUENT = 30
_NEIGHBOURS = 5
_ROOM = 0.15  # steps in which the map's room grows, so that it seldom does
_CHARACTERS = MappingProxyType(
    {"vowels": tuple("aeiou"), "consonants": tuple("bcdfghjklmnpqrstvwxyz"), "digits": tuple("0123456789")}
)


@dataclass(frozen=True)
class Chosen:
    """What the reader follows.

    Attributes:
        groups: Each word on the map, and the name of its group.
        all_groups: Every group there could be.
        word: Whose neighbours are shown; ``None`` where none was named.
        pairs: Whose similarities are shown.
    """

    groups: dict[str, str]
    all_groups: tuple[str, ...]
    word: str | None
    pairs: tuple[tuple[str, str], ...]


def show(
    job: str,
    more: Callable[[Run, History, Snapshot, bool], None],
    idle: str,
    judge: Callable[[History], None] = lambda history: None,
) -> None:
    """The latest run under the name ``job`` while it goes on and after it.

    Args:
        job: Its name in the line.
        more: Draws what is its own; given the run, its history, the snapshot that is shown, and whether it goes on.
        idle: What is said where there is no run.
        judge: Says after the run what came of the reader's guess.
    """
    run = training_run.run_of(job)

    def draw(current: Job | None) -> None:
        history = training_run.history_of(current)
        if run is None or history is None or not history.snapshots:
            return
        if current.active:
            history = run.live(history)
        else:
            training_run.shelve(run, history)
            judge(history)
        shown = show_history(run, history, current.active)
        more(run, history, shown, current.active)
        if not current.active:
            training_run.offer(run)

    if run is None:
        work.live(job, draw, idle=idle)
    else:
        work.live(job, draw, idle=idle, controls=lambda _: training_run.controls(run), held=lambda: run.gate.held)


def show_history(run: Run, history: History, active: bool) -> Snapshot:
    """All that is common to runs; which snapshot is shown."""
    show_numbers(run, history, active)
    place = len(history.snapshots) - 1 if active and not run.gate.shut else _scrub(run, history)
    shown = history.snapshots[place]
    table = run.table(history.snapshots[-1])
    chosen = choose(run, table)
    left, right = st.columns([7, 5], gap="large")
    with left:
        show_map(run, history, place, table, chosen, "training_map", height=480)
    with right:
        show_curves(run, history, shown, chosen)
    if chosen.word is not None:
        show_neighbours(run, history, shown, chosen.word)
    if not active and len(history.snapshots) > 1:
        show_before_and_after(run, history, table, chosen)
    return shown


def show_numbers(run: Run, history: History, active: bool) -> None:
    """Loss, speed and time left, as they are now."""
    now = history.moments[-1]
    loss, held_out, speed, left = st.columns(4)
    loss.metric(
        "Loss",
        f"{now.loss:.3f}",
        help="How surprised it is by a fixed sample of what it learns from: the mean of −log p, where p is the "
        "probability that it gave to what was right (natural logarithm). 0 would be no surprise at all.",
    )
    held_out.metric(
        "Held-out loss",
        "–" if now.held_out_loss is None else f"{now.held_out_loss:.3f}",
        help="The same on text that it never learns from; a corpus of fewer than 10,000 tokens has none to spare. The "
        "two are taken on different sentences, so that either may be the lower; what counts is whether this one goes "
        "on falling.",
    )
    speed.metric("Tokens per second", f"{now.words_per_second:,.0f}" if now.words_per_second else "–")
    if active:
        left.metric("Time left", f"{now.seconds_left:.0f} s" if now.seconds_left is not None else "–")
    else:
        left.metric(
            f"{run.unit.capitalize()} in all",
            f"{now.step:,}",
            help="Each time through the text counts anew; what is held out is not among them.",
        )


def _scrub(run: Run, history: History) -> int:
    """Which snapshot the reader looks at, while the run is paused or once it is over; the last at first."""
    last = len(history.snapshots) - 1
    if last < 1:
        return 0
    place = st.slider(
        "Snapshot: go back in time",
        0,
        last,
        last,
        key=f"{run.id}_scrub_{last}",
        help="0 is the random start. Everything below is as it was then.",
    )
    left_out = len(history.moments) - len(history.snapshots)
    shown = history.snapshots[place]
    st.caption(
        f"{shown.step:,} {run.unit}, loss {shown.loss:.3f}."
        + (f" {left_out} snapshots between these were let go, as all would take too much memory." if left_out else "")
    )
    return place


def choose(run: Run, table: WordVectors) -> Chosen:
    """Groups on the map, the word that is followed, and pairs."""
    everything = groups_for(run, table)
    kind = "world" if run.opened.made_up else "text"
    names = st.pills(
        "On the map",
        list(everything),
        selection_mode="multi",
        default=[name for name in (everything if run.opened.made_up else [FREQUENT, *_usual(run)]) if everything[name]],
        key=f"training_groups_{kind}_{'characters' if is_characters(run) else 'words'}",
        persist_state="session",
    )
    middle, right = st.columns(2)
    frequent = everything[FREQUENT]
    usual = next((word for word in ("king", "a", *frequent) if word in table), table.tokens[0])
    with middle:
        word = word_setting("Follow the word", usual, f"training_word_{usual}", table)
    typed = right.text_input(
        "Compare pairs",
        _usual_pairs(table, frequent),
        key=f"training_pairs_{usual}",
        bind=bind(f"training_pairs_{usual}"),
        persist_state="session",
        help="Two words each, a comma between pairs.",
    )
    with right:
        pairs = read_pairs(typed, table)
    groups = {word: name for name in names for word in everything[name]}
    return Chosen(groups, tuple(everything), word, pairs)


def is_characters(run: Run) -> bool:
    """Whether its tokens are single characters."""
    return run.settings.get("tokens") == "character"


def _usual(run: Run) -> list[str]:
    return list(_CHARACTERS) if is_characters(run) else ["animals", "food", "royalty", "countries", "numbers"]


def groups_for(run: Run, table: WordVectors) -> dict[str, list[str]]:
    """The groups that can be on the map, each with those of its words that ``table`` has."""
    lists = _CHARACTERS if is_characters(run) else made_up_world.categories() if run.opened.made_up else GROUPS
    groups = {name: [word for word in words if word in table] for name, words in lists.items()}
    grouped = {word for words in groups.values() for word in words}
    shortest = 2 if run.settings.get("tokens") == "byte-pair" else 1  # byte pairs begin with the alphabet
    others = [token for token in table.tokens if token.isalpha() and len(token) >= shortest and token not in grouped]
    return groups | {FREQUENT: others[:_MOST_FREQUENT] if not run.opened.made_up else others[: _MOST_FREQUENT // 3]}


def _usual_pairs(table: WordVectors, frequent: Sequence[str]) -> str:
    wanted = [("king", "queen"), ("dog", "puppy"), ("cat", "dog"), ("king", "bread"), ("a", "e"), ("a", "t")]
    known = [" ".join(pair) for pair in wanted if all(word in table for word in pair)]
    return ", ".join(known[:3] or [" ".join(frequent[:2])])


def read_pairs(typed: str, table: WordVectors) -> tuple[tuple[str, str], ...]:
    """The pairs in ``typed`` that ``table`` knows; a sentence says what is wrong with others."""
    pairs, unknown, odd = [], [], []
    for part in filter(str.strip, typed.split(",")):
        words = [find_word(word, table) or word for word in listed_words(part)]
        if len(words) != 2:
            odd.append(part)
        elif missing := [word for word in words if word not in table]:
            unknown += missing
        else:
            pairs.append((words[0], words[1]))
    if unknown:
        st.caption(f"Not in this table: {codes(unknown)}.")
    if odd:
        st.caption(f"A pair is two words, not {codes(odd)}.")
    if len(pairs) > MOST_PAIRS:
        st.caption(f"The first {MOST_PAIRS} pairs are shown.")
    return tuple(dict.fromkeys(pairs[:MOST_PAIRS]))


def show_map(
    run: Run, history: History, place: int, table: WordVectors, chosen: Chosen, key: str, height: int, more: bool = True
) -> None:
    """The words of the chosen groups at the snapshot in this ``place``."""
    words = list(chosen.groups)
    if len(words) < 3:
        st.info("A map needs at least three words. Choose a group that this table knows.")
        return
    all_places = run.word_map(tuple(table.id(word) for word in words)).places(history.snapshots)
    if more:
        chart.legend(set(chosen.groups.values()), chosen.all_groups)
    chart.show(
        map_figure(
            all_places[place],
            words,
            list(chosen.groups.values()),
            chosen.all_groups,
            chosen.word,
            labels=more,
            height=height,
            frame=_room(all_places),
        ),
        key=key,
        alt=f"Map of {len(words)} words after {history.snapshots[place].step:,} {run.unit}",
        save_as="training" if more else None,
    )
    if more:
        st.caption(
            "The directions of the words' vectors. Each snapshot after the random start is turned to lie as near as "
            "may be to the one before, and all are drawn on the same two axes: what moves has learned, and not merely "
            "turned."
        )


def _room(all_places: Sequence[NDArray]) -> NDArray:
    """Corners of what the map shows, at every snapshot alike."""
    places = np.concatenate(all_places)
    return _ROOM * np.array([np.floor(places.min(axis=0) / _ROOM), np.ceil(places.max(axis=0) / _ROOM)])


def show_curves(run: Run, history: History, shown: Snapshot, chosen: Chosen) -> None:
    """Loss and similarities over time."""
    moments = history.moments
    last = round(moments[-1].step / moments[-1].fraction) if moments[-1].fraction else 1
    at = None if shown is history.snapshots[-1] else shown.step
    steps = [moment.step for moment in moments]
    st.markdown("**Loss**: how surprised it is by what comes.")
    chart.show(
        loss_figure(
            steps,
            [moment.loss for moment in moments],
            [moment.held_out_loss for moment in moments],
            last,
            run.unit,
            at,
        ),
        key="training_loss",
        alt=f"Loss, from {moments[0].loss:.2f} at the start to {moments[-1].loss:.2f}",
    )
    if chosen.pairs:
        readable = [run.readable(snapshot) for snapshot in history.snapshots]
        columns = zip(*similarities_over_time(readable, chosen.pairs), strict=True)
        cosines = {" · ".join(pair): column for pair, column in zip(chosen.pairs, columns, strict=True)}
        st.markdown("**Similarities**: the cosine of each pair.")
        chart.show(
            similarities_figure([snapshot.step for snapshot in history.snapshots], cosines, last, run.unit, at),
            key="training_similarities",
            alt="; ".join(f"{name}: {values[-1]:.2f}" for name, values in cosines.items()),
        )


def spread(history: History, shown: Snapshot, most: int = MOST_COLUMNS) -> list[Snapshot]:
    """The first snapshot, the last, the one that is ``shown``, and some between them."""
    places = np.linspace(0, len(history.snapshots) - 1, min(most, len(history.snapshots))).round().astype(int)
    steps = {history.snapshots[place].step for place in places.tolist()} | {shown.step}
    return [snapshot for snapshot in history.snapshots if snapshot.step in steps]


def show_neighbours(run: Run, history: History, shown: Snapshot, word: str) -> None:
    """The words nearest to ``word``, snapshot by snapshot."""
    snapshots = spread(history, shown)
    over_time = neighbours_over_time([run.readable(snapshot) for snapshot in snapshots], word, _NEIGHBOURS)
    st.markdown(f"**The words nearest to {codes([word])}**, and the cosine, as it learns:")
    st.dataframe(
        {
            f"{snapshot.step:,} {run.unit}" + (" (shown)" if snapshot is shown else ""): [
                f"{token} {cosine:.2f}" for token, cosine in neighbours
            ]
            for snapshot, neighbours in zip(snapshots, over_time, strict=True)
        },
        hide_index=True,
        height="content",
        alt=f"The nearest words to {word} at {len(snapshots)} snapshots",
    )


def show_before_and_after(run: Run, history: History, table: WordVectors, chosen: Chosen) -> None:
    """The random start beside the end."""
    st.markdown("**Before and after**")
    before, after = history.snapshots[0], history.snapshots[-1]
    for column, snapshot, title in zip(st.columns(2), (before, after), ("Random", "Learned"), strict=True):
        with column:
            sentence = f"{title}: {snapshot.step:,} {run.unit}, loss {snapshot.loss:.3f}."
            if chosen.word is not None:
                nearest = most_similar(run.table(snapshot), chosen.word, n=3)
                sentence += f" Nearest to {codes([chosen.word])}: {codes(token for token, _ in nearest)}."
            st.markdown(sentence)
            place = history.snapshots.index(snapshot)
            show_map(run, history, place, table, chosen, f"training_{title.lower()}", height=300, more=False)


def offer_training(job: str, asked: Run, train: Train) -> None:
    """The button that begins what is ``asked``, and a word where what is shown is not that."""
    st.button(
        "Train",
        key=f"{job}_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=training_run.begin,
        args=(job, asked, train),
    )
    run = training_run.run_of(job)
    if run is not None and run.mark != asked.mark:
        st.caption(
            escaped(
                f"What you see is {run.title} on “{run.opened.corpus.title}”, with the settings of then. Train again."
            )
        )
