"""The pages of the menu that are no lessons, as those for a class: their names, and where they stand."""

from dataclasses import dataclass
from pathlib import PurePosixPath

CHAPTER = "For a class"  # in the menu
CHECK_CHAPTER, CHECK_SEED = "check_chapter", "check_seed"  # in the address of the page of questions


@dataclass(frozen=True)
class Extra:
    """A page of the menu that is no lesson.

    Attributes:
        path: Its file.
        title: Its name in the menu.
        section: Where it stands there.
        followed: Whether a class comes along when its teacher opens it.
    """

    path: str
    title: str
    section: str = CHAPTER
    followed: bool = False

    @property
    def address(self) -> str:
        """Where it is found."""
        return PurePosixPath(self.path).stem


PAGES = ROOM, CHECK, MY_ANSWERS, WORKSHEET, TEACH, NOTES, OWN_LESSON = (
    Extra("pages/classroom/room.py", "Classroom"),
    Extra("pages/classroom/check.py", "Check yourself", followed=True),
    Extra("pages/classroom/my_answers.py", "My answers"),
    Extra("pages/classroom/worksheet.py", "Worksheet"),
    Extra("pages/classroom/teach.py", "Plans for 45 and 90 minutes"),
    Extra("pages/classroom/notes.py", "Teacher's notes"),
    Extra("pages/classroom/own_lesson.py", "Make your own lesson"),
)
ADDRESSES = tuple(page.address for page in PAGES)
FOLLOWED = tuple(page.address for page in PAGES if page.followed)
