"""Random vectors become meaning: word2vec, watched while it learns."""

import streamlit as st

from components.lessons.learning import corpus_choice, word2vec
from components.lessons.learning import settings as training_settings
from components.ui.errors import show_errors

picture, beside, below = word2vec.places()
with below:
    window = word2vec.show_pairs()
with beside, show_errors():
    question = st.container()
    word2vec.introduce_training()
    loaded = corpus_choice.choose_corpus()
    settings = training_settings.word2vec_settings(window)
    if loaded is not None:
        corpus_choice.show_facts(loaded, settings["min_count"], "word2vec_min_count")
        word2vec.show_training(loaded, settings, question, picture)
