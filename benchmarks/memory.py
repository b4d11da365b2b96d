"""Memory of the server once every page was visited in Chromium, with a t-SNE and a timing sweep carried out.

Resident memory (RSS) of the server's processes counts the pages of files that are mapped, such as the libraries
imported, in full; the proportional set (PSS) shares them out among the processes that map them, the unique set (USS)
leaves them out. GloVe's table is read and not mapped: all three count it. The peer is a hello-world app under the same
settings after a visit.
"""

import psutil

from benchmarks.figures import Figure
from benchmarks.served import (
    HELLO_WORLD,
    LAB,
    Server,
    chromium,
    first_page_seconds,
    serve,
    visit_every_page,
    visit_language_model,
    visitor,
)

AT_MOST = 860  # MB of RSS; 762 to 829 measured, by how much of libraries the system keeps mapped
AT_MOST_WITH_MODEL = 1_700  # and with the language model, whose weights take 540; 1,548 measured
NAMES = {"rss": "resident (RSS)", "pss": "proportional (PSS)", "uss": "unique (USS)"}


def measure() -> list[Figure]:
    """Megabytes after the visits."""
    with chromium() as browser:
        with serve(LAB) as lab:
            visit_every_page(browser, lab)
            ours = megabytes(lab)
            visit_language_model(browser, lab)
            with_model = megabytes(lab)
        with serve(HELLO_WORLD) as hello_world, visitor(browser) as page:
            first_page_seconds(page, hello_world)
            peers = megabytes(hello_world)
    return [
        Figure(
            f"server memory after all pages, {name}",
            "MB",
            ours[kind],
            peer="hello world",
            peers=peers[kind],
            at_most=AT_MOST if kind == "rss" else None,
        )
        for kind, name in NAMES.items()
        if kind in ours
    ] + [
        Figure(
            f"the same with the language model open, {name}",
            "MB",
            with_model[kind],
            at_most=AT_MOST_WITH_MODEL if kind == "rss" else None,
        )
        for kind, name in NAMES.items()
        if kind in with_model
    ]


def megabytes(server: Server) -> dict[str, float]:
    """RSS of the server's processes, and USS and PSS where the system tells them."""
    sizes = [each.memory_full_info() if psutil.LINUX else each.memory_info() for each in server.processes()]
    return {kind: sum(getattr(size, kind) for size in sizes) / 1e6 for kind in NAMES if hasattr(sizes[0], kind)}
