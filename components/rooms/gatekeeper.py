"""The gatekeeper: how often one address may name a room that does not exist, take a seat, and open new rooms."""

import threading

from components.server.token_bucket import TokenBucket
from embeddings.common import InvalidInput

WRONG_CODES, WRONG_PER_SECOND = 200, 0.1  # of one address at once, as a whole school may stand behind it; and then
SEATS, SEATS_PER_SECOND = 1_000, 0.5  # so that a full room comes in through one address, and a second one soon after
ROOMS, ROOMS_PER_SECOND = 10, 1 / 300
TOO_MANY_CODES = "Too many wrong codes came from your network. Wait a minute, and try again."
TOO_MANY_SEATS = "Too many have joined rooms from your network. Wait a minute, and try again."
TOO_MANY_ROOMS = "Too many rooms were opened from your network. Wait some minutes, and try again."


class Gatekeeper:
    """Counts by address; what is full again is forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: dict[str, TokenBucket] = {}
        self._seated: dict[str, TokenBucket] = {}
        self._opened: dict[str, TokenBucket] = {}

    def check(self, address: str) -> None:
        """Pass if ``address`` may name a room to take a seat in it, whether it exists or not.

        Raises:
            InvalidInput: It has named too many that do not, or has taken too many seats.
        """
        with self._lock:
            if _is_empty(self._wrong, address):
                raise InvalidInput(TOO_MANY_CODES)
            if _is_empty(self._seated, address):
                raise InvalidInput(TOO_MANY_SEATS)

    def note_wrong(self, address: str) -> None:
        """Note that ``address`` has named a room that does not exist, or not for it."""
        with self._lock:
            _bucket(self._wrong, address, WRONG_PER_SECOND, WRONG_CODES).take()

    def note_seat(self, address: str) -> None:
        """Note that ``address`` has taken a new seat."""
        with self._lock:
            _bucket(self._seated, address, SEATS_PER_SECOND, SEATS).take()

    def note_opening(self, address: str) -> None:
        """Note that ``address`` opens a room.

        Raises:
            InvalidInput: It has opened too many.
        """
        with self._lock:
            if _is_empty(self._opened, address):
                raise InvalidInput(TOO_MANY_ROOMS)
            _bucket(self._opened, address, ROOMS_PER_SECOND, ROOMS).take()


def _is_empty(buckets: dict[str, TokenBucket], address: str) -> bool:
    return address in buckets and buckets[address].used > buckets[address].burst - 1


def _bucket(buckets: dict[str, TokenBucket], address: str, rate: float, burst: float) -> TokenBucket:
    for other in [other for other, bucket in buckets.items() if not bucket.used]:
        del buckets[other]
    return buckets.setdefault(address, TokenBucket(rate, burst))
