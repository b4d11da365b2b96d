"""A bounded number of places, and a line that is ordered by rank."""

import asyncio
import heapq
import itertools


class Turnstile:
    """Like ``asyncio.Semaphore``, but of all who wait the lowest rank comes first, and the first among equals."""

    def __init__(self, places: int):
        self._free = places
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def enter(self, rank: float) -> None:
        """Wait for a place."""
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # given a place in the same moment
                self.leave()
            raise

    def leave(self) -> None:
        """Give the place to the next in line."""
        while self._waiting:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
