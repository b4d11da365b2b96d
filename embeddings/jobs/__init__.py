"""The queue for heavy work, its calls, where they run, and those in a process that can be killed."""

from embeddings.jobs.call import ByName, Call
from embeddings.jobs.queue import (
    DOWNLOAD,
    EVALUATION,
    LOOK_UP,
    MAX_PAUSE_SECONDS,
    MAX_PAUSED_OF_GROUP,
    MAX_RUNNING,
    PAUSED_IDLE_TIMEOUT,
    PROJECTION,
    READING,
    TIMING,
    TRAINING,
    InProcess,
    Job,
    JobKind,
    JobQueue,
    Seen,
    Work,
)
from embeddings.jobs.shared import gpu_elsewhere, rest_while, shared_queue, submit
from embeddings.jobs.subprocess import POLL_SECONDS, run_in_subprocess

__all__ = [
    "DOWNLOAD",
    "EVALUATION",
    "LOOK_UP",
    "MAX_PAUSED_OF_GROUP",
    "MAX_PAUSE_SECONDS",
    "MAX_RUNNING",
    "PAUSED_IDLE_TIMEOUT",
    "POLL_SECONDS",
    "PROJECTION",
    "READING",
    "TIMING",
    "TRAINING",
    "ByName",
    "Call",
    "InProcess",
    "Job",
    "JobKind",
    "JobQueue",
    "Seen",
    "Work",
    "gpu_elsewhere",
    "rest_while",
    "run_in_subprocess",
    "shared_queue",
    "submit",
]
