"""Heavy work from a page: handed to the one line, watched, stopped, and let go when the visitor leaves."""

import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import streamlit as st

from components.plain_text import escaped
from embeddings import jobs
from embeddings.errors import LineFull
from embeddings.jobs import Job, Kind, Work

POLL_SECONDS = 0.5
_LINE_HEIGHT = 64  # pixels kept for the progress line, so that nothing below it jumps when it goes


@dataclass
class Desk:
    """A visitor's jobs, the latest under each name, and what draws each of them now."""

    owner: str
    jobs: dict[str, Job] = field(default_factory=dict)
    panels: dict[str, object] = field(default_factory=dict)


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda desk: jobs.line().release(desk.owner))
def _desk() -> Desk:
    """This visitor's desk; Streamlit releases it as soon as the connection closes."""
    return Desk(owner=uuid.uuid4().hex)


def current(name: str) -> Job | None:
    """The latest job under ``name``, marked as watched."""
    job = _desk().jobs.get(name)
    return job.look() if job else None


def latest(name: str) -> Job | None:
    """The latest job under ``name``, without watching it: a page that shows only what has come out of it."""
    return _desk().jobs.get(name)


def start(name: str, work: Work, kind: Kind, key: Hashable = None, private: bool = False) -> Job | None:
    """Put ``work`` in line under ``name``, in place of what was there; ``None`` and a sentence if the line is full.

    What is ``private`` is this visitor's alone, and the line keeps nothing of it.
    """
    desk = _desk()
    drop(name)
    try:
        desk.jobs[name] = jobs.submit(desk.owner, work, kind, key, private)
    except LineFull as full:
        st.warning(escaped(str(full)))
        return None
    return desk.jobs[name]


def ensure(name: str, work: Work, kind: Kind, key: Hashable, private: bool = False) -> Job | None:
    """The job for ``key`` under ``name``: the one that is there if it asks for the same, else a new one.

    One that was stopped or has failed stays so until it is dropped; else it would start itself over and over.
    """
    job = current(name)
    if job is not None and job.key == key:
        return job
    return start(name, work, kind, key, private)


def drop(name: str) -> None:
    """Stop and forget the job under ``name``, if there is one."""
    if old := _desk().jobs.pop(name, None):
        old.cancel("Not needed any more.")


def live(
    name: str,
    draw: Callable[[Job | None], None],
    idle: str = "",
    again: bool = False,
    controls: Callable[[Job], None] | None = None,
    held: Callable[[], float] = lambda: 0.0,
) -> None:
    """``draw`` the job under ``name`` below a line on its progress: now, and again and again while it is under way.

    When it ends the page runs once more, so that what depends on the answer follows and the polling stops.

    Args:
        name: Of the job.
        draw: Draws what there is of the job; it is given ``None`` when there is no job.
        idle: What the line says when there is no job; with "" there is no line then.
        again: Whether a job that has ended badly can be started once more, by a page that calls ``ensure``.
        controls: Draws further buttons beside "Stop", while the job runs.
        held: Seconds of the job's time in which it was paused.
    """
    job = current(name)
    watching = job is not None and job.active
    panels, this = _desk().panels, object()
    panels[name] = this

    @st.fragment(run_every=POLL_SECONDS if watching else None)
    def panel() -> None:
        if panels.get(name) is not this:  # drawn again elsewhere since, while the browser still asked for this one
            return
        job = current(name)
        if job is not None or idle:
            height = "content" if job is not None and job.state == "failed" else _LINE_HEIGHT  # all of a sentence
            with st.container(height=height, border=False, horizontal=True, vertical_alignment="center"):
                _status(name, job, idle, controls, held)
                if again and job is not None and job.state in ("stopped", "failed"):
                    st.button("Compute again", key=f"{name}_again", on_click=drop, args=(name,))
        draw(job)
        if watching and not (job and job.active):
            st.rerun()

    panel()


def _status(
    name: str, job: Job | None, idle: str, controls: Callable[[Job], None] | None, held: Callable[[], float]
) -> None:
    """One line: how far ``job`` is, or its place in line, with a button that stops it; or how it ended."""
    if job is None:
        st.caption(idle)
    elif job.active:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(job.fraction, _how_far(job, held()))
            if controls is not None and job.state == "running":
                controls(job)
            st.button("Stop", key=f"{name}_stop", on_click=job.cancel, icon=":material/stop:")
    elif job.state == "failed":
        st.error(escaped(job.words))
    elif job.state == "stopped":
        st.caption(escaped(job.words))
    else:
        seconds = job.seconds - held()
        st.caption(f"Finished in {seconds:.1f} s." if job.seconds else "Finished: this server had computed it before.")


def _how_far(job: Job, held: float) -> str:
    """What the line says, as Markdown."""
    if job.state == "running":
        return f"{escaped(job.words or 'Starting')} · {job.seconds - held:.0f} s"  # a file's name may be in it
    ahead = "You are next" if job.place == 1 else f"You are number {job.place} in line"
    what = "Something heavy is running on" if job.kind.lane == jobs.HEAVY else "Others are fetching with"
    return f"{ahead}. {what} this server; yours starts by itself."
