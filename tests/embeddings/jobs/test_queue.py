import gc
import logging
import os
import sys
import threading
import time
import weakref
from dataclasses import replace

import numpy as np
import pytest

from embeddings import jobs
from embeddings.common.errors import InvalidInput, QueueFull
from embeddings.jobs import queue
from embeddings.jobs.queue import (
    DOWNLOAD,
    LOOK_UP,
    MAX_PER_OWNER,
    MAX_QUEUED,
    PROJECTION,
    READING,
    RESERVED_FOR_NEW_GROUPS,
    RESULT_CACHE_BYTES,
    RESULT_CACHE_SIZE,
    TIMING,
    JobKind,
    JobQueue,
    Stopped,
)
from embeddings.jobs.shared import queue_of
from tests.clock import Clock

PATIENCE = 20  # seconds until a test that hangs gives up; none is ever waited for when all is well
BRIEF = JobKind("brief", seconds=10, idle_timeout=1_000)
SHY = JobKind("shy", seconds=1_000, idle_timeout=10)
FULL = MAX_QUEUED - RESERVED_FOR_NEW_GROUPS  # jobs of one group that may wait
PATIENT = JobKind("patient", seconds=1_000, idle_timeout=1_000)


class HeldWork:
    """Work that reports once, waits to be let go, reports again and answers."""

    def __init__(self, answer=None):
        self.answer, self.runs = answer, 0
        self.reported, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, report):
        self.runs += 1
        report(0.25, "step 1 of 4", "first picture")
        self.reported.set()
        assert self.may_go_on.wait(PATIENCE)
        report(0.75, "step 3 of 4")
        return self.answer

    def has_started(self) -> bool:
        return self.reported.wait(PATIENCE)

    def finish(self):
        self.may_go_on.set()


def threads_of_jobs() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("job-")]


def wait_until_no_thread_is_left() -> bool:
    while threads := threads_of_jobs():  # one that ends may start the next in line
        threads[0].join(PATIENCE)
        if threads[0].is_alive():
            return False
    return True


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test():
    yield
    assert wait_until_no_thread_is_left()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def line(clock):
    return JobQueue(max_running=2, clock=clock)


@pytest.fixture
def held():
    """Makes held work, and lets all of it go when the test is over."""
    made = []

    def make(answer=None) -> HeldWork:
        made.append(HeldWork(answer))
        return made[-1]

    yield make
    for work in made:
        work.finish()


@pytest.fixture
def busy(line, held):
    """The two works that run, so that whatever comes next must wait."""
    works = [held(), held()]
    for number, work in enumerate(works):
        line.submit(f"busy {number}", work, PROJECTION, group=f"busy {number}")
        assert work.has_started()
    return works


def ended(job) -> bool:
    return job.wait(PATIENCE)


def no_work(report):
    return None


def never(report):
    raise AssertionError("this work should not have run")


def test_work_gives_its_answer(line):
    job = line.submit("ada", lambda report: 6 * 7, PROJECTION)

    assert ended(job)
    assert (job.state, job.result, job.fraction, job.active) == ("done", 42, 1, False)


def test_a_watcher_sees_how_far_work_is_and_its_latest_picture(line, held):
    work = held()
    job = line.submit("ada", work, PROJECTION)
    assert work.has_started()

    assert (job.state, job.active, job.fraction, job.message) == ("running", True, 0.25, "step 1 of 4")
    assert job.snapshot == "first picture"


def test_a_report_without_a_picture_keeps_the_last_and_a_new_one_replaces_it(line):
    seen, submitted = [], threading.Event()

    def work(report):
        assert submitted.wait(PATIENCE)
        for picture in ("one", None, "two"):
            report(0, "", picture)
            seen.append(job.snapshot)

    job = line.submit("ada", work, PROJECTION)
    submitted.set()

    assert ended(job)
    assert seen == ["one", "one", "two"]


@pytest.mark.parametrize(("told", "shown"), [(-0.5, 0), (0, 0), (0.5, 0.5), (1, 1), (7, 1)])
def test_how_far_work_is_stays_between_nothing_and_all(line, told, shown):
    def work(report):
        report(told)
        raise InvalidInput("Over.")

    job = line.submit("ada", work, PROJECTION)

    assert ended(job)
    assert job.fraction == shown


def test_jobs_run_in_the_order_they_came(clock, held):
    line, order, first = JobQueue(max_running=1, clock=clock), [], held()
    line.submit("first", first, PROJECTION)

    waiting = [line.submit(name, lambda report, name=name: order.append(name), PROJECTION) for name in "bdac"]
    first.finish()

    assert all(ended(job) for job in waiting)
    assert order == ["b", "d", "a", "c"]


def test_no_more_than_two_run_at_once(line, busy, held):
    third = line.submit("carl", held(), PROJECTION)

    assert (third.state, third.position) == ("waiting", 1)
    assert len(threads_of_jobs()) == 2


def test_the_next_in_line_starts_when_a_place_is_free(line, busy, held):
    work = held()
    third = line.submit("carl", work, PROJECTION)

    busy[1].finish()

    assert work.has_started()
    assert (third.state, third.position) == ("running", 0)


def test_places_in_line_count_from_one_and_move_up(line, busy):
    waiting = [line.submit(name, no_work, PROJECTION) for name in "abc"]
    assert [job.position for job in waiting] == [1, 2, 3]

    waiting[0].cancel()

    assert [job.position for job in waiting] == [0, 1, 2]


def test_what_must_be_alone_waits_until_nothing_runs(line, held):
    beside, alone = held(), held()
    first = line.submit("ada", beside, PROJECTION)
    timing = line.submit("bob", alone, TIMING)
    assert (timing.state, timing.position) == ("waiting", 1)

    beside.finish()

    assert alone.has_started()
    assert first.state == "done"


def test_nothing_starts_beside_what_must_be_alone(line, held):
    alone, next_work = held(), held()
    timing = line.submit("ada", alone, TIMING)
    other = line.submit("bob", next_work, PROJECTION)
    assert (timing.state, other.state) == ("running", "waiting")

    alone.finish()

    assert next_work.has_started()
    assert timing.state == "done"


def test_two_that_must_be_alone_run_one_after_the_other(line, held):
    works = [held(), held()]
    timings = [line.submit(name, work, TIMING) for name, work in zip("ab", works, strict=True)]
    assert [timing.state for timing in timings] == ["running", "waiting"]

    works[0].finish()

    assert works[1].has_started()
    assert timings[0].state == "done"


def test_nobody_overtakes_what_waits_to_be_alone(line, held):
    beside = held()
    line.submit("ada", beside, PROJECTION)
    timing = line.submit("bob", no_work, TIMING)

    late = line.submit("carl", no_work, PROJECTION)

    assert (timing.position, late.position) == (1, 2)


@pytest.fixture
def fetching(line, held):
    """The two downloads that run, so that a third must wait."""
    works = [held(), held()]
    for number, work in enumerate(works):
        line.submit(f"fetcher {number}", work, DOWNLOAD)
        assert work.has_started()
    return works


def test_downloads_leave_the_places_of_those_who_compute_free(line, fetching, busy, held):
    third = line.submit("carl", held(), DOWNLOAD)

    assert (third.state, third.position) == ("waiting", 1)
    assert len(threads_of_jobs()) == 4


def test_a_look_up_waits_for_no_download(line, fetching, held):
    line.submit("carl", held(), DOWNLOAD)
    work = held()

    line.submit("dora", work, LOOK_UP)

    assert work.has_started()


def test_places_count_those_of_the_same_lane_alone(line, fetching, busy, held):
    waiting = [
        line.submit(name, held(), kind) for name, kind in zip("abc", [PROJECTION, DOWNLOAD, DOWNLOAD], strict=True)
    ]

    assert [job.position for job in waiting] == [1, 1, 2]


def test_an_owners_downloads_do_not_use_up_the_share_of_what_they_compute(line, held):
    for _ in range(MAX_PER_OWNER):
        line.submit("ada", held(), DOWNLOAD)

    assert line.submit("ada", held(), PROJECTION).state == "running"
    with pytest.raises(QueueFull):
        line.submit("ada", never, DOWNLOAD)


def test_what_must_be_alone_waits_for_downloads_and_none_overtakes_it(line, held):
    download, alone, late = held(), held(), held()
    line.submit("ada", download, DOWNLOAD)
    timing = line.submit("bob", alone, TIMING)
    waiting = line.submit("carl", late, DOWNLOAD)
    assert (timing.state, waiting.state, waiting.position) == ("waiting", "waiting", 2)

    download.finish()

    assert alone.has_started()
    assert waiting.state == "waiting"


def test_who_computes_does_not_wait_for_a_download_behind_what_must_be_alone(line, held):
    download, map_, alone = held(), held(), held()
    line.submit("ada", download, DOWNLOAD)
    timing = line.submit("bob", alone, TIMING)
    line.submit("carl", map_, PROJECTION)
    assert map_.has_started()

    download.finish()
    map_.finish()

    assert alone.has_started()
    assert timing.state == "running"


def test_leaving_the_head_of_the_line_lets_those_behind_start(line, held):
    beside, behind = held(), held()
    line.submit("ada", beside, PROJECTION)
    assert beside.has_started()
    timing = line.submit("bob", never, TIMING)
    line.submit("carl", behind, PROJECTION)

    timing.cancel()

    assert behind.has_started()


def test_cancelling_a_waiting_job_ends_it_at_once_without_work(line, busy):
    job = line.submit("carl", never, PROJECTION)

    job.cancel("Not needed any more.")

    assert (job.active, job.state, job.message, job.seconds) == (False, "stopped", "Not needed any more.", 0)


def test_cancelling_a_running_job_ends_it_at_its_next_report(line, held):
    work = held("answer")
    job = line.submit("ada", work, PROJECTION)
    assert work.has_started()

    job.cancel("Not needed any more.")
    assert job.active
    work.finish()

    assert ended(job)
    assert (job.state, job.message, job.result) == ("stopped", "Not needed any more.", None)
    assert (job.fraction, job.snapshot) == (0.25, "first picture")


def test_cancelling_what_has_ended_changes_nothing(line):
    job = line.submit("ada", lambda report: 42, PROJECTION)
    assert ended(job)

    job.cancel()

    assert (job.state, job.result) == ("done", 42)


def test_stopped_work_sees_it_and_can_tidy_up(line, held):
    tidied = []

    def work(report):
        try:
            inner(report)
        except Stopped as stopped:
            tidied.append(str(stopped))
            raise

    inner = held()
    job = line.submit("ada", work, PROJECTION)
    assert inner.has_started()
    job.cancel()
    inner.finish()

    assert ended(job)
    assert (job.state, tidied) == ("stopped", ["Stopped."])


@pytest.mark.parametrize(("seconds", "state"), [(10, "done"), (10.5, "stopped")])
def test_work_is_stopped_when_its_time_is_over_and_not_before(line, clock, held, seconds, state):
    work = held()
    job = line.submit("ada", work, BRIEF)
    assert work.has_started()

    clock.now += seconds
    work.finish()

    assert ended(job)
    assert (job.state, job.seconds) == (state, seconds)


def test_work_that_took_too_long_says_so(line, clock, held):
    work = held()
    job = line.submit("ada", work, BRIEF)
    assert work.has_started()

    clock.now += 11
    work.finish()

    assert ended(job)
    assert job.message == "Stopped after 10 s, the longest a brief may take."


def test_time_counts_from_the_start_of_the_run_and_not_from_the_line(line, clock, busy, held):
    work = held()
    job = line.submit("carl", work, BRIEF)

    clock.now += 50
    busy[0].finish()
    assert work.has_started()
    assert job.seconds == 0
    clock.now += 9
    work.finish()

    assert ended(job)
    assert (job.state, job.seconds) == ("done", 9)


@pytest.mark.parametrize(("seconds", "state"), [(10, "done"), (11, "stopped")])
def test_running_work_that_nobody_watches_is_stopped(line, clock, held, seconds, state):
    work = held()
    job = line.submit("ada", work, SHY)
    assert work.has_started()

    clock.now += seconds
    work.finish()

    assert ended(job)
    assert (job.state, job.message) == (state, "Stopped: nobody was watching." if state == "stopped" else "")


def test_work_that_is_looked_at_goes_on(line, clock, held):
    work = held()
    job = line.submit("ada", work, SHY)
    assert work.has_started()

    clock.now += 9
    assert job.keep_alive() is job
    clock.now += 9
    work.finish()

    assert ended(job)
    assert job.state == "done"


def test_a_waiting_job_that_nobody_watches_leaves_the_line(line, clock, busy):
    left, watched = (line.submit(name, no_work, SHY) for name in ("gone", "here"))

    clock.now += 9
    watched.keep_alive()
    clock.now += 9
    watched.keep_alive()

    assert (left.state, left.message) == ("stopped", "Stopped: nobody was watching.")
    assert (watched.state, watched.position) == ("waiting", 1)


def test_work_that_reports_clears_the_line_of_those_who_left(clock, held):
    line, one_part, next_part = JobQueue(max_running=1, clock=clock), held(), held()
    line.submit("ada", lambda report: (one_part(report), next_part(report)), PATIENT)
    left = line.submit("gone", never, SHY)

    clock.now += 11
    one_part.finish()

    assert next_part.has_started()
    assert left.state == "stopped"


def test_an_owner_has_a_share_of_the_line_that_others_do_not_use_up(line, busy):
    for _ in range(MAX_PER_OWNER):
        line.submit("greedy", no_work, PROJECTION)

    with pytest.raises(QueueFull, match=r"^You have 2 things under way already"):
        line.submit("greedy", never, PROJECTION)

    assert line.submit("modest", no_work, PROJECTION).active


def test_what_runs_counts_towards_an_owners_share(line, held):
    for _ in range(MAX_PER_OWNER):
        line.submit("greedy", held(), PROJECTION)

    with pytest.raises(QueueFull):
        line.submit("greedy", never, PROJECTION)


def test_an_owner_whose_work_has_ended_may_come_again(line):
    for _ in range(MAX_PER_OWNER + 1):
        assert ended(line.submit("eager", no_work, PROJECTION))


def test_a_full_line_takes_nobody_until_somebody_leaves(line, busy):
    waiting = [line.submit(f"visitor {i}", no_work, PROJECTION) for i in range(FULL)]

    with pytest.raises(QueueFull, match=rf"^{FULL} people are waiting already"):
        line.submit("late", never, PROJECTION)
    waiting[0].cancel()

    assert line.submit("late", no_work, PROJECTION).position == FULL


def test_groups_take_turns_and_within_one_it_is_first_come_first_served(line, busy):
    many = [line.submit(f"a{i}", no_work, PROJECTION, group="a") for i in range(4)]
    two = [line.submit(f"b{i}", no_work, PROJECTION, group="b") for i in range(2)]

    order = sorted((*many, *two), key=lambda job: job.position)

    assert [job.owner for job in order] == ["a0", "b0", "a1", "b1", "a2", "a3"]


def test_a_group_whose_work_runs_lets_another_go_first(line, held):
    for group in ("a", "b"):
        line.submit(f"{group}0", held(), PROJECTION, group=group)
    next_of_a = line.submit("a1", no_work, PROJECTION, group="a")

    first_of_c = line.submit("c0", no_work, PROJECTION, group="c")

    assert (first_of_c.position, next_of_a.position) == (1, 2)


@pytest.mark.parametrize("kind", [PROJECTION, DOWNLOAD, LOOK_UP])
def test_a_group_that_has_all_places_of_a_lane_keeps_no_other_waiting_and_two_groups_share_them(line, held, kind):
    for i in range(3):
        line.submit(f"a{i}", held(), kind, group="a")
    work = held()

    line.submit("b0", work, kind, group="b")

    assert work.has_started()
    assert line.submit("b1", held(), kind, group="b").position == 1
    assert line.submit("c0", held(), kind, group="c").position == 1


def test_newcomers_of_other_groups_do_not_keep_one_waiting_for_ever(line, busy, held):
    work = held()
    running = line.submit("a0", work, PROJECTION, group="a")
    waiting = line.submit("a1", no_work, PROJECTION, group="a")
    busy[0].finish()
    assert work.has_started()
    first = line.submit("b0", held(), PROJECTION, group="b")
    assert (first.position, waiting.position) == (1, 2)
    work.finish()
    assert ended(running)

    newcomers = [line.submit(f"new {i}", no_work, PROJECTION, group=f"new {i}") for i in range(20)]

    assert waiting.position < min(job.position for job in newcomers)


def test_a_group_that_fills_the_line_locks_no_other_out_but_a_class_of_100_fits_in(line, busy):
    for i in range(FULL):
        line.submit(f"a{i}", never, PROJECTION, group="a")
    with pytest.raises(QueueFull):
        line.submit("one more", never, PROJECTION, group="a")

    first = line.submit("visitor", no_work, PROJECTION, group="elsewhere")

    assert FULL >= 100
    assert first.position == 2  # the one before it has waited for longer
    with pytest.raises(QueueFull):
        line.submit("visitor", no_work, PROJECTION, group="elsewhere")
    for i in range(RESERVED_FOR_NEW_GROUPS - 1):
        line.submit(f"other {i}", no_work, PROJECTION, group=f"other {i}")
    with pytest.raises(QueueFull):
        line.submit("last", no_work, PROJECTION, group="last")


def test_work_whose_owners_connection_is_cut_goes_on_for_a_while(line, clock, held):
    works = held(), held()
    cut, other = (line.submit(owner, work, SHY) for owner, work in zip(("cut", "other"), works, strict=True))
    waiting = line.submit("cut", no_work, SHY)
    assert all(work.has_started() for work in works)
    line.excuse("cut", 120)

    clock.now += 125

    line.dispatch()
    with pytest.raises(Stopped):
        other.report(0.5)
    cut.report(0.5)
    assert (cut.state, waiting.state) == ("running", "waiting")
    clock.now += 6
    with pytest.raises(Stopped):
        cut.report(0.5)
    line.dispatch()
    assert waiting.state == "stopped"


def test_work_is_watched_again_once_its_owner_is_back(line, clock, held):
    work = held()
    job = line.submit("cut", work, SHY)
    line.excuse("cut", 120)
    line.excuse("cut", 0)

    clock.now += 11

    with pytest.raises(Stopped):
        job.report(0.5)


def test_those_who_left_unseen_make_room_in_a_full_line(line, clock, busy):
    for i in range(FULL):
        line.submit(f"visitor {i}", never, SHY)

    clock.now += 11

    assert line.submit("late", no_work, PROJECTION).position == 1


def test_releasing_an_owner_ends_all_of_theirs_and_nothing_else(line, held):
    work, others_work = held(), held()
    running, other = line.submit("leaver", work, PROJECTION), line.submit("stayer", others_work, PROJECTION)
    waiting, other_waiting = line.submit("leaver", never, PROJECTION), line.submit("stayer", no_work, PROJECTION)
    assert work.has_started()

    line.release("leaver")
    work.finish()

    assert ended(running)
    assert ended(waiting)
    assert {(job.state, job.message) for job in (running, waiting)} == {("stopped", "Stopped: the page was closed.")}
    assert ended(other_waiting)
    assert (other.state, other_waiting.state) == ("running", "done")


def test_releasing_an_owner_who_has_nothing_is_no_error(line):
    line.release("nobody")


def test_failed_work_gives_a_sentence_and_logs_the_rest(line, caplog):
    def work(report):
        raise ZeroDivisionError("a secret of the server")

    job = line.submit("ada", work, PROJECTION)

    assert ended(job)
    assert (job.state, job.result) == ("failed", None)
    assert job.message == "Something went wrong while computing this. The server's log has the details."
    assert isinstance(job.error, ZeroDivisionError)
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]
    assert "A map job failed" in caplog.text


def test_the_engines_own_error_keeps_its_sentence_and_is_not_logged(line, caplog):
    def work(report):
        raise InvalidInput("Add a different word.")

    job = line.submit("ada", work, PROJECTION)

    assert ended(job)
    assert (job.state, job.message) == ("failed", "Add a different word.")
    assert isinstance(job.error, InvalidInput)
    assert caplog.records == []


@pytest.mark.parametrize("error", [ZeroDivisionError("boom"), InvalidInput("No."), Stopped("Enough.")])
def test_the_next_in_line_starts_after_a_failure(clock, held, error):
    line, first, second = JobQueue(max_running=1, clock=clock), held(), held()

    def fail(report):
        first(report)
        raise error

    line.submit("ada", fail, PROJECTION)
    line.submit("bob", second, PROJECTION)
    first.finish()

    assert second.has_started()


def test_an_equal_question_is_answered_again_without_work(line):
    answer = object()
    first = line.submit("ada", lambda report: answer, PROJECTION, key=("map", 7))
    assert ended(first)

    second = line.submit("bob", never, PROJECTION, key=("map", 7))

    assert (second.state, second.fraction, second.active) == ("done", 1, False)
    assert second.result is answer


def test_what_is_private_is_answered_for_its_owner_and_kept_for_nobody(line):
    for owner, answer in (("ada", 1), ("bob", 2)):
        job = line.submit(owner, lambda report, answer=answer: answer, PROJECTION, key="typed", private=True)

        assert ended(job)
        assert (job.key, job.result) == ("typed", answer)

    assert not line._answers


def test_an_answer_that_is_kept_needs_no_place_in_line(line, held):
    assert ended(line.submit("ada", lambda report: 42, PROJECTION, key="known"))
    for _ in range(MAX_PER_OWNER):
        line.submit("ada", held(), PROJECTION)

    assert line.submit("ada", never, PROJECTION, key="known").result == 42


def test_a_different_question_is_worked_on(line):
    assert ended(line.submit("ada", lambda report: 1, PROJECTION, key="one"))
    second = line.submit("ada", lambda report: 2, PROJECTION, key="two")

    assert ended(second)
    assert second.result == 2


def test_work_without_a_key_is_done_each_time(line, held):
    work = held()
    work.finish()

    for _ in range(2):
        assert ended(line.submit("ada", work, PROJECTION))

    assert work.runs == 2


@pytest.mark.parametrize("error", [ZeroDivisionError("boom"), InvalidInput("No."), Stopped("Enough.")])
def test_what_failed_or_was_stopped_is_no_answer(line, error):
    def fail(report):
        raise error

    assert ended(line.submit("ada", fail, PROJECTION, key="question"))
    again = line.submit("ada", lambda report: "answer", PROJECTION, key="question")

    assert ended(again)
    assert again.result == "answer"


def is_worked_on(line, key) -> bool:
    worked = []
    assert ended(line.submit("ada", lambda report: worked.append(key), PROJECTION, key=key))
    return bool(worked)


def test_only_the_latest_answers_are_kept(line):
    assert all(is_worked_on(line, key) for key in range(RESULT_CACHE_SIZE + 1))

    assert not any(is_worked_on(line, key) for key in range(1, RESULT_CACHE_SIZE + 1))
    assert is_worked_on(line, 0)


def test_an_answer_that_is_asked_for_again_is_kept_longer(line):
    assert all(is_worked_on(line, key) for key in range(RESULT_CACHE_SIZE))

    assert not is_worked_on(line, 0)
    assert is_worked_on(line, "one more")

    assert not is_worked_on(line, 0)
    assert is_worked_on(line, 1)


def test_kept_answers_are_bounded_in_bytes_and_the_oldest_make_room(line):
    def is_known(key, share_of_all):
        size = int(share_of_all * RESULT_CACHE_BYTES)
        worked = []
        job = line.submit("ada", lambda report: worked.append(1) or np.zeros(size, np.int8), PROJECTION, key=key)
        assert ended(job)
        assert len(job.result) == size  # its owner has it all the same
        return not worked

    assert not any(is_known(key, 0.4) for key in ("old", "newer", "newest"))
    assert is_known("newer", 0.4)
    assert is_known("newest", 0.4)
    assert not is_known("old", 0.4)
    assert not any(is_known("larger than all", 1.1) for _ in range(2))


class Weight:
    """Something large that work closes over."""


def submit_with_a_weight(line, work, kind=PROJECTION):
    weight = Weight()
    job = line.submit("ada", lambda report: (work(report), weight)[0], kind)
    return job, weakref.ref(weight)


def test_what_finished_work_closed_over_is_let_go(line):
    job, weight = submit_with_a_weight(line, no_work)

    assert ended(job)
    assert wait_until_no_thread_is_left()
    gc.collect()
    assert weight() is None


def test_what_stopped_work_closed_over_is_let_go(line, held):
    work = held()
    job, weight = submit_with_a_weight(line, work)
    assert work.has_started()
    job.cancel()
    work.finish()

    assert ended(job)
    assert wait_until_no_thread_is_left()
    gc.collect()
    assert weight() is None


def test_what_waiting_work_closed_over_is_let_go_when_it_leaves(line, busy):
    job, weight = submit_with_a_weight(line, never)
    gc.collect()
    assert weight() is not None

    job.cancel()

    gc.collect()
    assert weight() is None


def test_no_thread_is_left_when_all_work_has_ended(line, held):
    works = [held() for _ in range(5)]
    submitted = [line.submit(f"visitor {i}", work, PROJECTION) for i, work in enumerate(works)]
    assert threads_of_jobs()
    for work in works:
        work.finish()

    assert all(ended(job) for job in submitted)
    assert wait_until_no_thread_is_left()


def test_a_process_that_ends_does_not_wait_for_work(line, busy):
    assert all(thread.daemon for thread in threads_of_jobs())


def test_waiting_for_work_that_goes_on_gives_up(line, held):
    job = line.submit("ada", held(), PROJECTION)

    assert job.wait(0) is False


@pytest.mark.parametrize(("asked", "at_once"), [({}, 2), ({"TOKEN_EMBEDDING_LAB_JOBS_AT_ONCE": "5"}, 5)])
def test_the_operator_says_how_many_run_at_once(asked, at_once):
    assert queue_of(asked).max_running == at_once


@pytest.mark.parametrize("asked", ["0", "-1", "2.5", "two", ""])
def test_no_other_number_of_jobs_is_taken(asked):
    with pytest.raises(ValueError, match="must be a whole number from 1 on"):
        queue_of({"TOKEN_EMBEDDING_LAB_JOBS_AT_ONCE": asked})


def test_a_process_has_one_line_for_all(held):
    work = held("answer")
    job = jobs.submit("ada", work, PROJECTION)
    assert work.has_started()

    jobs.shared_queue().release("ada")
    work.finish()

    assert ended(job)
    assert job.state == "stopped"
    assert jobs.shared_queue() is jobs.shared_queue()


def test_kinds_of_work_have_the_limits_that_the_pages_promise():
    assert TIMING.exclusive
    assert not PROJECTION.exclusive
    assert (queue.MAX_RUNNING, JobQueue().max_running) == (2, 2)


def test_work_that_exits_gives_its_place_to_the_next():
    line = JobQueue(max_running=1)

    def leave(report):
        raise SystemExit(1)

    first = line.submit("a", leave, PROJECTION)
    second = line.submit("b", lambda report: "served", PROJECTION)
    assert first.wait(10)
    assert second.wait(10)
    assert (first.state, second.result) == ("failed", "served")


def test_a_thread_that_cannot_start_fails_its_job_and_not_the_line(monkeypatch):
    line = JobQueue(max_running=1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", lambda thread: (_ for _ in ()).throw(RuntimeError("no thread left")))
        first = line.submit("a", lambda report: 1, PROJECTION)
    second = line.submit("b", lambda report: 2, PROJECTION)
    assert second.wait(10)
    assert (first.state, second.result) == ("failed", 2)


@pytest.mark.parametrize("error", [ValueError, InvalidInput])
def test_a_failed_job_lets_go_of_what_its_work_held(error, monkeypatch):
    monkeypatch.setattr(logging.getLogger("embeddings.jobs.queue"), "disabled", True)  # pytest keeps what is logged

    class Held:
        pass

    line, held = JobQueue(), Held()
    gone = weakref.ref(held)

    def fail(report, held=held):
        raise error("no")

    job = line.submit("a", fail, PROJECTION)
    assert job.wait(10)
    del held, fail
    gc.collect()
    assert gone() is None


def test_a_closed_line_ends_what_runs_and_what_waits(line, held):
    running, waiting = held(), held()
    jobs_ = [
        line.submit("ada", running, JobKind("lone", seconds=10, exclusive=True)),
        line.submit("ben", waiting, BRIEF),
    ]
    assert running.has_started()
    closing = threading.Thread(target=line.close, args=(PATIENCE,))
    closing.start()
    assert jobs_[1].wait(PATIENCE)
    running.finish()
    closing.join(PATIENCE)
    assert not closing.is_alive()
    assert [job.state for job in jobs_] == ["stopped", "stopped"]
    assert "stopping" in jobs_[0].message
    assert waiting.runs == 0


def test_a_closed_line_says_when_a_job_did_not_end(line, held):
    work = held()
    job = line.submit("ada", work, BRIEF)
    assert work.has_started()
    assert line.close(seconds=0) is False
    work.finish()
    assert job.wait(PATIENCE)


def test_a_closed_line_takes_no_more(line):
    assert line.close()
    with pytest.raises(QueueFull, match="stopping"):
        line.submit("ada", lambda report: 1, BRIEF)


def test_a_map_that_was_left_for_another_page_gives_its_place_back_after_ten_seconds(line, clock, held):
    work = held()
    job = line.submit("ada", work, PROJECTION)
    assert work.has_started()

    clock.now += 10.1
    work.finish()

    assert ended(job)
    assert job.message == "Stopped: nobody was watching."


PAUSABLE = JobKind("training", seconds=100, idle_timeout=1_000, pausable=True)


class PausedWork(HeldWork):
    """Held work that tells when it has gone on after its pause."""

    def __init__(self, answer=None):
        super().__init__(answer)
        self.went_on = threading.Event()

    def __call__(self, report):
        answer = super().__call__(report)
        self.went_on.set()
        return answer


def left_its_place(line) -> bool:
    """Whether whatever runs in ``line`` has given its place back: what comes next in a line of one runs to its end."""
    return ended(line.submit("next", no_work, PROJECTION))


@pytest.fixture
def narrow(clock):
    """A line in which one job runs at a time."""
    return JobQueue(max_running=1, clock=clock)


@pytest.fixture
def pause(held):
    """Submits work and pauses it; the job and its work, when it has left its place."""

    def pause_(line, owner="ada", kind=PAUSABLE, group=""):
        work = PausedWork("answer")
        job = line.submit(owner, work, kind, group=group)
        assert work.has_started()
        assert job.pause()
        work.finish()
        assert left_its_place(line)
        return job, work

    return pause_


def test_a_paused_job_stands_still_and_others_have_its_place(narrow, pause):
    job, work = pause(narrow)

    assert (job.state, job.active, job.paused, job.position) == ("paused", True, True, 0)
    assert (job.fraction, job.message) == (0.75, "step 3 of 4")
    assert not work.went_on.is_set()
    job.cancel()
    assert ended(job)


def test_a_job_that_goes_on_gives_the_answer_that_it_would_have_given(narrow, pause):
    job, work = pause(narrow)

    job.resume()

    assert ended(job)
    assert (job.state, job.result, work.runs) == ("done", "answer", 1)


def test_a_job_that_is_to_go_on_waits_behind_those_who_came_before(narrow, pause, held):
    job, work = pause(narrow)
    running, waiting = held(), held()
    others = [narrow.submit(name, each, PROJECTION) for name, each in (("bob", running), ("carl", waiting))]

    job.resume()
    late = narrow.submit("dora", held(), PROJECTION)
    assert (job.state, job.position, late.position) == ("waiting", 2, 3)
    running.finish()
    assert waiting.has_started()
    assert (job.state, job.position, late.position) == ("waiting", 1, 2)
    assert not work.went_on.is_set()
    waiting.finish()

    assert ended(job)
    assert [other.state for other in others] == ["done", "done"]


def test_what_must_be_alone_runs_beside_a_paused_job_which_goes_on_only_after_it(narrow, pause, held):
    job, work = pause(narrow)
    alone = held()
    timing = narrow.submit("bob", alone, TIMING)
    assert alone.has_started()

    job.resume()
    assert (timing.state, job.state) == ("running", "waiting")
    assert not work.went_on.is_set()
    alone.finish()

    assert ended(job)
    assert job.state == "done"


def test_a_job_that_is_to_go_on_does_not_overtake_what_waits_to_be_alone(narrow, pause, held):
    job, _ = pause(narrow)
    running, alone = held(), held()
    narrow.submit("bob", running, PROJECTION)
    narrow.submit("carl", alone, TIMING)

    job.resume()
    running.finish()

    assert alone.has_started()
    assert job.state == "waiting"


def test_a_pause_that_is_taken_back_before_the_next_report_is_none(narrow):
    work = PausedWork()
    job = narrow.submit("ada", work, PAUSABLE)
    assert work.has_started()
    assert job.pause()

    job.resume()
    work.finish()

    assert ended(job)
    assert job.state == "done"


def test_neither_the_time_nor_the_limit_of_a_job_counts_its_pause(narrow, clock, pause, held):
    job, _ = pause(narrow)
    clock.now += 300
    between = held()
    narrow.submit("bob", between, PROJECTION)
    job.resume()
    clock.now += 300  # nor the time in line after it
    assert job.seconds == 0
    between.finish()

    assert ended(job)
    assert (job.state, job.seconds) == ("done", 0)


def test_a_job_is_stopped_when_its_time_before_and_after_the_pause_is_over(narrow, clock):
    first, second = HeldWork(), HeldWork()
    job = narrow.submit("ada", lambda report: (first(report), second(report)), PAUSABLE)
    assert first.has_started()
    clock.now += 60
    assert job.pause()
    first.finish()
    assert left_its_place(narrow)
    clock.now += 500

    job.resume()
    assert second.has_started()
    assert job.seconds == 60
    clock.now += 41
    second.finish()

    assert ended(job)
    assert job.message == "Stopped after 100 s, the longest a training may take."


def test_a_paused_job_says_when_it_will_be_ended_and_is_ended_then(narrow, clock, pause):
    job, _ = pause(narrow)
    job.keep_alive()
    clock.now += 900
    job.keep_alive()
    assert job.seen().pause_left == queue.MAX_PAUSE_SECONDS - 900

    clock.now += queue.MAX_PAUSE_SECONDS - 899
    job.keep_alive()

    assert ended(job)
    assert (job.state, job.message) == ("stopped", "Stopped: it was paused for 20 minutes.")
    assert job.snapshot == "first picture"


@pytest.mark.parametrize("waits", [False, True])
def test_a_paused_job_that_nobody_watches_ends_be_it_to_go_on_or_not(narrow, clock, pause, held, waits):
    job, _ = pause(narrow, kind=JobKind("shy", seconds=100, idle_timeout=10, pausable=True))
    narrow.submit("bob", held(), PATIENT)
    if waits:
        job.resume()

    clock.now += 11 if waits else queue.PAUSED_IDLE_TIMEOUT + 1
    narrow.dispatch()

    assert ended(job)
    assert job.message == "Stopped: nobody was watching."


def test_a_paused_job_in_a_hidden_tab_that_looks_once_a_minute_stays_and_goes_on(narrow, clock, pause):
    job, _ = pause(narrow, kind=JobKind("shy", seconds=100, idle_timeout=10, pausable=True))
    for _ in range(5):
        clock.now += 60
        job.keep_alive()
    clock.now += 60

    job.resume()

    assert ended(job)
    assert job.state == "done"


def test_a_paused_job_that_nobody_watches_ends_though_nobody_asks_for_anything(narrow, clock, pause):
    job, _ = pause(narrow, kind=JobKind("shy", seconds=100, idle_timeout=10, pausable=True))

    clock.now += queue.PAUSED_IDLE_TIMEOUT + 1

    assert ended(job)
    assert job.state == "stopped"


@pytest.mark.parametrize("waits", [False, True])
def test_a_paused_job_can_be_stopped_be_it_to_go_on_or_not(narrow, pause, held, waits):
    job, work = pause(narrow)
    other = held()
    narrow.submit("bob", other, PROJECTION)
    behind = None
    if waits:
        job.resume()
        behind = narrow.submit("carl", no_work, PROJECTION)

    job.cancel("Enough.")

    assert ended(job)
    assert (job.state, job.message) == ("stopped", "Enough.")
    assert not work.went_on.is_set()
    assert behind is None or behind.position == 1
    assert narrow._all() == ((behind,) if behind else ()) + tuple(narrow._running)


def test_releasing_an_owner_and_closing_the_line_end_what_is_paused(narrow, pause):
    released, closed = pause(narrow, "leaver")[0], pause(narrow, "stayer")[0]

    narrow.release("leaver")
    assert ended(released)
    assert (released.message, closed.state) == ("Stopped: the page was closed.", "paused")
    assert narrow.close(PATIENCE)

    assert closed.message == "Stopped: the server is stopping."


def test_paused_jobs_count_towards_an_owners_share(narrow, pause):
    for _ in range(MAX_PER_OWNER):
        pause(narrow, "greedy")

    with pytest.raises(QueueFull):
        narrow.submit("greedy", never, PROJECTION)
    narrow.release("greedy")


def test_only_so_many_are_paused_at_once_those_included_that_wait_to_go_on(narrow, pause, held):
    groups = ["a"] * queue.MAX_PAUSED_OF_GROUP + ["b"] * (queue.MAX_PAUSED - queue.MAX_PAUSED_OF_GROUP)
    aside = [pause(narrow, f"visitor {number}", group=group)[0] for number, group in enumerate(groups)]
    work = held()
    late = narrow.submit("late", work, PAUSABLE, group="b")
    assert work.has_started()
    aside[-1].resume()

    assert (late.seen().may_pause, late.pause(), late.paused) == (False, False, False)
    aside[1].cancel()
    assert ended(aside[1])
    assert late.seen().may_pause
    assert late.pause()
    assert narrow.close(0) is False


@pytest.mark.parametrize("kind", [PROJECTION, TIMING, DOWNLOAD])
def test_what_others_may_wait_for_is_never_paused(line, held, kind):
    work = held()
    job = line.submit("ada", work, kind)
    assert work.has_started()

    assert (job.seen().may_pause, job.pause(), job.paused) == (False, False, False)


def test_what_paused_work_closed_over_is_let_go_when_it_ends(narrow):
    weight, work = Weight(), PausedWork()
    reference = weakref.ref(weight)
    job = narrow.submit("ada", lambda report, weight=weight: work(report), PAUSABLE)
    del weight
    assert work.has_started()
    assert job.pause()
    work.finish()
    assert left_its_place(narrow)
    gc.collect()
    assert reference() is not None

    job.cancel()

    assert ended(job)
    assert wait_until_no_thread_is_left()
    gc.collect()
    assert reference() is None


def test_a_group_has_a_share_of_the_pauses(line, held):
    works = [held() for _ in range(queue.MAX_PAUSED_OF_GROUP + 2)]
    for number, work in enumerate(works[:-2]):
        job = line.submit(f"greedy {number}", work, PAUSABLE, group="greedy")
        assert work.has_started()
        assert job.pause()
        work.finish()
    late = line.submit("late", works[-2], PAUSABLE, group="greedy")
    other = line.submit("other", works[-1], PAUSABLE, group="other")
    assert works[-2].has_started()
    assert works[-1].has_started()

    assert not late.pause()
    assert other.pause()
    line.close(0)


class Training:
    """Work that reports once whenever it is told to, and may be told to end."""

    def __init__(self):
        self.reports, self.told, self.over = 0, threading.Semaphore(0), False
        self.reported = threading.Semaphore(0)

    def __call__(self, report):
        while not self.over:
            report(0.0)
            self.reports += 1
            self.reported.release()
            assert self.told.acquire(timeout=PATIENCE)

    def step(self) -> None:
        """Tell it to report."""
        self.told.release()

    def has_reported(self) -> bool:
        return self.reported.acquire(timeout=PATIENCE)

    def finish(self) -> None:
        self.over = True
        self.told.release()


@pytest.fixture
def trainings(line):
    """Two trainings of one group, which have all places; both have reported once."""
    works = [Training(), Training()]
    made = [line.submit(f"a{i}", work, PAUSABLE, group="a") for i, work in enumerate(works)]
    assert all(work.has_reported() for work in works)
    yield list(zip(made, works, strict=True))
    for work in works:
        work.finish()


def test_long_work_makes_way_for_what_must_be_alone_once_its_turn_is_over_and_goes_on_after_it(
    line, clock, trainings, held
):
    work = held()
    measurement = line.submit("b", work, TIMING, group="b")
    for _, training in trainings:
        training.step()
        assert training.has_reported()  # its turn is not over
    assert measurement.seen().wait == queue.TURN
    clock.now += queue.TURN

    for _, training in trainings:
        training.step()

    assert work.has_started()
    assert [(job.state, job.paused) for job, _ in trainings] == [("waiting", False)] * 2
    assert line.submit("a2", no_work, PROJECTION, group="a").position == 3  # those that have begun come first
    work.finish()
    for job, training in trainings:
        assert training.has_reported()
        assert (job.state, job.seconds) == ("running", queue.TURN)


def test_long_work_of_one_group_takes_turns_with_that_of_others(line, clock, trainings):
    others = [Training(), Training()]
    jobs_of_others = [line.submit(name, work, PAUSABLE, group=name) for name, work in zip("bc", others, strict=True)]
    assert others[0].has_reported()  # in the place that is kept
    assert jobs_of_others[1].position == 1
    clock.now += queue.TURN

    for _, training in trainings:
        training.step()

    assert others[1].has_reported()
    for job, work in zip(jobs_of_others, others, strict=True):
        work.finish()
        assert ended(job)
    assert all(training.has_reported() for _, training in trainings)


def test_work_does_not_make_way_for_its_own_group(line, clock, trainings):
    line.submit("a2", no_work, PROJECTION, group="a")
    clock.now += queue.TURN

    for _, training in trainings:
        training.step()
        assert training.has_reported()


def test_only_so_many_have_made_way_at_once(clock, held):
    line, works, running = JobQueue(max_running=1, clock=clock), [], []
    for number in range(queue.MAX_GIVEN_WAY + 2):
        works.append(Training())
        running.append(line.submit(f"{number}", works[-1], PAUSABLE, group=f"{number}"))
        clock.now += queue.TURN
        if number:
            works[-2].step()
    assert sum(job._gave_way for job in running) <= queue.MAX_GIVEN_WAY
    line.close(0)
    for work in works:
        work.finish()


@pytest.mark.parametrize("end", ["cancel", "unwatched", "close"])
def test_work_that_has_made_way_can_be_ended(line, clock, trainings, held, end):
    work = held()
    line.submit("b", work, TIMING, group="b")
    clock.now += queue.TURN
    for _, training in trainings:
        training.step()
    assert work.has_started()

    if end == "cancel":
        trainings[0][0].cancel()
    elif end == "close":
        line.close(0)
    else:
        clock.now += PAUSABLE.idle_timeout + 1
        line.dispatch()

    assert ended(trainings[0][0])
    assert trainings[0][0].state == "stopped"


def test_many_pauses_lose_no_place_and_no_job():
    """Six trainings on real threads, each paused whenever it runs, and told to go on whenever it is paused."""
    line, done = JobQueue(max_running=2), threading.Event()

    def work(report):
        for step in range(200):
            report(step / 200)
        return "done"

    all_of_them = [line.submit(f"visitor {number}", work, PAUSABLE) for number in range(6)]

    def meddle():
        while not done.is_set():
            for job in all_of_them:
                job.pause()
                assert len(line._running) <= 2
                assert len(line._paused) <= queue.MAX_PAUSED
                job.resume()

    meddler = threading.Thread(target=meddle)
    meddler.start()
    finished = [ended(job) for job in all_of_them]
    done.set()
    meddler.join(PATIENCE)
    assert all(finished)
    assert [job.result for job in all_of_them] == ["done"] * 6
    assert line._all() == ()


def test_how_long_it_takes_until_ones_turn_is_foretold_from_how_far_the_others_are(narrow, clock, held):
    work = held()
    narrow.submit("ada", work, PROJECTION)
    assert work.has_started()  # a quarter is done
    waiting = narrow.submit("bob", no_work, PROJECTION)
    clock.now += 20

    seen = waiting.seen()

    assert (seen.position, [kind.name for kind in seen.ahead], seen.wait) == (1, ["map"], 60)


def test_how_long_it_takes_is_foretold_from_what_the_kind_took_before(narrow, clock, held):
    def silent(report):
        begun.set()
        assert go_on.wait(PATIENCE)

    for seconds in (10, 50, 30):
        begun, go_on = threading.Event(), threading.Event()
        narrow.submit("ada", silent, PATIENT)
        assert begun.wait(PATIENCE)
        clock.now += seconds
        go_on.set()
        assert left_no_one(narrow)
    begun, go_on = threading.Event(), threading.Event()
    narrow.submit("ada", silent, PATIENT)
    assert begun.wait(PATIENCE)
    waiting = [narrow.submit(name, no_work, PATIENT) for name in ("bob", "carl")]
    clock.now += 12

    assert [job.seen().wait for job in waiting] == [30 - 12, 30 - 12 + 30]
    clock.now += 20  # longer than usual: nobody knows
    assert waiting[0].seen().wait is None
    go_on.set()


def left_no_one(line) -> bool:
    return wait_until_no_thread_is_left() and not line._all()


def test_of_a_kind_that_was_never_done_nothing_is_foretold(narrow):
    go_on = threading.Event()
    narrow.submit("ada", lambda report: go_on.wait(PATIENCE), PATIENT)

    assert narrow.submit("bob", no_work, PATIENT).seen().wait is None
    go_on.set()


def test_who_must_be_alone_waits_for_all_lanes_and_is_told_so(line, clock, busy, held):
    download = held()
    line.submit("fetcher", download, DOWNLOAD)
    assert download.has_started()
    clock.now += 30
    timing = line.submit("carl", no_work, TIMING).seen()
    behind = line.submit("dora", no_work, PROJECTION).seen()

    assert [kind.name for kind in timing.ahead] == ["map", "map", "download"]
    assert timing.wait == 90
    assert [kind.name for kind in behind.ahead] == ["map", "map"]  # it goes before what waits for a network
    assert behind.wait == 90


def test_what_was_seen_of_a_job_stays_as_it_was(line, held):
    work = held("answer")
    job = line.submit("ada", work, PROJECTION, key="question")
    assert work.has_started()

    seen = job.seen()
    work.finish()
    assert ended(job)

    assert (seen.state, seen.active, seen.result, seen.key) == ("running", True, None, "question")
    assert (job.seen().state, job.seen().active, job.seen().result) == ("done", False, "answer")


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a niceness of its own on Linux alone")
def test_work_makes_way_for_those_who_look_at_pages_and_a_measurement_does_not(line):
    def niceness(report):
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    beside, alone = (line.submit("ann", niceness, kind) for kind in (BRIEF, TIMING))

    assert beside.wait(PATIENCE)
    assert alone.wait(PATIENCE)
    assert alone.result == niceness(None) < beside.result


class Crowd:
    """A crowd that has gone when it was looked for ``looks`` times."""

    def __init__(self, looks):
        self.looks, self.seen = looks, threading.Event()

    def __call__(self) -> bool:
        self.looks -= 1
        self.seen.set()
        return self.looks >= 0


@pytest.fixture
def long_rests(monkeypatch):
    """Rests that nothing but what a test looks for brings to an end."""
    monkeypatch.setattr(queue, "REST", 1e12)
    monkeypatch.setattr(queue, "MAX_REST", 1e9)


def work_a_little(report):
    """Until the clock of this thread has moved."""
    began = time.thread_time()
    while time.thread_time() == began:
        pass
    report(0.5)


def test_work_rests_while_it_is_crowded_and_goes_on_when_it_is_not(long_rests):
    crowd = Crowd(3)
    job = JobQueue(backend=jobs.InProcess(crowded=crowd)).submit("ada", work_a_little, PROJECTION)
    assert job.wait(PATIENCE)
    assert (job.state, crowd.looks) == ("done", -1)


def test_what_rests_is_stopped_when_it_is_asked_to(long_rests):
    crowd = Crowd(1e9)
    job = JobQueue(backend=jobs.InProcess(crowded=crowd)).submit("ada", work_a_little, PROJECTION)
    assert crowd.seen.wait(PATIENCE)
    job.cancel()
    assert job.wait(PATIENCE)
    assert job.state == "stopped"


def test_a_rest_is_no_part_of_the_time_that_a_job_may_take(long_rests, clock):
    crowd = Crowd(3)

    def crowded():
        clock.now += BRIEF.seconds
        return crowd()

    line = JobQueue(clock=clock, backend=jobs.InProcess(crowded=crowded))
    job = line.submit("ada", work_a_little, replace(BRIEF, rests=True))
    assert job.wait(PATIENCE)
    assert job.state == "done"
    assert job.seconds > BRIEF.seconds


@pytest.mark.parametrize("kind", [TIMING, DOWNLOAD, LOOK_UP, READING], ids=lambda kind: kind.name)
def test_what_others_wait_for_and_what_is_measured_does_not_rest(long_rests, kind):
    crowd = Crowd(1e9)
    job = JobQueue(backend=jobs.InProcess(crowded=crowd)).submit("ada", work_a_little, kind)
    assert job.wait(PATIENCE)
    assert job.state == "done"
    assert not crowd.seen.is_set()
