"""A teacher's own lesson, and the link that holds it: JSON in URL-safe base64, checked field by field."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from components.navigation import LESSONS, Lesson
from embeddings.common import InvalidInput

PARAMETER = "lesson"  # in the address
MAX_TITLE, MAX_WORD, MAX_TEXT = 60, 40, 500  # characters
MIN_WORDS, MAX_WORDS, MAX_PAGES = 3, 12, 12
MAX_CODE = 9_000  # characters; all of the above, however JSON has to write it
_BY_ADDRESS = MappingProxyType({PurePosixPath(lesson.path).stem: lesson for lesson in LESSONS})
_FIELDS = {"title", "pages", "words", "text"}
_BROKEN = "This link should open a teacher’s lesson, but {}. Ask for the link again. All lessons are in the menu."


@dataclass(frozen=True)
class OwnLesson:
    """What a teacher has put together.

    Attributes:
        title: Its name in the menu, 1 to ``MAX_TITLE`` characters.
        lessons: Its pages in their order, 1 to ``MAX_PAGES`` different ones.
        words: ``MIN_WORDS`` to ``MAX_WORDS`` for the pages' fields, without spaces in them.
        text: For the pages' fields, up to ``MAX_TEXT`` characters; "" leaves them as they are.
    """

    title: str
    lessons: tuple[Lesson, ...]
    words: tuple[str, ...]
    text: str


def encode(own: OwnLesson) -> str:
    """The lesson as a value of ``PARAMETER``."""
    content = {
        "title": own.title,
        "pages": [address_of(lesson) for lesson in own.lessons],
        "words": own.words,
        "text": own.text,
    }
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def decode(code: str) -> OwnLesson:
    """The lesson in a link, which may come from anybody.

    Raises:
        InvalidInput: It holds none, or one that no teacher can make with this app; the message says so.
    """
    if len(code) > MAX_CODE:
        raise InvalidInput(_BROKEN.format("it is too long"))
    try:
        content = json.loads(base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise InvalidInput(_BROKEN.format("a part of it is missing or changed")) from None
    if not isinstance(content, dict) or set(content) != _FIELDS or not _is_sound(content):
        raise InvalidInput(_BROKEN.format("it asks for something that this app does not have"))
    lessons = tuple(_BY_ADDRESS[address] for address in content["pages"])
    return OwnLesson(content["title"], lessons, tuple(content["words"]), content["text"])


def address_of(lesson: Lesson) -> str:
    """The name of the lesson's page in a link."""
    return PurePosixPath(lesson.path).stem


def page_of(own: OwnLesson) -> str:
    """The address of the lesson's first page, with the lesson in it; relative to that of any page of the app."""
    first = own.lessons[0]
    return f"./{'' if first is LESSONS[0] else address_of(first)}?{PARAMETER}={encode(own)}"


def has_link(title: str) -> bool:
    """Whether Markdown would make a link of a part of ``title``, however its signs are escaped.

    >>> has_link("see www.example.org"), has_link("Mr. A: food")
    (True, False)
    """
    return re.search(r"://|www\.|@", title, re.IGNORECASE) is not None


def _is_sound(content: Mapping[str, Any]) -> bool:
    pages, words = content["pages"], content["words"]
    return (
        _is_text(content["title"], MAX_TITLE)
        and bool(content["title"].strip())
        and not has_link(content["title"])
        and _is_text(content["text"], MAX_TEXT)
        and _is_list(pages, 1, MAX_PAGES)
        and all(page in _BY_ADDRESS for page in pages)
        and _is_list(words, MIN_WORDS, MAX_WORDS)
        and all(_is_text(word, MAX_WORD) and word.split() == [word] for word in words)
    )


def _is_list(value: Any, low: int, high: int) -> bool:
    """Whether it is a list of ``low`` to ``high`` different texts."""
    return (
        isinstance(value, list)
        and low <= len(value) <= high
        and all(isinstance(each, str) for each in value)
        and len(set(value)) == len(value)
    )


def _is_text(value: Any, limit: int) -> bool:
    """Whether it is a text of up to ``limit`` characters, without half characters."""
    short = isinstance(value, str) and len(value) <= limit
    return short and not any("\ud800" <= letter <= "\udfff" for letter in value)
