"""The table at the entrance of a language model, learned as a part of it."""

from components import corpus_choice, language_panels, lessons, training_settings
from components.explained import explained

lessons.title(
    "A language model's table",
    "Every large language model begins with an embedding table, and nobody trains that table by itself: it is one of "
    "the model's weights, and learns as the model learns to tell the next token. Here is a small one.",
)
with explained():
    opened = corpus_choice.choose_corpus()
    settings = training_settings.language_settings()
    if opened is not None:
        corpus_choice.show_facts(opened, settings["min_count"], "language_min_count")
        language_panels.show_gradient(opened, settings)
        language_panels.show_training(opened, settings)
lessons.next_link("pages/language_model.py")
