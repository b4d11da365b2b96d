"""Every place for a kind of work taken, so that whoever asks for it has to wait in line."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from embeddings import jobs

_PATIENCE = 60  # seconds until a test that hangs gives up


@contextmanager
def full_places(kind: jobs.JobKind = jobs.PROJECTION) -> Iterator[threading.Event]:
    """Every place for work of ``kind`` taken until the end of the block, or until the event it gives is set.

    What earlier tests left behind in the queue has ended when the block begins.
    """
    go_on, begun = threading.Event(), [threading.Event() for _ in range(jobs.MAX_RUNNING)]
    held = [
        jobs.submit(f"other {number}", lambda report, each=each: (each.set(), go_on.wait(_PATIENCE)), kind)
        for number, each in enumerate(begun)
    ]
    try:
        assert all(each.wait(_PATIENCE) for each in begun)
        yield go_on
    finally:
        go_on.set()
        assert all(job.wait(_PATIENCE) for job in held)
