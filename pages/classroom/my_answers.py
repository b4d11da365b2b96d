"""All that was guessed and answered in this visit."""

from components.lessons.classroom import my_answers

my_answers.show()
