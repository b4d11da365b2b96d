"""Token bucket: a rate with bursts."""

import time
from collections.abc import Callable


class TokenBucket:
    """Refills with ``rate`` tokens a second up to ``burst``, from ``start``; more may be taken, and is owed.

    Attributes:
        rate: Tokens a second.
        burst: Tokens of a full bucket.
    """

    def __init__(
        self, rate: float, burst: float, start: float | None = None, clock: Callable[[], float] = time.monotonic
    ):
        self.rate, self.burst = rate, burst
        self._clock, self._tokens, self._then = clock, float(burst if start is None else start), clock()

    @property
    def used(self) -> float:
        """Tokens taken of late: 0 when the bucket is full."""
        return self.burst - self._refill()

    def take(self, tokens: float = 1) -> float:
        """Take ``tokens``; the seconds to wait until what is owed has been refilled, 0 if nothing is."""
        self._tokens = self._refill() - tokens
        return max(0.0, -self._tokens / self.rate)

    def _refill(self) -> float:
        now = self._clock()
        self._tokens = min(self.burst, self._tokens + (now - self._then) * self.rate)
        self._then = now
        return self._tokens
