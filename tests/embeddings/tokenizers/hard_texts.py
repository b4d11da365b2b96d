"""Texts that are hard to cut: each is repeated until it is as long as is wanted."""

import time
from collections.abc import Callable
from types import MappingProxyType
from typing import TypeVar

Result = TypeVar("Result")

HARD_TEXTS = MappingProxyType(
    {
        "equal letters": "a",
        "equal capitals": "A",
        "capitals in between": "aA",
        "digits": "0",
        "points in numbers": "1.",
        "hyphens in words": "a-",
        "apostrophes in words": "a'",
        "endings": "n't",
        "signs": "!",
        "slashes": "/",
        "rules": "-",
        "spaces": " ",
        "tabs": "\t ",
        "lines": "\n",
        "spaces before lines": " \n",
        "no-break spaces": "\u00a0",
        "nothing to see": "\u200d",
        "zeros": "\0",
        "marks": "\u0301",
        "marks on letters": "a\u0301",
        "marks out of order": "\u0323\u0301",
        "marks of three orders": "\u0315\u0300\u0316",
        "marks of two": "\u0344\u0323",
        "han": "猫",
        "han, extension b": "𠜎",
        "cuneiform": "𒀀",
        "hangul": "한",
        "hangul letters": "\u1100\u1161\u11a8",
        "devanagari": "हिन्दी",
        "joined consonants": "क\u094d",
        "arabic": "م",
        "thai": "ไ",
        "capitals of two": "ǅ",
        "private": "\ue000",
        "astronauts": "🧑\u200d🚀",
        "hearts": "❤\ufe0f\u200d",
        "flags": "🇩🇪",
        "letters of flags": "🇩",
        "marks before flags": "\u0600🇩",
        "mixed": "a猫𠜎𒀀\u0301 🧑\u200d🚀🇩🇪\n  3.14!?",
    }
)


def milliseconds(work: Callable[[], Result]) -> tuple[Result, float]:
    """What ``work`` gives, and the processor's time that it took, however busy the machine is."""
    before = time.process_time()
    result = work()
    return result, 1_000 * (time.process_time() - before)
