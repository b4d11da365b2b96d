"""The line on how far a job is."""

import threading

from components import work
from embeddings.jobs import PROJECTION, JobLine

PATIENCE = 20  # seconds until a test that hangs gives up


def test_a_files_name_in_the_words_of_a_job_is_shown_as_text():
    told, go_on = threading.Event(), threading.Event()

    def held(report):
        report(0.5, "your **x**<b>.txt: 3 of 10")
        told.set()
        assert go_on.wait(PATIENCE)

    job = JobLine().submit("ada", held, PROJECTION)
    assert told.wait(PATIENCE)
    said = work._how_far(job)
    go_on.set()
    assert job.wait(PATIENCE)
    assert said.startswith(r"your \*\*x\*\*\<b\>\.txt\: 3 of 10 · ")
