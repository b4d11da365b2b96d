"""Questions with numbers of their own, to check oneself."""

from components.lessons.classroom import check
from components.ui.errors import show_errors

chapter, seed = check.choose()
with show_errors():
    check.show_questions(chapter, seed)
