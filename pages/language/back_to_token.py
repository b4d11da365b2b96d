"""The unembedding: from a vector back to a token, at the end of a language model and after each of its layers."""

from components.lessons.language import model_choice
from components.lessons.language.back_to_token import large_model, small_model
from components.ui.columns import beside
from components.ui.errors import show_errors

picture, words = beside()
with words, show_errors(picture.info):
    if model_choice.choose_model("lens_model") == model_choice.SMALL:
        small = small_model.ask()
        with picture:
            small_model.show_lens(small)
        small_model.show_costs(small)
    else:
        large = large_model.ask()
        with picture:
            large_model.show_lens(large)
        large_model.show_costs(large)
