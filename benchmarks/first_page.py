"""The first page in Chromium, from the start of navigation until it is ready, against a hello-world app's.

Ready means that the script has ended and is seen: on ours the chips of the tokens and the dots of the map, on the
peer's the heading, the input and its label. Both run under the same Streamlit settings; every visitor is a new one
whose browser has nothing cached, and the two apps take turns.

Warm: the server has been visited before. Cold: the server has just become healthy and has never been visited; that is
what its first visitor waits for, as no browser can connect before, and so the bound is on it. The time from the start
of the process, which the operator waits for, is told beside it. The operating system's file cache and Chromium are
warmed by a visit to each app that does not count, and GloVe's checksums were verified on this machine before, as they
are after the first start.
"""

import time
from statistics import median

from benchmarks.figures import Figure
from benchmarks.served import HELLO_WORLD, LAB, chromium, first_page_seconds, serve, visitor

WARM_VISITS = 11
COLD_STARTS = 5
AT_MOST_TIMES_WARM = 1.5
AT_MOST_COLD = 3  # seconds
PEER = "hello world"


def measure() -> list[Figure]:
    """Warm visits first: the servers they start also warm the file cache for the cold ones."""
    with chromium() as browser:
        warm = warm_visits(browser)
        cold, from_start = cold_visits(browser)
    return [
        compare("warm server, new visitor: navigation to ready", warm, at_most_times=AT_MOST_TIMES_WARM),
        compare("server never visited: navigation to ready", cold, at_most=AT_MOST_COLD),
        compare("server never visited: start of the process to ready", from_start),
    ]


def warm_visits(browser) -> dict:
    """Seconds of ``WARM_VISITS`` visits to each app, by turns."""
    seconds = {LAB: [], HELLO_WORLD: []}
    with serve(LAB) as lab, serve(HELLO_WORLD) as hello_world:
        for server in (lab, hello_world):
            visit(browser, server)
        for _ in range(WARM_VISITS):
            for server in (lab, hello_world):
                seconds[server.script].append(visit(browser, server))
    return seconds


def cold_visits(browser) -> tuple[dict, dict]:
    """Seconds of the first visit to ``COLD_STARTS`` new servers of each app: from navigation, and from their start."""
    from_navigation, from_start = {LAB: [], HELLO_WORLD: []}, {LAB: [], HELLO_WORLD: []}
    for _ in range(COLD_STARTS):
        for script in (LAB, HELLO_WORLD):
            with serve(script) as server:
                from_navigation[script].append(visit(browser, server))
                from_start[script].append(time.perf_counter() - server.started)
    return from_navigation, from_start


def visit(browser, server) -> float:
    """Seconds that a new visitor waits for the first page."""
    with visitor(browser) as page:
        return first_page_seconds(page, server)


def compare(what: str, seconds: dict, **bound) -> Figure:
    """The medians of both apps, with the bound on ours."""
    ours, peers = tuple(seconds[LAB]), tuple(seconds[HELLO_WORLD])
    return Figure(what, "s", median(ours), ours, peer=PEER, peers=median(peers), peers_all=peers, **bound)
