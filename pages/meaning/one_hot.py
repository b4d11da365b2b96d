"""A vector for each word with a single 1, and what is wrong with it."""

from components.lessons.meaning import one_hot

one_hot.show_lesson()
