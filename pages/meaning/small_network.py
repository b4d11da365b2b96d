"""A network draws up the vectors by itself."""

from components.lessons.meaning import small_network

small_network.show_lesson()
