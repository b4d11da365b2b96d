"""The parts of the server's limits: a rate with bursts, a line by rank, whose a request is."""

import asyncio

import pytest

from components.server.addresses import address_of
from components.server.pace import ACTIVE, FEWEST, LOOK_BACK, STALE, STAYS_FULL, Pace
from components.server.token_bucket import TokenBucket
from components.server.turnstile import Turnstile
from tests.apart import run_apart
from tests.clock import Clock


def test_a_burst_costs_no_time_and_what_is_owed_is_waited_for():
    clock = Clock()
    bucket = TokenBucket(rate=2, burst=3, clock=clock)
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0.5, 1]
    clock.now = 1
    assert bucket.take() == 0.5
    clock.now = 100
    assert (bucket.used, bucket.take(4)) == (0, 0.5)


def test_a_bucket_may_begin_with_less_than_it_holds():
    assert [TokenBucket(1, 5, start=1, clock=Clock()).take(tokens) for tokens in (1, 2)] == [0, 1]


def test_a_server_is_full_while_half_of_many_visitors_wait_too_long():
    clock = Clock()
    pace = Pace(longest=1.5, places=4, clock=clock)
    for _ in range(FEWEST - 1):
        pace.answered("a", 9)
    assert not pace.is_full()  # so few say nothing yet
    pace.answered("a", 9)
    assert pace.is_full()
    for _ in range(FEWEST + 1):
        pace.answered("a", 0.1)
    assert not pace.is_full()
    for _ in range(2):
        pace.answered("a", 9)
    assert pace.is_full()
    clock.now = LOOK_BACK + 1
    assert not pace.is_full()


def test_an_operator_may_have_all_let_in_however_long_they_wait():
    pace = Pace(longest=0, places=4)
    for _ in range(FEWEST):
        pace.answered("a", 9)
    assert not pace.is_full()


def pace_with(sessions: int, waiting: int, clock: Clock, per_second: int = 25, waited: float = 0.6) -> Pace:
    """A server with so many ``sessions`` and answers, and some who are ``waiting`` for that long."""
    pace = Pace(longest=1.5, places=4, clock=clock)
    for session in range(sessions):
        pace.asked(session)
        pace.answered(session, 0.2)
    clock.now += 0.1
    answers = int(per_second * LOOK_BACK)
    for number in range(answers):
        clock.now += (LOOK_BACK - waited) / answers
        pace.answered(number % sessions, 0.2)
    for session in range(waiting):
        pace.asked(session)
    clock.now += waited
    return pace


@pytest.mark.parametrize(
    ("sessions", "waiting", "full"),
    [(300, 20, True), (140, 20, True), (130, 20, False), (300, 4, False)],
    ids=["far too many", "too many", "as many as it can answer", "too many, who hardly ask"],
)
def test_a_server_is_full_before_those_who_came_just_now_have_to_wait(sessions, waiting, full):
    assert pace_with(sessions, waiting, Clock()).is_full() is full


def test_a_class_that_clicks_together_makes_no_idle_server_full():
    assert not pace_with(28, 28, Clock(), per_second=4, waited=0.3).is_full()


def test_a_question_that_is_never_answered_is_forgotten():
    clock = Clock()
    pace = pace_with(300, 20, clock)
    clock.now += STALE
    for session in range(20, 300):
        pace.asked(session)
        pace.answered(session, 0.2)
    assert not pace.is_full()


def test_a_server_that_is_full_stays_so_for_a_while():
    clock = Clock()
    pace = pace_with(300, 20, clock)
    assert pace.is_full()
    for session in range(20):
        pace.answered(session, 0.2)
    assert pace.is_full()
    clock.now += STAYS_FULL + 0.1
    for _ in range(FEWEST):
        pace.answered(0, 0.2)
    assert not pace.is_full()


def test_who_has_not_asked_for_a_while_or_has_left_makes_no_server_full():
    clock = Clock()
    pace = pace_with(300, 20, clock)
    for session in range(20, 300):
        pace.left(session)
    assert not pace.is_full()
    pace = pace_with(300, 0, clock)
    clock.now += ACTIVE
    for session in range(20):
        pace.asked(session)
        pace.answered(session, 0.2)
    for session in range(20):
        pace.asked(session)
    clock.now += 1
    assert not pace.is_full()


def test_places_go_to_the_lowest_rank_and_among_equals_to_the_first():
    async def order() -> list[str]:
        turnstile, entered = Turnstile(1), []
        await turnstile.enter(0)

        async def guest(name: str, rank: float) -> None:
            await turnstile.enter(rank)
            entered.append(name)
            turnstile.leave()

        ranks = {"late": 2, "first": 1, "second": 1, "early": 0}
        guests = [asyncio.create_task(guest(name, rank)) for name, rank in ranks.items()]
        await asyncio.sleep(0)
        turnstile.leave()
        await asyncio.gather(*guests)
        return entered

    assert run_apart(order()) == ["early", "first", "second", "late"]


@pytest.mark.parametrize("given_a_place", [False, True])
def test_one_who_goes_away_while_waiting_keeps_no_place(given_a_place):
    async def leave_the_line() -> None:
        turnstile = Turnstile(1)
        await turnstile.enter(0)
        guest = asyncio.create_task(turnstile.enter(0))
        await asyncio.sleep(0)
        if given_a_place:
            turnstile.leave()
        guest.cancel()
        await asyncio.wait([guest])
        if not given_a_place:
            turnstile.leave()
        await asyncio.wait_for(turnstile.enter(0), 10)

    run_apart(leave_the_line())


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("no address", "no address"),
    ],
)
def test_a_client_is_known_by_its_address_or_its_network(host, address):
    assert address_of({"type": "http", "client": (host, 1)}) == address


def test_a_client_without_an_address_is_one_of_all_without():
    assert address_of({"type": "http", "client": None}) == ""
