"""A number for each word is not enough."""

from components.lessons.meaning import words_as_numbers
from components.ui.columns import beside

picture, settings = beside()
with settings:
    words = words_as_numbers.choose_words(picture)
    seed = words_as_numbers.choose_seed()
if words:
    with picture:
        words_as_numbers.show_line(words, seed)
    words_as_numbers.show_chance(words)
