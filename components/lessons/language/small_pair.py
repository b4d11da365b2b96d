"""The small language model that is trained here twice: with an output table of its own, and with a tied output."""

from types import MappingProxyType

import streamlit as st

from components.lessons.learning.settings import as_arguments
from components.session import background_jobs
from embeddings import jobs
from embeddings.jobs import ByName, Call, Seen
from embeddings.training import CorpusWords, LanguageSnapshot, fit_words, of_toy_corpus, train_untied_and_tied

Pair = tuple[LanguageSnapshot, LanguageSnapshot]  # untied, then tied

JOB = "small_pair"  # name of the job that trains them
SETTINGS = MappingProxyType({"dimension": 32, "blocks": 4, "context": 8, "batch": 32, "steps": 300})
SENTENCES = 2_000  # of the made-up world
ABOUT = (
    f"This model has {SETTINGS['blocks']} layers and read {SENTENCES:,} made-up sentences on kings, animals and "
    "countries. Its tokens are words, and ⏎ at the end of a sentence."
)
TRAINING_CODE = f"train_untied_and_tied(of_toy_corpus({SENTENCES}), {as_arguments(SETTINGS)})"


@st.cache_resource(max_entries=1, show_spinner=False)
def tokenizer() -> CorpusWords:
    """The words that both know, which is known before they are trained."""
    return fit_words(of_toy_corpus(SENTENCES))


def start_training() -> None:
    """Have both trained as the job ``JOB``, on whatever page; whoever asked before has had it done for all."""
    training = Call(train_untied_and_tied, (ByName(of_toy_corpus, (SENTENCES,)),), SETTINGS)
    background_jobs.get_or_start(JOB, training, jobs.READING, key=("small pair", *SETTINGS.items()))


def trained(job: Seen | None) -> Pair | None:
    """Both, once they are trained."""
    return background_jobs.result_of(job)
