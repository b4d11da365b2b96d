"""Whether several visitors are answered at once."""

import threading

SEVERAL = 2
SCRIPT_THREAD = "ScriptRunner.scriptThread"  # as Streamlit calls the thread of a run


def is_crowded() -> bool:
    """Whether the scripts of several visitors run, so that each waits for the others."""
    return sum(thread.name == SCRIPT_THREAD for thread in threading.enumerate()) >= SEVERAL
