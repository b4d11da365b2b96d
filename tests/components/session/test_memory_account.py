"""How many bytes visitors hold, and whose go when there is no room."""

import pytest

from components.session.memory_account import Account, Charge
from embeddings.common import TooLarge


class Shelves:
    """Visitors' tables, entered in an account whose time passes with each."""

    def __init__(self, most=100, max_each=60, elsewhere=0):
        self.now, self.there = 0.0, set()
        self.account = Account(most, max_each, lambda: elsewhere, lambda: self.now)

    def put(self, owner, name, size, group="", spare=False):
        self.now += 1
        key = (owner, name)
        self.account.charge(owner, name, Charge(size, lambda: self.there.discard(key), spare), group)
        self.there.add(key)


def test_one_visitor_holds_no_more_than_their_own_limit_and_their_oldest_goes_first():
    shelves = Shelves()
    for number in range(5):
        shelves.put("a", number, 20)
    assert shelves.there == {("a", 2), ("a", 3), ("a", 4)}
    assert shelves.account.held_by("a") == 60


def test_all_together_hold_no_more_than_the_limit_and_the_one_who_is_idle_for_longest_gives_way():
    shelves = Shelves()
    for owner in "abcd":
        shelves.put(owner, "table", 25)
    shelves.now += 1
    shelves.account.touch("a")
    shelves.put("e", "table", 25)
    assert {owner for owner, _ in shelves.there} == set("acde")
    assert shelves.account.used == 100


def test_who_holds_little_loses_nothing_to_who_holds_much():
    shelves = Shelves()
    shelves.put("honest", "table", 5)
    for number in range(30):
        shelves.put(f"greedy {number}", "table", 30)
        assert shelves.account.used <= 100
    assert ("honest", "table") in shelves.there


def test_many_sessions_of_one_address_take_nothing_from_another_address():
    shelves = Shelves()
    shelves.put("honest", "table", 40, group="elsewhere")
    for number in range(100):
        shelves.put(f"greedy {number}", "table", 2, group="attacker")
    assert ("honest", "table") in shelves.there
    assert shelves.account.used <= 100


def test_what_can_be_computed_again_goes_first():
    shelves = Shelves()
    shelves.put("a", "table", 50)
    shelves.put("b", "cache", 50, spare=True)
    shelves.put("c", "table", 50)
    assert shelves.there == {("a", "table"), ("c", "table")}


def test_room_is_reserved_before_anything_is_made_and_given_back_when_that_fails():
    shelves = Shelves()
    shelves.put("a", "table", 60)
    with pytest.raises(ZeroDivisionError), shelves.account.reserved("b", "reading", 50):
        assert shelves.there == set()
        with pytest.raises(TooLarge), shelves.account.reserved("c", "reading", 60):
            raise AssertionError("there is no room for both")
        assert shelves.account.used == 50
        raise ZeroDivisionError
    assert shelves.account.used == 0


def test_what_does_not_fit_changes_nothing():
    shelves = Shelves(elsewhere=50)
    shelves.put("a", "table", 10)
    with pytest.raises(TooLarge, match=r"^This would take 55 bytes; at most 50 bytes may be used here"):
        shelves.put("a", "table", 55)
    assert (shelves.there, shelves.account.used) == ({("a", "table")}, 10)


def test_an_account_is_empty_when_all_have_left():
    shelves = Shelves()
    for owner in "abc":
        shelves.put(owner, "table", 10)
        shelves.put(owner, "cache", 10, spare=True)
    shelves.account.let_spare_go("a")
    assert ("a", "cache") not in shelves.there
    assert shelves.account.held_by("a") == 10
    shelves.account.release("a", "table")
    for owner in "bc":
        shelves.account.forget(owner)
    assert shelves.account.used == 0
    assert not shelves.account._holders
