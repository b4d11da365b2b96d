"""A training to look at, live and after it: loss, speed, a map, neighbours and similarities over time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.figures.scatter_map import map_figure
from components.figures.training import loss_figure, similarities_figure
from components.lessons.learning import runs
from components.lessons.learning.runs import TrainingRun
from components.markup import as_code_list, escaped
from components.session import background_jobs
from components.ui import chart, predict
from components.ui.folds import go_further
from components.ui.inputs import find_word, listed_words, word_setting
from components.ui.tables import draw_table
from components.ui.text_fields import SENTENCE_LIMIT, text_line
from embeddings.common import count_of
from embeddings.jobs import Seen
from embeddings.similarity import most_similar
from embeddings.training import History, Snapshot, neighbors_over_time, similarities_over_time, toy_categories
from embeddings.vectors import GROUPS, WordVectors

FREQUENT = "frequent"
MAX_PAIRS = 5
MAX_COLUMNS = 6  # snapshots beside one another
_NARROW = 4  # of them where the settings stand beside
_MAX_FREQUENT = 30
_NEIGHBORS = 5
_PICTURE_HEIGHT = 400  # pixels of the map: with what stands above it, it fits a telephone's first screen
_LABELS = 4  # words of a group that are written on the map, so that they can be read while they move
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


def show_run(
    job: str,
    asked: TrainingRun,
    more: Callable[[TrainingRun, History, Snapshot, bool], None],
    idle: str,
    judge: Callable[[TrainingRun | None, History | None], None] = lambda run, history: None,
    start: Callable[[], Snapshot | None] | None = None,
    hidden: bool = False,
) -> None:
    """The latest run under the name ``job`` while it goes on and after it.

    Args:
        job: Its name in the line.
        asked: What the settings ask for now.
        more: Draws what is its own; given the run, its history, the snapshot that is shown, and whether it goes on.
        idle: What is said where there is no run.
        judge: Says what came of the reader's guess, given the run and its history so far, if there is one.
        start: Gives the random start, whose map is the page's picture before there is a run; a page without it has
            another picture.
        hidden: Whether the run is not to be seen for now, as the page asks about it.
    """
    run = runs.run_of(job)

    def draw(current: Seen | None) -> None:
        history = runs.history_of(current)
        if current is None or run is None or history is None or not history.snapshots:
            _show_start(asked, start)
            judge(None, None)
            return
        if hidden:
            _show_start(asked, start)
            st.caption(predict.HIDDEN)
            return
        if current.active:
            history = run.live(history)
        else:
            runs.save_table(run, history)
        moving = current.state == "running" and not current.paused
        if start is None:
            _show_briefly(run, history, current.active, moving, more)
        else:
            shown = show_history(run, history, current.active, moving, judge)
            more(run, history, shown, current.active)
            if not current.active:
                runs.show_actions(run)

    background_jobs.poll(job, draw, idle=idle, asked=asked.cache_key)


def _show_start(asked: TrainingRun, start: Callable[[], Snapshot | None] | None) -> None:
    """The map of the random start of a run that is not begun, where the page has one."""
    first = start() if start is not None else None
    if first is None:
        return
    picture = st.container(key="picture")
    table = asked.table(first)
    chosen = choose(asked, table, compare=False)
    with picture:
        show_map(asked, History().append(first), 0, table, chosen, "training_map", _PICTURE_HEIGHT)
    st.caption("This is the random start: words of a group lie anywhere. Train, and watch where they go.")


def _show_briefly(
    run: TrainingRun,
    history: History,
    active: bool,
    moving: bool,
    more: Callable[[TrainingRun, History, Snapshot, bool], None],
) -> None:
    """A run on a page with another picture: its map, and beside it what is its own; all else in a fold."""
    table = run.table(history.snapshots[-1])
    left, right = st.columns([7, 5], gap="large")
    with go_further("the loss and the nearest words", "training_more"):
        chosen = choose(run, table)
        below = st.container()
    with left:
        place = st.container()
        at = _at(run, history, moving)
    shown = history.snapshots[at]
    with place:
        show_map(run, history, at, table, chosen, "training_map", _PICTURE_HEIGHT)
        st.caption("A word that moves has learned.")
    with right:
        more(run, history, shown, active)
    with below:
        show_numbers(run, history, active)
        _show_course(run, history, shown, chosen, active, MAX_COLUMNS)
        if not active:
            runs.show_actions(run)


def show_history(
    run: TrainingRun,
    history: History,
    active: bool,
    moving: bool,
    judge: Callable[[TrainingRun, History], None],
) -> Snapshot:
    """A run whose map is the page's picture; which snapshot is shown: the last, or that which the reader goes back to.

    Args:
        run: The run.
        history: What there is of it.
        active: Whether there is more to come.
        moving: Whether it comes now, and nothing is paused.
        judge: Says what came of the reader's guess.
    """
    table = run.table(history.snapshots[-1])
    picture = st.container(key="picture")
    chosen = choose(run, table)
    place = _at(run, history, moving)
    shown = history.snapshots[place]
    with picture:
        show_map(run, history, place, table, chosen, "training_map", _PICTURE_HEIGHT)
    st.caption(
        "The map shows where the words' vectors point. Each snapshot is turned so that it lies as close as possible to "
        "the one before. So a word that moves has learned."
    )
    judge(run, history)
    show_numbers(run, history, active)
    _show_course(run, history, shown, chosen, active, _NARROW)
    return shown


def _at(run: TrainingRun, history: History, moving: bool) -> int:
    """The place of the snapshot that is shown: of the last one while the run is ``moving``."""
    return len(history.snapshots) - 1 if moving else _scrub(run, history)


def _show_course(
    run: TrainingRun, history: History, shown: Snapshot, chosen: Chosen, active: bool, columns: int
) -> None:
    """Loss, similarities and nearest words over time, the last at so many snapshots; then the start beside the end."""
    show_curves(run, history, shown, chosen)
    if chosen.word is not None:
        show_neighbors(run, history, shown, chosen.word, columns)
    if not active and len(history.snapshots) > 1:
        show_before_and_after(run, history, run.table(history.snapshots[-1]), chosen)


def show_numbers(run: TrainingRun, history: History, active: bool) -> None:
    """Loss, speed and time left, as they are now."""
    now = history.metrics[-1]
    loss, held_out, speed, left = st.columns(4)
    loss.metric(
        "Loss",
        f"{now.loss:.3f}",
        help="How wrong the guesses are on a fixed sample of the text: the mean of −log p, where p is the probability "
        "that was given to the right answer (natural logarithm). 0 means that every guess was sure and right.",
    )
    held_out.metric(
        "Held-out loss",
        "–" if now.held_out_loss is None else f"{now.held_out_loss:.3f}",
        help="The same on text that is never trained on. A corpus of fewer than 10,000 tokens has no text to spare. "
        "The two use different sentences, so either can be lower. Watch whether this one goes on falling.",
    )
    speed.metric("Tokens per second", f"{now.words_per_second:,.0f}" if now.words_per_second else "–")
    if active:
        left.metric("Time left", f"{now.seconds_left:.0f} s" if now.seconds_left is not None else "–")
    else:
        left.metric(
            f"{run.unit.capitalize()} in all",
            f"{now.step:,}",
            help="Every epoch counts its tokens again. Held-out text is not counted.",
        )


def _scrub(run: TrainingRun, history: History) -> int:
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
        help="0 is the random start. The map, the neighbours and the lines in the charts show that moment.",
    )
    left_out = len(history.metrics) - len(history.snapshots)
    shown = history.snapshots[place]
    st.caption(
        f"{shown.step:,} {run.unit}, loss {shown.loss:.3f}."
        + (f" {count_of(left_out, 'snapshot')} between these were not kept, to save memory." if left_out else "")
    )
    return place


def choose(run: TrainingRun, table: WordVectors, compare: bool = True) -> Chosen:
    """Groups on the map, the word that is followed, and, to ``compare``, pairs."""
    everything = groups_for(run, table)
    kind = "world" if run.loaded.made_up else "text"
    names = st.pills(
        "On the map",
        list(everything),
        selection_mode="multi",
        default=[name for name in (everything if run.loaded.made_up else [FREQUENT, *_usual(run)]) if everything[name]],
        key=f"training_groups_{kind}_{'characters' if is_characters(run) else 'words'}",
        persist_state="session",
    )
    groups = {word: name for name in names for word in everything[name]}
    middle, right = st.columns(2)
    frequent = everything[FREQUENT]
    usual = next((word for word in ("king", "a", *frequent) if word in table), table.tokens[0])
    with middle:
        word = word_setting("Follow the word", usual, f"training_word_{usual}", table)
    if not compare:
        return Chosen(groups, tuple(everything), word, ())
    typed = text_line(
        "Compare pairs",
        _usual_pairs(table, frequent),
        place=right,
        key=f"training_pairs_{usual}",
        limit=SENTENCE_LIMIT,
        help="Two words each, a comma between pairs.",
    )
    with right:
        pairs = read_pairs(typed, table)
    return Chosen(groups, tuple(everything), word, pairs)


def is_characters(run: TrainingRun) -> bool:
    """Whether its tokens are single characters."""
    return run.settings.get("tokens") == "character"


def _usual(run: TrainingRun) -> list[str]:
    return list(_CHARACTERS) if is_characters(run) else ["animals", "food", "royalty", "countries", "numbers"]


def groups_for(run: TrainingRun, table: WordVectors) -> dict[str, list[str]]:
    """The groups that can be on the map, each with those of its words that ``table`` has."""
    lists = _CHARACTERS if is_characters(run) else toy_categories() if run.loaded.made_up else GROUPS
    groups = {name: [word for word in words if word in table] for name, words in lists.items()}
    grouped = {word for words in groups.values() for word in words}
    shortest = 2 if run.settings.get("tokens") == "byte-pair" else 1  # byte pairs begin with the alphabet
    others = [token for token in table.tokens if token.isalpha() and len(token) >= shortest and token not in grouped]
    return groups | {FREQUENT: others[:_MAX_FREQUENT] if not run.loaded.made_up else others[: _MAX_FREQUENT // 3]}


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
        st.caption(f"Not in this table: {as_code_list(unknown)}.")
    if odd:
        st.caption(f"A pair is two words, not {as_code_list(odd)}.")
    if len(pairs) > MAX_PAIRS:
        st.caption(f"The first {MAX_PAIRS} pairs are shown.")
    return tuple(dict.fromkeys(pairs[:MAX_PAIRS]))


def show_map(
    run: TrainingRun,
    history: History,
    place: int,
    table: WordVectors,
    chosen: Chosen,
    key: str,
    height: int,
    more: bool = True,
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
            per_group=_LABELS,
            height=height,
            frame=_room(all_places),
        ),
        key=key,
        alt=f"Map of {len(words)} words after {history.snapshots[place].step:,} {run.unit}",
        save_as="training" if more else None,
    )


def _room(all_places: Sequence[NDArray]) -> NDArray:
    """Corners of what the map shows, at every snapshot alike."""
    places = np.concatenate(all_places)
    return _ROOM * np.array([np.floor(places.min(axis=0) / _ROOM), np.ceil(places.max(axis=0) / _ROOM)])


def show_curves(run: TrainingRun, history: History, shown: Snapshot, chosen: Chosen) -> None:
    """Loss and similarities over time."""
    metrics = history.metrics
    last = round(metrics[-1].step / metrics[-1].fraction) if metrics[-1].fraction else 1
    at = None if shown is history.snapshots[-1] else shown.step
    steps = [moment.step for moment in metrics]
    st.markdown("**Loss**: how wrong the guesses are.")
    chart.show(
        loss_figure(
            steps,
            [moment.loss for moment in metrics],
            [moment.held_out_loss for moment in metrics],
            last,
            run.unit,
            at,
        ),
        key="training_loss",
        alt=f"Loss, from {metrics[0].loss:.2f} at the start to {metrics[-1].loss:.2f}",
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


def spread(history: History, shown: Snapshot, limit: int = MAX_COLUMNS) -> list[Snapshot]:
    """The first snapshot, the last, the one that is ``shown``, and some between them."""
    places = np.linspace(0, len(history.snapshots) - 1, min(limit, len(history.snapshots))).round().astype(int)
    steps = {history.snapshots[place].step for place in places.tolist()} | {shown.step}
    return [snapshot for snapshot in history.snapshots if snapshot.step in steps]


def show_neighbors(run: TrainingRun, history: History, shown: Snapshot, word: str, columns: int) -> None:
    """The words nearest to ``word``, at so many snapshots and the one that is shown: a column for each."""
    snapshots = spread(history, shown, columns)
    over_time = neighbors_over_time([run.readable(snapshot) for snapshot in snapshots], word, _NEIGHBORS)
    st.markdown(f"**The words nearest to {as_code_list([word])}**, and the cosine, as it learns:")
    draw_table(
        {
            f"{snapshot.step:,} {run.unit}" + (" (shown)" if snapshot is shown else ""): [
                f"{token} {cosine:.2f}" for token, cosine in neighbors
            ]
            for snapshot, neighbors in zip(snapshots, over_time, strict=True)
        },
        height="content",
        alt=f"The nearest words to {word} at {len(snapshots)} snapshots",
    )


def show_before_and_after(run: TrainingRun, history: History, table: WordVectors, chosen: Chosen) -> None:
    """The random start beside the end."""
    before, after = history.snapshots[0], history.snapshots[-1]
    fold = st.expander("Before and after: both maps side by side", icon=":material/compare:", key=f"{run.id}_both")
    for column, snapshot, title in zip(fold.columns(2), (before, after), ("Random", "Learned"), strict=True):
        with column:
            sentence = f"{title}: {snapshot.step:,} {run.unit}, loss {snapshot.loss:.3f}."
            if chosen.word is not None:
                nearest = most_similar(run.table(snapshot), chosen.word, n=3)
                sentence += f" Nearest to {as_code_list([chosen.word])}: {as_code_list(token for token, _ in nearest)}."
            st.markdown(sentence)
            place = history.snapshots.index(snapshot)
            show_map(run, history, place, table, chosen, f"training_{title.lower()}", height=300, more=False)


def offer_training(job: str, asked: TrainingRun, reopen: Callable[[], bool] = lambda: False) -> None:
    """The button that begins what is ``asked``, and a word where what is shown is not that.

    Before it begins, ``reopen`` opens the page's question, and says whether a finished run needs only to be shown.
    """

    def begin() -> None:
        if reopen() and background_jobs.is_done(job, asked.cache_key):
            return
        runs.begin(job, asked)

    st.button(
        "Train",
        key=f"{job}_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=begin,
    )
    run = runs.run_of(job)
    if run is not None and run.cache_key != asked.cache_key:
        st.caption(
            escaped(
                f"Your {run.title} was trained on “{run.loaded.corpus.title}” with your earlier settings. Press Train "
                "to use the new ones."
            )
        )
