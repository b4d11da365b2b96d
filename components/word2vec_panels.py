"""The panels of the lesson on word2vec: the pairs it learns from, the run, and words that fastText never saw."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import chart, learn_snippets, predict, snippets, training_view
from components.corpus_choice import Opened
from components.explained import explained
from components.figures.space import neighbours_figure
from components.inputs import text_setting
from components.plain_text import code, codes, counted
from components.training_run import Run
from embeddings import word2vec
from embeddings.neighbors import nearest
from embeddings.runs import KEPT_BYTES, History
from embeddings.snapshots import Snapshot
from embeddings.tokens import words as split_words
from embeddings.word2vec import FastTextSnapshot, TrainingPair

JOB = "word2vec"
MOST_IN_SENTENCE = 30
_MOST_PAIRS = 12  # that are written out
_SNAPSHOTS, _MOST_SNAPSHOTS, _TOKENS_BETWEEN = 30, 100, 40_000
_HARDLY = 0.02  # of the loss: a smaller fall is none
_SHARES = ("about a tenth", "about a third", "more than half")
_PLACES = (("background:#3a86c8;color:white", "the word"), ("background:rgba(224,102,43,.32)", "in its window"))


def show_pairs() -> int:
    """The pairs that the reader's sentence gives, as the window slides over it; how far it reaches to each side."""
    st.subheader("What it learns from", anchor=False)
    st.markdown(
        "A window slides over the text. The word in its middle is paired with every other word inside. That is all "
        "word2vec is given: pairs of words that stand near each other."
    )
    typed = text_setting("Your sentence", "the king rules the kingdom from the throne", "word2vec_sentence", live=True)
    words = split_words(typed)[:MOST_IN_SENTENCE]
    left, right = st.columns(2)
    window = right.slider(
        "Window: words to each side",
        1,
        15,
        5,
        key="word2vec_window",
        bind="query-params",
        persist_state="session",
        help="The training below uses the same.",
    )
    if len(words) < 2:
        st.info("Type a sentence of at least two words: a word alone has no neighbours.")
        return window
    place = left.slider(
        "The middle of the window is at word",
        1,
        len(words),
        min(2, len(words)),
        key=f"word2vec_place_{len(words)}",
        persist_state="session",
    )
    pairs = word2vec.training_pairs(words, window)
    here = [pair for pair in pairs if pair.place == place - 1]
    _draw_window(words, place - 1, here)
    told = ", ".join(f"{code(pair.word)} → {code(pair.context)}" for pair in here[:_MOST_PAIRS])
    more = f" and {len(here) - _MOST_PAIRS} more" if len(here) > _MOST_PAIRS else ""
    st.markdown(f"{counted(len(here), 'pair')} here: {told}{more}.")
    st.caption(
        f"A window of {window} to each side gives {len(pairs):,} pairs for the whole sentence. In training each window "
        "is made smaller at random, so that nearer words count for more. Skip-gram learns to tell the right word of "
        "each pair from the left; CBOW the middle word from all the others at once."
    )
    snippets.show_code(learn_snippets.training_pairs(words, window), "word2vec_pairs")
    return window


def _draw_window(words: Sequence[str], middle: int, pairs: Sequence[TrainingPair]) -> None:
    inside = {pair.context_place for pair in pairs}
    chips = []
    for number, word in enumerate(words):
        style = _PLACES[0][0] if number == middle else _PLACES[1][0] if number in inside else ""
        chips.append(f'<span style="padding:.15rem .5rem;border-radius:.4rem;{style}">{html.escape(word)}</span>')
    keys = [
        f'<span style="display:inline-flex;gap:.4rem">'
        f'<span style="width:1rem;border-radius:.3rem;{style}"></span>{name}</span>'
        for style, name in _PLACES
    ]
    st.html(
        f'<div style="display:flex;flex-wrap:wrap;gap:.3rem;font-size:1.1rem">{"".join(chips)}</div>'
        f'<div style="display:flex;gap:1rem;font-size:.875rem;margin-top:.5rem">{"".join(keys)}</div>'
    )


def run_of(opened: Opened, settings: Mapping[str, Any]) -> Run:
    """What is asked for, as a run."""
    return Run(
        title="fastText" if settings["fasttext"] else "word2vec",
        unit="tokens",
        opened=opened,
        mark=(opened.mark, *settings.items()),
        settings=settings,
    )


def snapshots_of(opened: Opened, settings: Mapping[str, Any]) -> int:
    """How many snapshots: more of a long run, as long as they are small, so that something is seen every moment."""
    numbers = opened.vocabulary_size(settings["min_count"]) * settings["dimension"]
    tokens = opened.corpus.tokens * settings["epochs"]
    most = _MOST_SNAPSHOTS if 4 * numbers * _MOST_SNAPSHOTS <= KEPT_BYTES else _SNAPSHOTS
    return max(_SNAPSHOTS, min(most, tokens // _TOKENS_BETWEEN))


def introduce_training() -> None:
    """What is chosen below."""
    st.subheader("Watch it learn", anchor=False)
    st.markdown("Choose a text, and let it go through all its pairs, again and again.")


def show_training(opened: Opened, settings: Mapping[str, Any]) -> None:
    """The run: a guess, the button that starts it, and all there is to see."""
    guessed = predict.guess(
        "How much of the loss's whole fall will come in the first tenth of the training?",
        _SHARES,
        "word2vec_guess",
        about=opened.mark,
        then="Choose one, and train; the answer comes at the end of the training.",
        before="The vectors begin at random. The *loss*, how surprised they are by the text, falls as they learn.",
    )
    if guessed is None:
        return
    if settings["workers"] > 1:
        st.caption(
            f"{settings['workers']} workers write into one table in whatever order the machine lets them: no two runs "
            "will be alike. With one worker the same settings give the same numbers, every time."
        )
    else:
        st.caption("One worker and a seed: the same settings give the same numbers, every time.")
    settings = {**settings, "snapshots": snapshots_of(opened, settings)}
    asked = run_of(opened, settings)

    def train(on_progress):
        return word2vec.train(opened.corpus, on_progress=on_progress, **settings)

    training_view.offer_training(JOB, asked, train)

    def more(run: Run, history: History, shown: Snapshot, active: bool) -> None:
        if isinstance(shown, FastTextSnapshot):
            show_made_up_word(run, shown)

    training_view.show(
        JOB,
        more,
        idle="Nothing is trained yet. It runs while you watch, and stops some seconds after you leave this page.",
        judge=lambda history: judge(guessed, history),
    )
    snippets.show_code(learn_snippets.train_word2vec(opened.code, settings, "king"), "word2vec_train")


def judge(guessed: predict.Guess, history: History) -> None:
    """How much of the fall of the loss came early, once the run is at its end."""
    moments = history.moments
    if moments[-1].fraction < 1:
        return
    if moments[-1].loss > (1 - _HARDLY) * moments[0].loss:
        st.info(
            f"The loss hardly fell, from {moments[0].loss:.2f} to {moments[-1].loss:.2f}: there was too little to "
            "learn from. Take a longer text, or more epochs."
        )
        return
    tenth = min(moments[1:], key=lambda moment: abs(moment.fraction - 0.1))
    share = (moments[0].loss - tenth.loss) / (moments[0].loss - moments[-1].loss)
    answer = _SHARES[0] if share < 0.2 else _SHARES[1] if share < 0.5 else _SHARES[2]
    predict.verdict(
        guessed,
        answer,
        f"After {tenth.fraction:.0%} of the training the loss had fallen from {moments[0].loss:.2f} to "
        f"{tenth.loss:.2f}, {share:.0%} of its way to {moments[-1].loss:.2f}. "
        + (
            "Frequent words and coarse groups are learned at once; what is left is the finer part of meaning."
            if answer != _SHARES[0]
            else "With so little text the vectors first have to grow from near zero before any of them tells much."
        ),
    )


def show_made_up_word(run: Run, snapshot: FastTextSnapshot) -> None:
    """A vector for a word that was never seen."""
    st.markdown("**A word that nobody has seen.** Invent one: fastText gives it a vector from its pieces.")
    with explained(st.info):
        word = text_setting("A made-up word", "kinglet", "word2vec_made_up").strip().lower()
        pieces = word2vec.pieces_of(word)
        known = "has a row of its own" if word in snapshot.vocabulary else "has no row"
        st.markdown(
            f"{code(word)} {known}. Its pieces, with `<` for its start and `>` for its end: {codes(pieces, 14)}."
        )
        seen = snapshot.known_pieces(word)
        if not seen:
            st.warning(
                "None of these pieces occurs in a word that was learned. Their rows are still as random as at the "
                "start, and so is this vector: its neighbours mean nothing."
            )
        elif word not in snapshot.vocabulary:
            st.markdown(f"Learned from other words are {len(seen)} of the {len(pieces)}: {codes(seen, 14)}.")
        neighbours = nearest(snapshot.word_vectors(), snapshot.vector(word), n=5)
        chart.show(
            neighbours_figure(neighbours), key="word2vec_made_up_near", alt=", ".join(token for token, _ in neighbours)
        )
        st.caption("The nearest words, by cosine.")
        snippets.show_code(learn_snippets.made_up_word(run.opened.code, run.settings, word), "word2vec_made_up")
