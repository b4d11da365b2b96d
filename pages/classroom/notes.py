"""What a teacher may say and ask on each page."""

from components.lessons.classroom import notes

notes.show()
