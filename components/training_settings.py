"""Settings of a training: a few in sight, the others behind a fold; all in the address."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import streamlit as st

from components.inputs import one_of

DIMENSIONS = (8, 16, 32, 50, 100, 200)
CONTEXTS = (4, 8, 16, 32)
BATCHES = (1, 4, 16, 64, 128)
METHODS = MappingProxyType({"Skip-gram": (True, False), "CBOW": (False, False), "fastText": (True, True)})
KINDS = MappingProxyType({"words": "word", "characters": "character", "byte pairs": "byte-pair"})
MODELS = MappingProxyType({"the mean of its vectors": "average", "a Transformer": "transformer"})


def _slider(label: str, options: Sequence[Any], default: Any, key: str, help: str | None = None) -> Any:
    return st.select_slider(
        label,
        options,
        default,
        format_func="{:,}".format,
        key=key,
        bind="query-params",
        persist_state="session",
        help=help,
    )


def _number(label: str, low: float, high: float, default: float, key: str, help: str | None = None, **options) -> Any:
    value = st.number_input(
        label,
        low,
        high,
        default,
        key=key,
        bind="query-params",
        persist_state="session",
        help=help,
        **options,
    )
    return default if value is None else value


def _toggle(label: str, key: str, help: str | None = None) -> bool:
    return st.toggle(label, False, key=key, bind="query-params", persist_state="session", help=help)


def word2vec_settings(window: int) -> dict[str, Any]:
    """What ``embeddings.word2vec.train`` is asked for, with the ``window`` that was chosen before."""
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        method = one_of(
            "Method",
            list(METHODS),
            "word2vec_method",
            "Skip-gram tells the neighbours from the word, CBOW the word from its neighbours. fastText is skip-gram in "
            "which a word's vector is made from those of its pieces.",
        )
    with middle:
        epochs = _slider("Times through the text (epochs)", (1, 2, 3, 5, 10, 15, 30, 60), 15, "word2vec_epochs")
    with right:
        dimension = _slider("Numbers in a vector (D)", DIMENSIONS, 50, "word2vec_dimension")
    with st.expander("More settings", icon=":material/tune:"):
        first, second, third = st.columns(3)
        with first:
            min_count = _number("Least count of a word", 1, 1_000, 5, "word2vec_min_count")
            workers = _number("Workers", 1, 4, 1, "word2vec_workers", "Threads that train at once.")
        with second:
            how = one_of(
                "The question that it is asked",
                ["Negative sampling", "Hierarchical softmax"],
                "word2vec_how",
                "Which of some random words is the true neighbour? Or: in which half of the vocabulary is it, and in "
                "which half of that?",
            )
            negative = _number("Random words told apart", 1, 20, 10, "word2vec_negative")
            seed = _number("Seed", 0, 9_999, 0, "word2vec_seed")
        with third:
            sample = _number(
                "Pass over words more frequent than",
                0.0,
                1.0,
                0.001,
                "word2vec_sample",
                "Their share of the text: the, of and such are passed over now and then. 0: never.",
                step=0.0001,
                format="%.5f",
            )
            alpha = _number(
                "Learning rate",
                0.0001,
                10_000.0,
                0.025,
                "word2vec_alpha",
                "How far each correction goes. Try 1,000 and see it go astray.",
                step=0.005,
                format="%.4f",
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
    """What ``embeddings.language_model.train`` is asked for."""
    first, second, third = st.columns(3, vertical_alignment="bottom")
    with first:
        tokens = one_of("Tokens", list(KINDS), "language_tokens")
    with second:
        model = one_of(
            "What reads the vectors",
            list(reversed(MODELS)),
            "language_model",
            "A Transformer block lets every token look at those before it; the other way takes the mean of their "
            "vectors.",
        )
    with third:
        steps = _slider("Steps", (50, 100, 200, 500, 1_000, 2_000, 5_000), 500, "language_steps")
    tied = _toggle(
        "Tie the output to the table",
        "language_tied",
        "The scores of the next token are products with the rows of W itself, rather than of a second table.",
    )
    with st.expander("More settings", icon=":material/tune:"):
        first, second, third = st.columns(3)
        with first:
            dimension = _slider("Numbers in a vector (D)", (8, 16, 32, 64, 128), 64, "language_dimension")
            context = _slider("Tokens that it reads at most (T)", CONTEXTS, 16, "language_context")
            blocks = _number("Transformer blocks", 1, 2, 1, "language_blocks")
        with second:
            batch = _slider("Stretches of text in a step (B)", BATCHES, 64, "language_batch")
            rate = _number(
                "Learning rate",
                0.00001,
                1_000.0,
                0.003,
                "language_rate",
                "How far each correction goes. Try 100 and see it go astray.",
                step=0.001,
                format="%.5f",
            )
            seed = _number("Seed", 0, 9_999, 0, "language_seed")
        with third:
            min_count = _number(
                "Least count of a word", 1, 1_000, 2, "language_min_count", "Rarer words share one row."
            )
            pairs = _number("Size of the vocabulary of byte pairs", 60, 5_000, 500, "language_pairs")
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
        "pairs": int(pairs),
    }
