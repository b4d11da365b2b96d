"""How long visitors wait, so that a server that is full can say so instead of having everybody wait."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from itertools import islice
from statistics import median

LOOK_BACK = 5.0  # seconds
FEWEST = 20  # waits in that time; fewer say little of how full a server is
ACTIVE = 10.0  # seconds for which a session that has asked counts as one that will ask again
THOUGHT = 4.0  # seconds from an answer to the next question, of visitors who look at it
LINE = 1 / 3  # of the longest wait: a server where more than have a place wait so long answers as fast as it can
STALE = 60.0  # seconds; a question that is still open then will not be answered
STAYS_FULL = 10.0  # seconds at least, where it is foretold: between two clicks of many there may be no line


class Pace:
    """The seconds that visitors waited of late from what they did to the end of the run that answered it.

    Attributes:
        longest: Seconds that half of them may wait before the server counts as full; 0 for any.
        places: How many are answered at once.
    """

    def __init__(self, longest: float, places: int, clock: Callable[[], float] = time.monotonic):
        self.longest, self.places = longest, places
        self._clock = clock
        self._waits: deque[tuple[float, float]] = deque()  # when each ended, and its seconds
        self._asked: OrderedDict[Hashable, float] = OrderedDict()  # sessions, and when each asked last
        self._waiting: OrderedDict[Hashable, float] = OrderedDict()  # sessions, and since when each waits
        self._full_until = -float("inf")

    def asked(self, session: Hashable) -> None:
        """The visitor of ``session`` waits from now on."""
        for sessions in (self._waiting, self._asked):
            sessions[session] = self._clock()
            sessions.move_to_end(session)

    def answered(self, session: Hashable, seconds: float) -> None:
        """The visitor of ``session`` has waited so long, until now."""
        self._waiting.pop(session, None)
        self._waits.append((self._clock(), seconds))
        self._forget()

    def left(self, session: Hashable) -> None:
        """There is no such session any more."""
        self._waiting.pop(session, None)
        self._asked.pop(session, None)

    def is_full(self) -> bool:
        """Whether half of the many who waited of late waited longer than they should, or soon will.

        Those who came a moment ago have asked but once, and will ask again. Where there is a line, and so the server
        answers as fast as it can, N visitors who think Z seconds wait N / X - Z for one of its X answers a second.

        References:
            Denning and Buzen, "The Operational Analysis of Queueing Network Models", 1978 (the response time law)
        """
        self._forget()
        if not self.longest or len(self._waits) < FEWEST:
            return False
        per_second = len(self._waits) / max(1.0, self._clock() - self._waits[0][0])
        if self._has_line() and len(self._asked) / per_second - THOUGHT > self.longest:
            self._full_until = self._clock() + STAYS_FULL
        return self._clock() < self._full_until or median(seconds for _, seconds in self._waits) > self.longest

    def _has_line(self) -> bool:
        """Whether more than have a place wait for long."""
        since = next(islice(self._waiting.values(), self.places, None), None)
        return since is not None and self._clock() - since > LINE * self.longest

    def _forget(self) -> None:
        now = self._clock()
        while self._waits and self._waits[0][0] < now - LOOK_BACK:
            self._waits.popleft()
        for sessions, kept in ((self._asked, ACTIVE), (self._waiting, STALE)):
            while sessions and next(iter(sessions.values())) < now - kept:
                sessions.popitem(last=False)
