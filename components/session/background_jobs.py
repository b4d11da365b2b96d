"""Background jobs of a page: handed to the one queue, watched, stopped, and let go when the visitor leaves."""

import math
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.markup import escaped
from components.session import visit, visitor_memory
from components.ui import presenting
from embeddings import jobs
from embeddings.common import QueueFull, TooLarge, held_bytes
from embeddings.jobs import Job, JobKind, Seen, Work

POLL_SECONDS = 0.5
LINE_HEIGHT = 64  # pixels kept for the progress line, so that nothing below it jumps when it goes
_IDLE_FITS = 100  # letters that the line has room for on a telephone too
_EARLIER = "This is still your earlier choice. "
_LET_GO = "The server removed the result of a {} because others needed the memory. Start it again."


@dataclass
class SessionJobs:
    """A visitor's jobs, the latest under each name, what draws each of them now, and what was weighed of it."""

    jobs: dict[str, Job] = field(default_factory=dict)
    panels: dict[str, object] = field(default_factory=dict)
    weighed: dict[str, object] = field(default_factory=dict)


def _session_jobs() -> SessionJobs:
    return visit.kept("desk", SessionJobs)


def current(name: str) -> Job | None:
    """The latest job under ``name``, marked as watched."""
    job = latest(name)
    return job.keep_alive() if job else None


def latest(name: str) -> Job | None:
    """The latest job under ``name``, without watching it: a page that shows only what has come out of it."""
    session = _session_jobs()
    if (job := session.jobs.get(name)) is not None:
        _weigh(session, name, job)
    return session.jobs.get(name)


def result_of(job: Seen | None) -> Any:
    """What the work of ``job`` returned; ``None`` until it is done, and where there is no job."""
    return job.result if job is not None and job.state == "done" else None


def _weigh(session: SessionJobs, name: str, job: Job) -> None:
    """Note how much memory what came out of ``job`` takes, whenever there is something new."""
    out = job.snapshot if job.result is None else job.result
    if out is None or session.weighed.get(name) is out:
        return
    session.weighed[name] = out
    size = held_bytes((job.snapshot, job.result), visit.account().max_each + 1)
    sentence = _LET_GO.format(job.kind.name)

    def let_go() -> None:
        if session.jobs.get(name) is job:
            session.jobs.pop(name)
        session.weighed.pop(name, None)
        job.cancel("Stopped: others needed the memory.")

    try:
        visitor_memory.charge(_charge(name), size, let_go, sentence)
    except TooLarge as error:
        let_go()
        visitor_memory.release(_charge(name))
        visit.current().lost.append(escaped(str(error)))


def _charge(name: str) -> str:
    return f"job {name}"


def is_done(name: str, key: Hashable) -> bool:
    """Whether the latest job under ``name`` is one for ``key`` that has come to its end."""
    job = latest(name)
    return job is not None and job.key == key and job.state == "done"


def start(name: str, work: Work, kind: JobKind, key: Hashable = None, private: bool = False) -> Job | None:
    """Put ``work`` in line under ``name``, in place of what was there.

    If the line is full: ``None`` and a sentence, and what was there stays, with what has come out of it. What is
    ``private`` is this visitor's alone, and the line keeps nothing of it.
    """
    session, here = _session_jobs(), visit.current()
    try:
        session.jobs[name] = jobs.submit(
            here.owner, work, kind, key, private, replaces=session.jobs.get(name), group=here.group
        )
    except QueueFull as full:
        st.warning(escaped(str(full)))
        return None
    return session.jobs[name]


def get_or_start(name: str, work: Work, kind: JobKind, key: Hashable, private: bool = False) -> Job | None:
    """The job for ``key`` under ``name``: the one that is there if it asks for the same, else a new one.

    What asked for something else goes even where the line is full: who calls this draws what is asked for now.
    One that was stopped or has failed stays so until it is dropped; else it would start itself over and over.
    """
    job = current(name)
    if job is not None and job.key == key:
        return job
    started = start(name, work, kind, key, private)
    if started is None:
        cancel(name)
    return started


def cancel(name: str) -> None:
    """Stop and forget the job under ``name``, if there is one."""
    session = _session_jobs()
    if old := session.jobs.pop(name, None):
        old.cancel("Not needed any more.")
        session.weighed.pop(name, None)
        visitor_memory.release(_charge(name))


def drop_unfinished(name: str) -> None:
    """Stop and forget the job under ``name`` unless it is done: for a page that does not show it for now."""
    job = latest(name)
    if job is not None and job.seen().state != "done":
        cancel(name)


def poll(
    name: str,
    draw: Callable[[Seen | None], DeltaGenerator | None],
    idle: str = "",
    again: bool = False,
    asked: Hashable = None,
    keeps: bool = True,
    line_below: bool = False,
    ended: str = "",
) -> None:
    """``draw`` the job under ``name`` below a line on its progress: now, and again and again while it is under way.

    When it ends the page runs once more, so that what depends on the answer follows and the polling stops. The line and
    what is drawn are of the same moment, and a job that has ended since the page was begun is drawn by the next run
    alone.

    Args:
        name: Of the job.
        draw: Draws what there is of the job; it is given ``None`` when there is no job.
        idle: What the line says when there is no job; with "" there is no line then.
        again: Whether a job that has ended badly can be started once more, by a page that calls ``get_or_start``.
        asked: The key of what the page asks for now, where the job may be of something else. One that is still active
            is said to be; one that has ended is as good as none, unless ``draw`` shows what came out of it.
        keeps: Whether ``draw`` shows what came out of a job that was of something else, and says so.
        line_below: Whether the line stands not above, but in the place that ``draw`` gives back. ``idle`` is a short
            sentence then: it has the room of any other line, so that nothing moves when a job comes.
        ended: What the line says once the job has ended well, where the reader did not start it; with "" it tells the
            time that it took.
    """
    job = current(name)
    watching = job is not None and job.active
    panels, this = _session_jobs().panels, object()
    panels[name] = this

    @st.fragment(run_every=POLL_SECONDS if watching else None)
    def panel() -> None:
        if panels.get(name) is not this:  # drawn again elsewhere since, while the browser still asked for this one
            return
        job = current(name)
        seen = job.seen() if job is not None else None
        if watching and not (seen is not None and seen.active):
            st.rerun()
        other = seen is not None and asked is not None and seen.key != asked
        if seen is not None and other and not seen.active and not (keeps and _has_something(seen)):
            seen = None
        place = draw(seen) if line_below else None
        if seen is not None or idle:
            # in a line of any height all of the sentences can be read
            long = not line_below and len(idle) > _IDLE_FITS
            tall = long if seen is None else seen.state in ("failed", "waiting", "paused")
            with (place or st).container(
                height="content" if tall else presenting.scaled(LINE_HEIGHT),
                border=False,
                horizontal=True,
                vertical_alignment="center",
            ):
                if seen is None or job is None:
                    st.caption(idle)
                else:
                    _status(name, job, seen, other, ended)
                if again and seen is not None and seen.state in ("stopped", "failed"):
                    st.button("Compute again", key=f"{name}_again", on_click=cancel, args=(name,))
        if not line_below:
            draw(seen)

    panel()


def _has_something(seen: Seen) -> bool:
    return seen.result is not None or seen.snapshot is not None


def _status(name: str, job: Job, seen: Seen, other: bool, ended: str) -> None:
    """One line: how far the job is, or its place in line, with buttons that pause and stop it; or how it ended."""
    if seen.active:
        with st.container(horizontal=True, vertical_alignment="center"):
            told = _EARLIER * other + how_far(seen)
            begins = seen.state == "running" and not seen.message
            if begins:  # in text, as a browser fetches its first bar from the server: till then the bar has no words
                st.caption(told, width="content")
            st.progress(seen.fraction, None if begins else told)
            _offer_pause(name, job, seen)
            st.button("Stop", key=f"{name}_stop", on_click=job.cancel, icon=":material/stop:")
    elif seen.state == "failed":
        st.error(escaped(seen.message))
    elif seen.state == "stopped":
        st.caption(escaped(seen.message))
    else:
        st.caption(ended or (f"Finished in {seen.seconds:.1f} s." if seen.seconds else "Finished."))


def _offer_pause(name: str, job: Job, seen: Seen) -> None:
    """Pause or Go on, for work that can be paused."""

    def pause() -> None:
        job.pause()

    if seen.paused:
        st.button("Go on", key=f"{name}_go_on", on_click=job.resume, icon=":material/play_arrow:")
    elif seen.kind.pausable and seen.state == "running":
        st.button(
            "Pause",
            key=f"{name}_pause",
            on_click=pause,
            disabled=not seen.may_pause,
            icon=":material/pause:",
            help=f"Others can compute meanwhile. After {about(jobs.MAX_PAUSE_SECONDS)} it ends, with what it has "
            "by then."
            if seen.may_pause
            else "Many runs are paused already, and each holds memory. Try again later.",
        )


def how_far(seen: Seen) -> str:
    """What the line says of an active job, as Markdown."""
    doing = f"{escaped(seen.message or 'Starting')} · {seen.seconds:.0f} s"  # a file's name may be in it
    if seen.state == "running":
        return doing
    if seen.state == "paused":
        return (
            f"Paused. So far: {doing}. Others can compute now. Your run ends in {about(seen.pause_left or 0)}, with "
            "what it has, unless you press “Go on”."
        )
    starts = "goes on" if seen.seconds else "starts"
    if not seen.ahead:
        return f"You are next. Yours {starts} in a moment."
    alone = " Yours must run alone." if seen.kind.exclusive else ""
    when = (
        f"How long that takes is not known yet. Yours {starts} by itself."
        if seen.wait is None
        else f"Yours {starts} by itself in {about(seen.wait)}."
    )
    return f"{_those_ahead(seen)}{alone} {when}"


def _those_ahead(seen: Seen) -> str:
    """What a job that waits has before it: those that run, and those that come before it."""
    counts = Counter(seen.ahead)
    kinds = [kind.count_of(count) for kind, count in counts.items()]
    what = " and ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1])))
    those = f"{what[0].upper()}{what[1:]} {'is' if len(seen.ahead) == 1 else 'are'}"
    return f"You are next. {those} under way." if seen.position == 1 else f"{those} ahead of you."


def about(seconds: float) -> str:
    """A time that is not known better than roughly.

    >>> about(2), about(37), about(89), about(200), about(1)
    ('a few seconds', 'about 40 s', 'about 90 s', 'about 3 minutes', 'a few seconds')
    """
    if seconds < 5:
        return "a few seconds"
    return f"about {math.ceil(seconds / 10) * 10} s" if seconds <= 90 else f"about {seconds / 60:.0f} minutes"
