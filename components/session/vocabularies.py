"""The vocabularies that can be looked through, each indexed once for the server as a job, and what to call them."""

from collections.abc import Hashable
from contextlib import suppress
from types import MappingProxyType
from typing import cast

import streamlit as st

from components.session import background_jobs
from components.session.language_model import language_tokenizer
from components.session.tokenizers import TITLES as TOKENIZER_TITLES
from components.session.tokenizers import open_tokenizer
from embeddings import jobs
from embeddings.common import LabError, ProgressCallback
from embeddings.jobs import Call
from embeddings.sources import is_smollm_installed
from embeddings.tokenizers import (
    HasPieces,
    IdProfile,
    LanguagePrice,
    TokenIndex,
    Tokenizer,
    TokenOrder,
    Vocabulary,
    language_prices,
    measure_order,
    profile_by_id,
    tokenizer,
)
from embeddings.training import EXAMPLE

SMALL, SMOLLM2 = "A small one", "SmolLM2"
_NAMES = MappingProxyType({"GPT-4o": "gpt-4o", "BERT": "wordpiece", "GloVe": "word"})  # of tokenizers
TITLES = (*_NAMES, SMOLLM2, SMALL)
OF_SMOLLM = "Byte pairs (SmolLM2)"  # as its tokenizer is called beside the four others
VOCABULARY_JOB, ORDER_JOB = "vocabulary", "order of ids"  # names of jobs


def vocabulary_titles() -> list[str]:
    """The vocabularies that are here: all of ``TITLES``, without SmolLM2's where it is not installed."""
    return [title for title in TITLES if title != SMOLLM2 or is_smollm_installed()]


@st.cache_resource(max_entries=len(TITLES), show_spinner=False)
def token_index(title: str) -> TokenIndex:
    """The vocabulary called ``title``, one of ``TITLES``.

    Raises:
        SourceUnavailable: The package it comes from is not installed.
    """
    if title == SMOLLM2:
        return TokenIndex.of(language_tokenizer().pieces())
    opened = tokenizer("word", Vocabulary.from_text(EXAMPLE)) if title == SMALL else open_tokenizer(_NAMES[title])
    return TokenIndex.of(cast(HasPieces, opened).pieces())


def reference_of(title: str) -> str:
    """The vocabulary with whose order that of ``title`` is compared: GloVe, and BERT's for GloVe itself."""
    return "BERT" if title == "GloVe" else "GloVe"


@st.cache_resource(max_entries=len(TITLES), show_spinner=False)
def order_of(title: str) -> TokenOrder:
    """What was measured of the order of the vocabulary called ``title``.

    Raises:
        SourceUnavailable: A package is missing.
    """
    return measure_order(token_index(title), token_index(reference_of(title)))


@st.cache_resource(max_entries=len(TITLES), show_spinner=False)
def profile_of(title: str) -> IdProfile:
    """What stands where in the vocabulary called ``title``; shared, as its arrays are read-only.

    Raises:
        SourceUnavailable: A package is missing.
    """
    return profile_by_id(token_index(title), token_index(reference_of(title)))


def tokenizer_titles() -> list[str]:
    """The tokenizers whose prices are compared: the four of all pages, and SmolLM2's where it is installed."""
    return [*TOKENIZER_TITLES, *([OF_SMOLLM] if is_smollm_installed() else [])]


def titled_tokenizer(title: str) -> Tokenizer:
    """The tokenizer called ``title``, one of ``tokenizer_titles``.

    Raises:
        SourceUnavailable: Its package is not installed.
    """
    return language_tokenizer() if title == OF_SMOLLM else open_tokenizer(TOKENIZER_TITLES[title])


@st.cache_resource(max_entries=8, show_spinner=False)
def prices_of(title: str) -> list[LanguagePrice]:
    """What one sentence costs in each language with the tokenizer called ``title``.

    Raises:
        SourceUnavailable: Its package is not installed.
    """
    return language_prices(titled_tokenizer(title))


def is_open(title: str) -> bool:
    """Whether the vocabulary called ``title`` and the tokenizers are open; what opens them is in line until then."""
    return _has_come(VOCABULARY_JOB, Call(_open, (title,), travels=False), title)


def is_measured(title: str) -> bool:
    """Whether the order of that vocabulary is measured; what measures it is in line until then."""
    return _has_come(ORDER_JOB, Call(_measure, (title,), travels=False), title)


def _has_come(name: str, work: Call, title: str) -> bool:
    key: Hashable = (name, title)
    job = background_jobs.get_or_start(name, work, jobs.READING, key)
    return job is not None and job.state == "done"


def _open(title: str, report: ProgressCallback) -> None:
    """Have what the page asks for at hand; a tokenizer that is missing is left out, as the page says so itself."""
    titles = tokenizer_titles()
    for number, each in enumerate(titles):
        report(number / (len(titles) + 1), "Opening the tokenizers")
        with suppress(LabError):
            prices_of(each)
    report(len(titles) / (len(titles) + 1), "Opening the vocabulary")
    token_index(title)


def _measure(title: str, report: ProgressCallback) -> None:
    report(0.0, "Opening the list to compare with")
    token_index(reference_of(title))
    report(0.3, "Measuring the order")
    order_of(title)
    report(0.9, "Measuring the order")
    profile_of(title)
