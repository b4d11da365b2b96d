import gc
import logging
import threading
import weakref

import pytest

from embeddings import jobs
from embeddings.errors import InvalidInput, LineFull
from embeddings.jobs import (
    DOWNLOAD,
    LOOK_UP,
    MAX_ANSWERS,
    MAX_FOR_OWNER,
    MAX_LINE,
    PROJECTION,
    TIMING,
    JobLine,
    Kind,
    Stopped,
)

PATIENCE = 20  # seconds until a test that hangs gives up; none is ever waited for when all is well
BRIEF = Kind("brief", seconds=10, unwatched_seconds=1_000)
SHY = Kind("shy", seconds=1_000, unwatched_seconds=10)
PATIENT = Kind("patient", seconds=1_000, unwatched_seconds=1_000)


class Clock:
    """Time that passes only when told."""

    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


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
    return JobLine(at_once=2, clock=clock)


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
        line.submit(f"busy {number}", work, PROJECTION)
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

    assert (job.state, job.active, job.fraction, job.words) == ("running", True, 0.25, "step 1 of 4")
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
    line, order, first = JobLine(at_once=1, clock=clock), [], held()
    line.submit("first", first, PROJECTION)

    waiting = [line.submit(name, lambda report, name=name: order.append(name), PROJECTION) for name in "bdac"]
    first.finish()

    assert all(ended(job) for job in waiting)
    assert order == ["b", "d", "a", "c"]


def test_no_more_than_two_run_at_once(line, busy, held):
    third = line.submit("carl", held(), PROJECTION)

    assert (third.state, third.place) == ("waiting", 1)
    assert len(threads_of_jobs()) == 2


def test_the_next_in_line_starts_when_a_place_is_free(line, busy, held):
    work = held()
    third = line.submit("carl", work, PROJECTION)

    busy[1].finish()

    assert work.has_started()
    assert (third.state, third.place) == ("running", 0)


def test_places_in_line_count_from_one_and_move_up(line, busy):
    waiting = [line.submit(name, no_work, PROJECTION) for name in "abc"]
    assert [job.place for job in waiting] == [1, 2, 3]

    waiting[0].cancel()

    assert [job.place for job in waiting] == [0, 1, 2]


def test_what_must_be_alone_waits_until_nothing_runs(line, held):
    beside, alone = held(), held()
    first = line.submit("ada", beside, PROJECTION)
    timing = line.submit("bob", alone, TIMING)
    assert (timing.state, timing.place) == ("waiting", 1)

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

    assert (timing.place, late.place) == (1, 2)


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

    assert (third.state, third.place) == ("waiting", 1)
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

    assert [job.place for job in waiting] == [1, 1, 2]


def test_an_owners_downloads_do_not_use_up_the_share_of_what_they_compute(line, held):
    for _ in range(MAX_FOR_OWNER):
        line.submit("ada", held(), DOWNLOAD)

    assert line.submit("ada", held(), PROJECTION).state == "running"
    with pytest.raises(LineFull):
        line.submit("ada", never, DOWNLOAD)


def test_what_must_be_alone_waits_for_downloads_and_none_overtakes_it(line, held):
    download, alone, late = held(), held(), held()
    line.submit("ada", download, DOWNLOAD)
    timing = line.submit("bob", alone, TIMING)
    waiting = line.submit("carl", late, DOWNLOAD)
    assert (timing.state, waiting.state, waiting.place) == ("waiting", "waiting", 2)

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

    assert (job.active, job.state, job.words, job.seconds) == (False, "stopped", "Not needed any more.", 0)


def test_cancelling_a_running_job_ends_it_at_its_next_report(line, held):
    work = held("answer")
    job = line.submit("ada", work, PROJECTION)
    assert work.has_started()

    job.cancel("Not needed any more.")
    assert job.active
    work.finish()

    assert ended(job)
    assert (job.state, job.words, job.result) == ("stopped", "Not needed any more.", None)
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
    assert job.words == "Stopped after 10 s, the longest a brief may take."


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
    assert (job.state, job.words) == (state, "Stopped: nobody was watching." if state == "stopped" else "")


def test_work_that_is_looked_at_goes_on(line, clock, held):
    work = held()
    job = line.submit("ada", work, SHY)
    assert work.has_started()

    clock.now += 9
    assert job.look() is job
    clock.now += 9
    work.finish()

    assert ended(job)
    assert job.state == "done"


def test_a_waiting_job_that_nobody_watches_leaves_the_line(line, clock, busy):
    left, watched = (line.submit(name, no_work, SHY) for name in ("gone", "here"))

    clock.now += 9
    watched.look()
    clock.now += 9
    watched.look()

    assert (left.state, left.words) == ("stopped", "Stopped: nobody was watching.")
    assert (watched.state, watched.place) == ("waiting", 1)


def test_work_that_reports_clears_the_line_of_those_who_left(clock, held):
    line, one_part, next_part = JobLine(at_once=1, clock=clock), held(), held()
    line.submit("ada", lambda report: (one_part(report), next_part(report)), PATIENT)
    left = line.submit("gone", never, SHY)

    clock.now += 11
    one_part.finish()

    assert next_part.has_started()
    assert left.state == "stopped"


def test_an_owner_has_a_share_of_the_line_that_others_do_not_use_up(line, busy):
    for _ in range(MAX_FOR_OWNER):
        line.submit("greedy", no_work, PROJECTION)

    with pytest.raises(LineFull, match=r"^You have 2 things under way already"):
        line.submit("greedy", never, PROJECTION)

    assert line.submit("modest", no_work, PROJECTION).active


def test_what_runs_counts_towards_an_owners_share(line, held):
    for _ in range(MAX_FOR_OWNER):
        line.submit("greedy", held(), PROJECTION)

    with pytest.raises(LineFull):
        line.submit("greedy", never, PROJECTION)


def test_an_owner_whose_work_has_ended_may_come_again(line):
    for _ in range(MAX_FOR_OWNER + 1):
        assert ended(line.submit("eager", no_work, PROJECTION))


def test_a_full_line_takes_nobody_until_somebody_leaves(line, busy):
    waiting = [line.submit(f"visitor {i}", no_work, PROJECTION) for i in range(MAX_LINE)]

    with pytest.raises(LineFull, match=r"^64 people are waiting already"):
        line.submit("late", never, PROJECTION)
    waiting[0].cancel()

    assert line.submit("late", no_work, PROJECTION).place == MAX_LINE


def test_those_who_left_unseen_make_room_in_a_full_line(line, clock, busy):
    for i in range(MAX_LINE):
        line.submit(f"visitor {i}", never, SHY)

    clock.now += 11

    assert line.submit("late", no_work, PROJECTION).place == 1


def test_releasing_an_owner_ends_all_of_theirs_and_nothing_else(line, held):
    work, others_work = held(), held()
    running, other = line.submit("leaver", work, PROJECTION), line.submit("stayer", others_work, PROJECTION)
    waiting, other_waiting = line.submit("leaver", never, PROJECTION), line.submit("stayer", no_work, PROJECTION)
    assert work.has_started()

    line.release("leaver")
    work.finish()

    assert ended(running)
    assert ended(waiting)
    assert {(job.state, job.words) for job in (running, waiting)} == {("stopped", "Stopped: the page was closed.")}
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
    assert job.words == "Something went wrong while computing this. The server's log has the details."
    assert isinstance(job.error, ZeroDivisionError)
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]
    assert "A map job failed" in caplog.text


def test_the_engines_own_error_keeps_its_sentence_and_is_not_logged(line, caplog):
    def work(report):
        raise InvalidInput("Add a different word.")

    job = line.submit("ada", work, PROJECTION)

    assert ended(job)
    assert (job.state, job.words) == ("failed", "Add a different word.")
    assert isinstance(job.error, InvalidInput)
    assert caplog.records == []


@pytest.mark.parametrize("error", [ZeroDivisionError("boom"), InvalidInput("No."), Stopped("Enough.")])
def test_the_next_in_line_starts_after_a_failure(clock, held, error):
    line, first, second = JobLine(at_once=1, clock=clock), held(), held()

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
    for _ in range(MAX_FOR_OWNER):
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
    assert all(is_worked_on(line, key) for key in range(MAX_ANSWERS + 1))

    assert not any(is_worked_on(line, key) for key in range(1, MAX_ANSWERS + 1))
    assert is_worked_on(line, 0)


def test_an_answer_that_is_asked_for_again_is_kept_longer(line):
    assert all(is_worked_on(line, key) for key in range(MAX_ANSWERS))

    assert not is_worked_on(line, 0)
    assert is_worked_on(line, "one more")

    assert not is_worked_on(line, 0)
    assert is_worked_on(line, 1)


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


def test_a_process_has_one_line_for_all(held):
    work = held("answer")
    job = jobs.submit("ada", work, PROJECTION)
    assert work.has_started()

    jobs.line().release("ada")
    work.finish()

    assert ended(job)
    assert job.state == "stopped"
    assert jobs.line() is jobs.line()


def test_kinds_of_work_have_the_limits_that_the_pages_promise():
    assert TIMING.alone
    assert not PROJECTION.alone
    assert (jobs.AT_ONCE, JobLine().at_once) == (2, 2)


def test_work_that_exits_gives_its_place_to_the_next():
    line = JobLine(at_once=1)

    def leave(report):
        raise SystemExit(1)

    first = line.submit("a", leave, PROJECTION)
    second = line.submit("b", lambda report: "served", PROJECTION)
    assert first.wait(10)
    assert second.wait(10)
    assert (first.state, second.result) == ("failed", "served")


def test_a_thread_that_cannot_start_fails_its_job_and_not_the_line(monkeypatch):
    line = JobLine(at_once=1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", lambda thread: (_ for _ in ()).throw(RuntimeError("no thread left")))
        first = line.submit("a", lambda report: 1, PROJECTION)
    second = line.submit("b", lambda report: 2, PROJECTION)
    assert second.wait(10)
    assert (first.state, second.result) == ("failed", 2)


@pytest.mark.parametrize("error", [ValueError, InvalidInput])
def test_a_failed_job_lets_go_of_what_its_work_held(error, monkeypatch):
    monkeypatch.setattr(logging.getLogger("embeddings.jobs"), "disabled", True)  # pytest keeps what is logged

    class Held:
        pass

    line, held = JobLine(), Held()
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
    jobs_ = [line.submit("ada", running, Kind("lone", seconds=10, alone=True)), line.submit("ben", waiting, BRIEF)]
    assert running.has_started()
    closing = threading.Thread(target=line.close, args=(PATIENCE,))
    closing.start()
    assert jobs_[1].wait(PATIENCE)
    running.finish()
    closing.join(PATIENCE)
    assert not closing.is_alive()
    assert [job.state for job in jobs_] == ["stopped", "stopped"]
    assert "stopping" in jobs_[0].words
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
    with pytest.raises(LineFull, match="stopping"):
        line.submit("ada", lambda report: 1, BRIEF)


def test_a_map_that_was_left_for_another_page_gives_its_place_back_after_ten_seconds(line, clock, held):
    work = held()
    job = line.submit("ada", work, PROJECTION)
    assert work.has_started()

    clock.now += 10.1
    work.finish()

    assert ended(job)
    assert job.words == "Stopped: nobody was watching."
