"""Which parts of a page need not be drawn again yet."""

import time
from collections.abc import Callable

LONGEST = 5.0  # seconds that a part may be in the drawing; the answer of one that is no more does not come
MAX_PARTS = 16  # of a page; a client may name any


class LiveParts:
    """Notes when parts of one visitor's page were begun, so that what was asked for before can be left out.

    A browser asks for a live part on a clock, whether or not its last question was answered. Where answers take longer
    than that, questions would pile up, and what the visitor clicks next would wait behind all of them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._begun: dict[int, float] = {}  # by the hash of a part's id, which may be long; "" is the whole page
        self._drawing: int | None = None
        self._caught_up = -float("inf")

    def caught_up(self) -> None:
        """The visitor's browser has nothing waiting: what comes next is asked for from now on."""
        self._caught_up = self._clock()

    def begun(self, part: str) -> None:
        """``part`` is drawn from now on, or with "" the whole page."""
        self._drawing = hash(part)
        if not part or len(self._begun) == MAX_PARTS:
            self._begun.clear()
        self._begun[self._drawing] = self._clock()

    def ended(self) -> None:
        """What was begun is drawn."""
        self._drawing = None

    def is_fresh(self, part: str) -> bool:
        """Whether ``part`` is being drawn, or was begun after this may have been asked for; so too with the page."""
        return any(self._is_fresh(key) for key in (hash(part), hash("")) if key in self._begun)

    def _is_fresh(self, key: int) -> bool:
        begun = self._begun[key]
        return begun >= self._caught_up or (key == self._drawing and self._clock() < begun + LONGEST)
