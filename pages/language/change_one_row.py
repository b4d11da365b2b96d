"""A language model reads rows of its table: another row in the place of a word's own, and it says something else."""

from components.lessons.language import model_choice
from components.lessons.language.change_one_row import large_model, small_model
from components.ui.columns import beside
from components.ui.errors import show_errors

picture, fields = beside()
with fields, show_errors(picture.info):
    if model_choice.choose_model("row_model") == model_choice.SMALL:
        small = small_model.ask_change()
        with picture:
            small_model.show_next_tokens(small)
        small_model.show_explanation(small)
    else:
        large = large_model.ask_change()
        with picture:
            large_model.show_next_tokens(large)
        large_model.show_explanation(large)
