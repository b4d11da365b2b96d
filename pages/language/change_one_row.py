"""A language model reads rows of its table: another row in the place of a word's own, and it says something else."""

from components.lessons.language import change_one_row
from components.ui.errors import show_errors

picture, beside = change_one_row.places()
with beside, show_errors(change_one_row.say_why_not):
    asked = change_one_row.ask()
    with picture:
        change_one_row.show_next_tokens(asked)
