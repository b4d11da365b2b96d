"""Numbers that say something about the word, filled in by hand."""

from components.lessons.meaning import vectors_with_meaning as lesson
from components.ui.errors import show_errors

with show_errors():
    usable, table = lesson.usable_table(lesson.edit_table())
    answered = lesson.show_similar_rows(table, list(usable.columns[1:]))
    lesson.show_learned(table, with_cosines=answered)
