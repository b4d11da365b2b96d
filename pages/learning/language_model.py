"""The table at the entrance of a language model, learned as a part of it."""

from components.lessons.learning import language_model
from components.ui.errors import show_errors

picture, question, beside, below = language_model.places()
with beside, show_errors():
    loaded, settings = language_model.choose()
    if loaded is None:
        picture.info("The text must be read or fetched first: open “Settings” to see how far it is.")
    else:
        language_model.show_gradient(loaded, settings, picture, question)
        with below, show_errors():
            language_model.show_training(loaded, settings)
language_model.show_after_training()
