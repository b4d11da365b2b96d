"""Plans for a lesson in class."""

from components.lessons.classroom import teach

teach.show()
