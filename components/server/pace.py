"""How long visitors wait, so that a server that is full can say so instead of having everybody wait."""

import time
from collections import deque
from collections.abc import Callable
from statistics import median

LOOK_BACK = 5.0  # seconds
FEWEST = 20  # waits in that time; fewer say little of how full a server is


class Pace:
    """The seconds that visitors waited of late from what they did to the end of the run that answered it.

    Attributes:
        longest: Seconds that half of them may wait before the server counts as full; 0 for any.
    """

    def __init__(self, longest: float, clock: Callable[[], float] = time.monotonic):
        self.longest = longest
        self._clock = clock
        self._waits: deque[tuple[float, float]] = deque()  # when each ended, and its seconds

    def note(self, seconds: float) -> None:
        """Somebody has waited so long, until now."""
        self._waits.append((self._clock(), seconds))
        self._forget()

    def is_full(self) -> bool:
        """Whether half of the many who waited of late waited longer than they should."""
        self._forget()
        many = len(self._waits) >= FEWEST
        return bool(self.longest) and many and median(seconds for _, seconds in self._waits) > self.longest

    def _forget(self) -> None:
        while self._waits and self._waits[0][0] < self._clock() - LOOK_BACK:
            self._waits.popleft()
