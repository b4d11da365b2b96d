"""The panels of the lesson on word2vec: the pairs it learns from, the run, and words that fastText never saw."""

import html
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.figures.bars import neighbors_figure
from components.lessons.learning import view
from components.lessons.learning.corpus_choice import LoadedCorpus
from components.lessons.learning.runs import WORD2VEC_JOB, TrainingRun, random_start
from components.lessons.learning.settings import as_arguments
from components.markup import as_code, as_code_list
from components.session.visitor_memory import shared_unless_private
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.errors import show_errors
from components.ui.inputs import text_setting
from components.ui.text_fields import WORD_LIMIT
from embeddings.common import count_of
from embeddings.similarity import nearest
from embeddings.tokenizers import split_words
from embeddings.training import (
    KEPT_BYTES,
    FastTextSnapshot,
    History,
    Snapshot,
    TrainingPair,
    char_ngrams,
    fall_share,
    moment_at,
    training_pairs,
    word2vec,
)

MAX_SENTENCE_WORDS = 30
_MAX_PAIRS = 12  # that are written out
_SNAPSHOTS, _MAX_SNAPSHOTS, _TOKENS_BETWEEN = 30, 100, 40_000
_START_TOKENS = 1_000_000  # of a text whose words are counted within a second
_STARTS = 4  # kept for all, as a page that waits for its training draws one again and again
_SHARED_BYTES = 4_000_000  # of a start that is kept for all; fastText's has many rows more
_OF_THE_RUN = ("epochs", "snapshots", "workers", "alpha")  # settings on which the start does not depend
_MIN_FALL = 0.02  # of the loss: a smaller fall is none
_SHARES = ("about a tenth", "about a third", "more than half")
_PLACES = (("background:#3a86c8;color:white", "the word"), ("background:rgba(224,102,43,.32)", "in its window"))


def show_pairs() -> int:
    """The pairs that the reader's sentence gives, as the window slides over it; how far it reaches to each side."""
    st.subheader("What it learns from", anchor=False)
    st.markdown(
        "A window slides over the text. It pairs the word in its middle with every other word inside. These pairs are "
        "all that word2vec learns from."
    )
    typed = text_setting("Your sentence", "the king rules the kingdom from the throne", "word2vec_sentence", live=True)
    words = split_words(typed)[:MAX_SENTENCE_WORDS]
    left, right = st.columns(2)
    window = setting(
        right.slider,
        "Window: words to each side",
        1,
        15,
        5,
        key="word2vec_window",
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
    pairs = training_pairs(words, window)
    here = [pair for pair in pairs if pair.place == place - 1]
    _draw_window(words, place - 1, here)
    told = ", ".join(f"{as_code(pair.word)} → {as_code(pair.context)}" for pair in here[:_MAX_PAIRS])
    more = f" and {len(here) - _MAX_PAIRS} more" if len(here) > _MAX_PAIRS else ""
    st.markdown(f"{count_of(len(here), 'pair')} here: {told}{more}.")
    st.caption(
        f"A window of {window} to each side gives {count_of(len(pairs), 'pair')} for the whole sentence. In training, "
        "each window is made smaller at random, so nearer words count more. Skip-gram learns to guess the right word "
        "of a pair from the left word. CBOW learns to guess the middle word from all its neighbours together."
    )
    show_code(
        _pairs_code(words, window),
        "word2vec_pairs",
        "The pairs, and then the training itself: skip-gram with negative sampling, without the refinements of the "
        "real one.",
    )
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


def run_of(loaded: LoadedCorpus, settings: Mapping[str, Any]) -> TrainingRun:
    """What is asked for, as a run."""
    return TrainingRun(
        title="fastText" if settings["fasttext"] else "word2vec",
        unit="tokens",
        loaded=loaded,
        cache_key=(loaded.cache_key, *settings.items()),
        settings=settings,
    )


def snapshots_of(loaded: LoadedCorpus, settings: Mapping[str, Any]) -> int:
    """How many snapshots: more of a long run, as long as they are small, so that something is seen every moment."""
    numbers = loaded.vocabulary_size(settings["min_count"]) * settings["dimension"]
    tokens = loaded.corpus.tokens * settings["epochs"]
    limit = _MAX_SNAPSHOTS if 4 * numbers * _MAX_SNAPSHOTS <= KEPT_BYTES else _SNAPSHOTS
    return max(_SNAPSHOTS, min(limit, tokens // _TOKENS_BETWEEN))


def places() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Where the picture and what came of the run stand, the question and the settings beside it, and the pairs."""
    picture, settings = beside()
    return picture, settings, st.container()


def introduce_training() -> None:
    """What is chosen below."""
    st.markdown(f"Choose a text. Training goes through all its pairs, again and again. {glossary.sentence('epoch')}")


def show_training(
    loaded: LoadedCorpus, settings: Mapping[str, Any], question: DeltaGenerator, picture: DeltaGenerator
) -> None:
    """The run: a guess and the button that starts it in ``question``, all there is to see in ``picture``."""
    settings = {**settings, "snapshots": snapshots_of(loaded, settings)}
    asked = run_of(loaded, settings)

    with question:
        view.offer_training(WORD2VEC_JOB, asked, lambda: predict.reopen("word2vec_guess", loaded.cache_key))
        guessed = predict.guess(
            "What share of the loss's whole fall will come in the first tenth of the training?",
            _SHARES,
            "word2vec_guess",
            about=loaded.cache_key,
            then="The answer comes at the end of the training.",
            before=f"The vectors begin at random. {glossary.sentence('loss')}",
        )
    if stand_in := word2vec.word2vec_stand_in():
        st.caption(stand_in)
    elif settings["workers"] > 1:
        st.caption(
            f"{settings['workers']} workers write into one table at once. Their order is never the same, so no two "
            "runs will be alike. One worker gives the same numbers each time on this machine."
        )
    else:
        st.caption(
            glossary.linked(
                "With one worker, the same settings and seed give the same numbers each time on this machine."
            )
        )

    def more(run: TrainingRun, history: History, shown: Snapshot, active: bool) -> None:
        if isinstance(shown, FastTextSnapshot):
            show_made_up_word(run, shown)

    with picture:
        view.show_run(
            WORD2VEC_JOB,
            asked,
            more,
            idle="Nothing is trained yet. A training runs while you watch this page.",
            judge=lambda run, history: judge(guessed, run, history),
            start=lambda: start_of(loaded, settings),
            hidden=predict.put_again("word2vec_guess"),
        )
        show_code(_train_code(loaded.code, settings, "king"), "word2vec_train")


def start_of(loaded: LoadedCorpus, settings: Mapping[str, Any]) -> Snapshot | None:
    """The random start of the run; ``None`` and a sentence where it can't be had at once."""
    if loaded.corpus.tokens > _START_TOKENS:
        st.info("This text is long. The map of the random start appears when the training has counted its words.")
        return None
    start = None
    with show_errors(st.info):
        size = 4 * loaded.vocabulary_size(settings["min_count"]) * settings["dimension"]
        private = loaded.own or settings["fasttext"] or size > _SHARED_BYTES
        begins = (setting for setting in settings.items() if setting[0] not in _OF_THE_RUN)
        start = _start(private, (loaded.cache_key, *begins), loaded, settings)
    return start


@shared_unless_private(max_entries=_STARTS)
def _start(asked: Hashable, _loaded: LoadedCorpus, _settings: Mapping[str, Any]) -> Snapshot:
    return random_start(_loaded.corpus, _settings)


def judge(guessed: predict.Guess | None, run: TrainingRun | None, history: History | None) -> None:
    """How much of the fall of the loss came early, once the run is at its end."""
    if guessed is None:
        return
    if run is None or history is None or history.metrics[-1].fraction < 1:
        predict.unanswered(guessed, "The answer comes at the end of the training.")
        return
    guessed = replace(guessed, here=guessed.about == run.loaded.cache_key)  # what is trained may be another text
    metrics = history.metrics
    if metrics[-1].loss > (1 - _MIN_FALL) * metrics[0].loss:
        predict.unanswered(
            guessed,
            f"The loss hardly fell, from {metrics[0].loss:.2f} to {metrics[-1].loss:.2f}. There was too little to "
            "learn from. Take a longer text, or more epochs.",
        )
        return
    tenth = moment_at(metrics, 0.1)
    share = fall_share(metrics, tenth)
    answer = _SHARES[0] if share < 0.2 else _SHARES[1] if share < 0.5 else _SHARES[2]
    predict.verdict(
        guessed,
        answer,
        f"After {tenth.fraction:.0%} of the training the loss had fallen from {metrics[0].loss:.2f} to "
        f"{tenth.loss:.2f}. That is {share:.0%} of its way to {metrics[-1].loss:.2f}. "
        + (
            "Frequent words and large groups are usually learned first. The finer part of meaning takes longer."
            if answer != _SHARES[0]
            else "The vectors start near zero, and must grow before they tell anything."
        ),
    )


def show_made_up_word(run: TrainingRun, snapshot: FastTextSnapshot) -> None:
    """A vector for a word that was never seen."""
    st.markdown("**A word that nobody has seen.** Invent one: fastText gives it a vector from its pieces.")
    with show_errors(st.info):
        word = text_setting("A made-up word", "kinglet", "word2vec_made_up", limit=WORD_LIMIT).strip().lower()
        pieces = char_ngrams(word)
        known = "has a row of its own" if word in snapshot.vocabulary else "has no row"
        st.markdown(
            f"{as_code(word)} {known}. Its pieces, with `<` for its start and `>` for its end: "
            f"{as_code_list(pieces, 14)}."
        )
        seen = snapshot.known_ngrams(word)
        if not seen:
            st.warning(
                "None of these pieces is in a word that was learned. Their rows are still random, as at the start, and "
                "so is this vector. Its neighbours mean nothing."
            )
        elif word not in snapshot.vocabulary:
            st.markdown(f"Learned from other words are {len(seen)} of the {len(pieces)}: {as_code_list(seen, 14)}.")
        neighbors = nearest(snapshot.word_vectors(), snapshot.vector(word), n=5)
        chart.show(
            neighbors_figure(neighbors), key="word2vec_made_up_near", alt=", ".join(token for token, _ in neighbors)
        )
        st.caption("The nearest words, by cosine.")
        show_code(_made_up_word_code(run.loaded.code, run.settings, word), "word2vec_made_up")


def _pairs_code(sentence: Sequence[str], window: int) -> str:
    """The pairs of one sentence, and skip-gram with negative sampling on them, in NumPy alone."""
    return f"""\
import numpy as np

sentence, window = {list(sentence)!r}, {window}
places = range(len(sentence))
pairs = [(sentence[i], sentence[j]) for i in places for j in places if 0 < abs(i - j) <= window]
print(pairs)

words = sorted(set(sentence))
ids = [(words.index(word), words.index(context)) for word, context in pairs]
V, D, rate, random = len(words), 10, 0.05, np.random.default_rng(0)
W = (random.random((V, D)) - 0.5) / D  # the vectors, at random
C = np.zeros((V, D))  # of the words as neighbours
is_neighbour = np.array([1, 0, 0])  # the true one, then random ones
losses = []
for epoch in range(100):
    loss = 0
    for word, context in ids:
        asked = np.array([context, *random.integers(V, size=2)])
        chance = 1 / (1 + np.exp(-C[asked] @ W[word]))  # [3]: that each is a neighbour
        error = is_neighbour - chance
        loss -= np.log(np.where(is_neighbour, chance, 1 - chance)).sum()
        change = error @ C[asked]  # [D]
        np.add.at(C, asked, rate * error[:, None] * W[word])
        W[word] += rate * change
    losses.append(loss / len(ids))
print(losses[0], losses[-1])
"""


def _train_code(opening: str, settings: Mapping[str, Any], word: str) -> str:
    """The whole run, and the words nearest to ``word`` as it goes on."""
    return f"""\
from embeddings.similarity import most_similar
from embeddings.training import word2vec
{opening}
for snapshot in word2vec.train(corpus, {as_arguments(settings)}):
    table = snapshot.word_vectors()
    print(snapshot.step, snapshot.loss, most_similar(table, {word!r}, n=3) if {word!r} in table else "")
"""


def _made_up_word_code(opening: str, settings: Mapping[str, Any], word: str) -> str:
    """A vector for a word that was never seen, from its pieces."""
    return f"""\
from embeddings.similarity import nearest
from embeddings.training import char_ngrams, word2vec
{opening}
*_, last = word2vec.train(corpus, {as_arguments(settings)})
neighbours = nearest(last.word_vectors(), last.vector({word!r}), n=5)
print(char_ngrams({word!r}), neighbours)
"""
