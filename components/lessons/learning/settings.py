"""Settings of a training: a few in sight, the others behind a fold; all in the address."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import streamlit as st

from components.address import setting
from components.ui.inputs import choice_input

DIMENSIONS = (8, 16, 32, 50, 100, 200)
CONTEXTS = (4, 8, 16, 32)
BATCHES = (1, 4, 16, 64, 128)
METHODS = MappingProxyType({"Skip-gram": (True, False), "CBOW": (False, False), "fastText": (True, True)})
KINDS = MappingProxyType({"words": "word", "characters": "character", "byte pairs": "byte-pair"})
MODELS = MappingProxyType({"the mean of its vectors": "average", "a Transformer": "transformer"})


def _slider(label: str, options: Sequence[Any], default: Any, key: str, help: str | None = None) -> Any:
    return setting(st.select_slider, label, options, default, format_func="{:,}".format, key=key, help=help)


def _number(label: str, low: float, high: float, default: float, key: str, help: str | None = None, **options) -> Any:
    value = setting(st.number_input, label, low, high, default, key=key, help=help, **options)
    return default if value is None else value


def _toggle(label: str, key: str, help: str | None = None) -> bool:
    return setting(st.toggle, label, False, key=key, help=help)


def word2vec_settings(window: int) -> dict[str, Any]:
    """What ``embeddings.training.word2vec.train`` is asked for, with the ``window`` that was chosen before."""
    method = choice_input(
        "Method",
        list(METHODS),
        "word2vec_method",
        "Skip-gram guesses the neighbours from the word. CBOW guesses the word from its neighbours. fastText is "
        "skip-gram too, but it makes a word's vector from the vectors of the word's pieces.",
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        epochs = _slider("Epochs", (1, 2, 3, 5, 10, 15, 30, 60), 15, "word2vec_epochs")
    with right:
        dimension = _slider("Numbers in a vector (D)", DIMENSIONS, 50, "word2vec_dimension")
    with st.expander("More settings", icon=":material/tune:"):
        first, second = st.columns(2)
        with first:
            min_count = _number("Least count of a word", 1, 1_000, 5, "word2vec_min_count")
            workers = _number("Workers", 1, 4, 1, "word2vec_workers", "Threads that train at the same time.")
            seed = _number("Seed", 0, 9_999, 0, "word2vec_seed")
        with second:
            sample = _number(
                "Skip words more frequent than",
                0.0,
                1.0,
                0.001,
                "word2vec_sample",
                "A share of the text. The training now and then skips words above it, such as the and of. 0: it skips "
                "none.",
                step=0.0001,
                format="%.5f",
            )
            alpha = _number(
                "Learning rate",
                0.0001,
                10_000.0,
                0.025,
                "word2vec_alpha",
                "How far each step moves the numbers. Try 1,000: the training goes wrong.",
                step=0.005,
                format="%.4f",
            )
            negative = _number(
                "Random words for each pair",
                1,
                20,
                10,
                "word2vec_negative",
                "Negative sampling compares the true neighbour with so many random words.",
            )
        how = choice_input(
            "What the training asks",
            ["Negative sampling", "Hierarchical softmax"],
            "word2vec_how",
            "Negative sampling: which of some words is the true neighbour? Hierarchical softmax: in which half of the "
            "vocabulary is the neighbour, then in which half of that half, and so on?",
        )
    skip_gram, fasttext = METHODS[method]
    return {
        "skip_gram": skip_gram,
        "fasttext": fasttext,
        "hierarchical_softmax": how == "Hierarchical softmax",
        "negative": int(negative),
        "window": window,
        "dimension": dimension,
        "epochs": epochs,
        "min_count": int(min_count),
        "sample": sample,
        "alpha": alpha,
        "workers": int(workers),
        "seed": int(seed),
    }


def language_settings() -> dict[str, Any]:
    """What ``embeddings.training.language_model.train`` is asked for."""
    tokens = choice_input("Tokens", list(KINDS), "language_tokens")
    model = choice_input(
        "What reads the vectors",
        list(reversed(MODELS)),
        "language_model",
        "A Transformer lets each token look at the tokens before it. The other model takes the mean of their vectors.",
    )
    steps = _slider("Training steps", (50, 100, 200, 500, 1_000, 2_000, 5_000), 200, "language_steps")
    tied = _toggle(
        "Tie the output to the table",
        "language_tied",
        "Then W has two tasks: its rows are looked up, and they also give the scores of the next token. Otherwise a "
        "second table gives the scores.",
    )
    with st.expander("More settings", icon=":material/tune:"):
        first, second = st.columns(2)
        with first:
            dimension = _slider("Numbers in a vector (D)", (8, 16, 32, 64, 128), 64, "language_dimension")
            context = _slider("Tokens it can read (T)", CONTEXTS, 16, "language_context")
            batch = _slider("Pieces of text in a step (B)", BATCHES, 64, "language_batch")
            blocks = _number("Transformer blocks", 1, 2, 1, "language_blocks")
        with second:
            rate = _number(
                "Learning rate",
                0.00001,
                1_000.0,
                0.003,
                "language_rate",
                "How far each step moves the numbers. Try 100: the training goes wrong.",
                step=0.001,
                format="%.5f",
            )
            seed = _number("Seed", 0, 9_999, 0, "language_seed")
            min_count = _number(
                "Least count of a word", 1, 1_000, 2, "language_min_count", "Rarer words share one row."
            )
            bpe_vocab_size = _number("Number of byte pairs", 60, 5_000, 500, "language_pairs")
    return {
        "tokens": KINDS[tokens],
        "model": MODELS[model],
        "tied": tied,
        "steps": steps,
        "dimension": dimension,
        "context": context,
        "blocks": int(blocks),
        "batch": batch,
        "learning_rate": rate,
        "seed": int(seed),
        "min_count": int(min_count),
        "bpe_vocab_size": int(bpe_vocab_size),
    }


def as_arguments(settings: Mapping[str, Any]) -> str:
    """``settings`` as keyword arguments in Python, for the code that a panel shows.

    >>> as_arguments({"epochs": 15, "tied": False})
    'epochs=15, tied=False'
    """
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())
