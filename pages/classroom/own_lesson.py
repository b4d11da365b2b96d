"""A lesson of one's own: pages, words and a text, in a link."""

from components.lessons.classroom import own_lesson
from components.ui.errors import show_errors

with show_errors():
    own_lesson.show_link(own_lesson.choose())
