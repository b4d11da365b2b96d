"""A room for a class: its teacher opens it, its students join."""

from components.lessons.classroom import room

room.show()
