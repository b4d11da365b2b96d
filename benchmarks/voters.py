"""Virtual students of one room, over Streamlit's own WebSocket messages: they guess once, and see the answer.

``python -m benchmarks.voters URL CODE PAGE STUDENTS``: each joins the room with its code and opens the page. Whoever is
told that the server is full comes again, as a page does. Once all are asked, each guesses at a time of their own within
``GUESSING`` seconds. The process prints one line of JSON when all have heard that their guess is in, and a second one
when all have seen what the class guessed.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter

import websockets
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.connection import PATIENCE, Connection, connected, element, error_on
from benchmarks.students import percentiles

ARRIVING, GUESSING = 15.0, 10.0  # seconds
AGAIN = (30.0, 60.0)  # seconds until a page that was turned away tries again
IN, SHOWN = "Your guess is in.", "What the class guessed"


class _Voter:
    """One student's connection, and what they have seen of the question."""

    def __init__(self, number: int, code: str, page: str):
        self._chance, self._code, self._page = random.Random(number), code, page
        self._connection: Connection
        self._field, self.options, self.guess = "", [""], ""
        self.asked, self.heard, self.revealed = (asyncio.get_running_loop().create_future() for _ in range(3))
        self.turned_away = 0
        self.errors: list[str] = []

    async def attend(self, url: str) -> None:
        """Join, open the page, and look at what comes until the connection is closed."""
        await asyncio.sleep(ARRIVING * self._chance.random())
        try:
            while await self._is_turned_away(url):
                await asyncio.sleep(self._chance.uniform(*AGAIN))
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            self.errors.append(f"{type(error).__name__}: {error}")

    async def _is_turned_away(self, url: str) -> bool:
        """Whether the server is full; if not, it is looked at until the connection is closed."""
        try:
            async with connected(url, f"room={self._code}") as self._connection:
                await self._connection.rerun(page_name=self._page)
                while True:
                    drawn = element(await self._connection.receive())
                    if drawn is not None:
                        self._see(drawn)
        except websockets.InvalidStatus as error:
            if error.response.status_code != 503:
                raise
            self.turned_away += 1
            return True
        except websockets.ConnectionClosedOK:
            return False

    async def vote(self) -> float:
        """Guess after a while; the seconds until the page says that the guess is in."""
        await asyncio.sleep(GUESSING * self._chance.random())
        self.guess = self._chance.choice(self.options)
        started = time.perf_counter()
        await self._connection.rerun(WidgetState(id=self._field, string_array_value=StringArray(data=[self.guess])))
        await asyncio.wait_for(self.heard, PATIENCE)
        return time.perf_counter() - started

    def _see(self, drawn) -> None:
        kind = drawn.WhichOneof("type")
        if kind == "button_group" and "_round_" in drawn.button_group.id:
            self._field = drawn.button_group.id
            self.options = [option.content for option in drawn.button_group.options]
            _settle(self.asked)
        elif kind == "alert" and IN in drawn.alert.body:
            _settle(self.heard)
        elif kind == "markdown" and SHOWN in drawn.markdown.body:
            _settle(self.revealed)
        elif error := error_on(drawn):
            self.errors.append(error)


def _settle(seen: asyncio.Future) -> None:
    """Note when something was first seen."""
    if not seen.done():
        seen.set_result(time.perf_counter())


async def attend(url: str, code: str, page: str, students: int) -> None:
    """The whole class, within this process."""
    voters = [_Voter(number, code, page) for number in range(students)]
    connections = [asyncio.create_task(voter.attend(url)) for voter in voters]
    await asyncio.wait_for(asyncio.gather(*(voter.asked for voter in voters)), 2 * PATIENCE)
    waits = await asyncio.gather(*(voter.vote() for voter in voters))
    median, p95 = percentiles(waits)
    counts = Counter(voter.guess for voter in voters)
    guesses = [counts[option] for option in voters[0].options]
    turned_away = sum(voter.turned_away for voter in voters)
    told = {"median": median, "p95": p95, "guesses": guesses, "turned_away": turned_away}
    print(json.dumps(told), flush=True)
    seen = await asyncio.wait_for(asyncio.gather(*(voter.revealed for voter in voters)), PATIENCE)
    errors = [error for voter in voters for error in voter.errors]
    print(json.dumps({"revealed": max(seen) - min(seen), "errors": errors[:10]}), flush=True)
    for connection in connections:
        connection.cancel()


if __name__ == "__main__":
    asyncio.run(attend(*sys.argv[1:4], int(sys.argv[4])))
