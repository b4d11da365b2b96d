"""One language model for all: opened once, entered in the server's memory, and let go when nobody uses it."""

import threading
import time

import pytest

from components.session.language_model import SharedModel
from components.session.memory_account import Account, Charge
from embeddings.common import SourceUnavailable, TooLarge, no_progress


class Openings:
    """Opens something that stands for a model, and counts."""

    def __init__(self, account, idle_seconds=60, fails=False):
        self.count, self.fails = 0, fails
        self.shared = SharedModel(account, self.load, 50, idle_seconds)

    def load(self, report):
        self.count += 1
        if self.fails:
            raise SourceUnavailable("It is damaged.")
        return object()


def test_thirty_who_ask_at_once_share_one():
    openings, found = Openings(Account(100, 20)), []
    threads = [
        threading.Thread(target=lambda: found.append(openings.shared.get(no_progress)), daemon=True) for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(found), len(set(map(id, found))), openings.count) == (30, 1, 1)


def test_its_memory_is_asked_for_and_may_be_more_than_one_visitors():
    account = Account(100, 20)
    openings = Openings(account)
    openings.shared.get(no_progress)
    assert account.used == 50
    openings.shared.let_go()
    assert (account.used, openings.shared.is_open) == (0, False)


def test_it_is_not_opened_where_there_is_no_room():
    openings = Openings(Account(40, 20))
    with pytest.raises(TooLarge, match=r"^The language model would take 50 bytes; at most 40 bytes"):
        openings.shared.get(no_progress)
    assert openings.count == 0


def test_it_gives_way_to_what_visitors_bring_and_is_opened_again():
    account = Account(100, 60)
    openings = Openings(account)
    first = openings.shared.get(no_progress)
    account.charge("visitor", "table", Charge(60, lambda: None))
    assert not openings.shared.is_open
    account.release("visitor", "table")
    assert openings.shared.get(no_progress) is not first
    assert openings.count == 2


def test_what_could_not_be_opened_holds_no_memory_and_may_be_tried_again():
    account = Account(100, 60)
    openings = Openings(account, fails=True)
    with pytest.raises(SourceUnavailable):
        openings.shared.get(no_progress)
    assert account.used == 0
    openings.fails = False
    openings.shared.get(no_progress)
    assert openings.shared.is_open


def test_it_is_let_go_when_nobody_has_used_it_for_a_while():
    account = Account(100, 60)
    openings = Openings(account, idle_seconds=0.01)
    openings.shared.get(no_progress)
    give_up = time.monotonic() + 30
    while account.used and time.monotonic() < give_up:
        time.sleep(0.01)
    assert (account.used, openings.shared.is_open) == (0, False)
