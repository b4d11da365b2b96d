"""The table at the entrance of a language model, learned as a part of it."""

import streamlit as st

from components.lessons.learning import corpus_choice, language_model
from components.lessons.learning import settings as training_settings
from components.ui.errors import show_errors

picture, beside, below = language_model.places()
with beside, show_errors():
    question = st.container()
    loaded = corpus_choice.choose_corpus()
    settings = training_settings.language_settings()
    if loaded is not None:
        corpus_choice.show_facts(loaded, settings["min_count"], "language_min_count")
        language_model.show_gradient(loaded, settings, picture, question)
        with below, show_errors():
            language_model.show_training(loaded, settings)
language_model.show_after_training()
