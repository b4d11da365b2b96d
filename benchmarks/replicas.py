"""Two replicas behind nginx against one: how many script runs a class gets.

Each replica is held to half a core by a control group, which takes the administrator of a Linux machine, and both share
the machine's last core: where that is full, two have twice of what one has. The virtual students and nginx are on the
other cores. Students ask for more than two halves of a core can answer. They keep their cookies, as browsers do, which
is how they come to a replica and stay there. A replica that is full turns newcomers away, as it would any.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.served import LAB, Server, serve
from benchmarks.students import Visit, visit
from tests.browser import proxies

CLASS, SECONDS, THOUGHT = 100, 45.0, (0.5, 1.5)
SHARE = 0.5  # of a core
_PERIOD = 100_000  # microseconds
_WARM_UP = (10, 30.0, THOUGHT)
_SETTINGS = {"STREAMLIT_SERVER_COOKIE_SECRET": proxies.SECRET}
_GROUPS = Path("/sys/fs/cgroup")


def measure() -> list[Figure]:
    """What one replica and two carry, behind the same proxy."""
    program = proxies.find("nginx")
    if program is None:
        raise RuntimeError("There is no nginx. On Debian or Ubuntu: apt install nginx-light")
    with ExitStack() as stack:
        stack.enter_context(others_cores())
        first, second = (stack.enter_context(serve(LAB, _SETTINGS)) for _ in range(2))
        for server in (first, second):
            visit(server.url, *_WARM_UP)
            stack.enter_context(held(server))
        with proxies.nginx(program, first.url, first.url) as url:
            one = visit(url, CLASS, SECONDS, THOUGHT)
        with proxies.nginx(program, first.url, second.url) as url:
            two = visit(url, CLASS, SECONDS, THOUGHT)
    return list(figures(one, two))


def figures(one: Visit, two: Visit) -> Iterator[Figure]:
    """How much the second replica adds, and whether anybody was lost on the way."""
    what = f"runs per second that {CLASS} students get of two replicas, each held to {SHARE} of a core"
    yield Figure(what, "runs/s", two.per_second, peer="one", peers=one.per_second, at_least_times=1.7)
    yield Figure("seconds until a run has ended, median", "s", two.median, peer="one", peers=one.median)
    lost = sum(seen.lost + len(seen.errors) for seen in (one, two))
    yield Figure("connections lost, and errors", "", lost, at_most=0)
    yield Figure("students turned away with a sentence", "", two.turned_away, peer="one", peers=one.turned_away)


@contextmanager
def others_cores() -> Iterator[None]:
    """This process, and what it starts, is on all cores but the last until the block ends."""
    before = os.sched_getaffinity(0)
    if len(before) < 2:
        raise RuntimeError("Two cores are needed: one for the replicas, one for those who ask.")
    os.sched_setaffinity(0, before - {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def held(server: Server) -> Iterator[None]:
    """``server`` is on the last core, and gets ``SHARE`` of it, until the block ends."""
    for thread in server.process.threads():
        os.sched_setaffinity(thread.id, {os.cpu_count() - 1})
    group = _control_group()
    try:
        (group / "cgroup.procs").write_text(str(server.process.pid))
        yield
    finally:
        for process in (group / "cgroup.procs").read_text().split():
            (group.parent / "cgroup.procs").write_text(process)
        group.rmdir()


def _control_group() -> Path:
    """A new control group with ``SHARE`` of a core, of either version."""
    share, is_second = str(int(SHARE * _PERIOD)), (_GROUPS / "cgroup.controllers").exists()
    group = (_GROUPS if is_second else _GROUPS / "cpu") / f"token-embedding-lab-{uuid.uuid4().hex}"
    limits = (
        {"cpu.max": f"{share} {_PERIOD}"}
        if is_second
        else {"cpu.cfs_period_us": str(_PERIOD), "cpu.cfs_quota_us": share}
    )
    try:
        group.mkdir()
        for file, value in limits.items():
            (group / file).write_text(value)
    except OSError as error:
        raise RuntimeError(f"No control group can be made here ({error}): run this as the administrator.") from error
    return group
