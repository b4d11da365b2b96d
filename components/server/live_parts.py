"""Which parts of a page were drawn a moment ago."""

import time
from collections.abc import Callable

REST = 0.25  # seconds from a part's end until it may be drawn again by itself; the quickest part asks every half second
MAX_PARTS = 16  # of a page; a client may name any


class LiveParts:
    """Notes when parts of one visitor's page were last drawn, so that what was asked for meanwhile can be left out.

    A browser asks for a live part on a clock, whether or not its last question was answered. Where answers take longer
    than that, questions would pile up, and what the visitor clicks next would wait behind all of them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._drawn: dict[int, float] = {}  # by the hash of a part's id, which may be long
        self._page_drawn = -float("inf")

    def drawn(self, part: str) -> None:
        """``part`` has just been drawn, or with "" the whole page."""
        if not part:
            self._page_drawn = self._clock()
        if not part or len(self._drawn) == MAX_PARTS:
            self._drawn.clear()
        if part:
            self._drawn[hash(part)] = self._clock()

    def is_fresh(self, part: str) -> bool:
        """Whether ``part`` need not be drawn again yet."""
        return self._clock() < max(self._page_drawn, self._drawn.get(hash(part), -float("inf"))) + REST
