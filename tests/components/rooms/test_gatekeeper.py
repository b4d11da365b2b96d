"""A code cannot be found by trying."""

import pytest

from components.rooms.gatekeeper import ROOMS, SEATS, WRONG_CODES, WRONG_PER_SECOND, Gatekeeper
from components.rooms.rooms import MAX_MEMBERS
from components.rooms.values import ALPHABET, CODE_LENGTH
from embeddings.common import InvalidInput


def test_an_address_may_mistype_as_a_class_does_and_no_more():
    gatekeeper = Gatekeeper()
    for _ in range(WRONG_CODES):
        gatekeeper.check("here")
        gatekeeper.note_wrong("here")
    with pytest.raises(InvalidInput, match="Too many wrong codes"):
        gatekeeper.check("here")
    gatekeeper.check("elsewhere")


def test_a_full_room_comes_in_through_one_address_and_no_more_than_a_few():
    gatekeeper = Gatekeeper()
    assert SEATS >= MAX_MEMBERS
    for _ in range(SEATS):
        gatekeeper.check("here")
        gatekeeper.note_seat("here")
    with pytest.raises(InvalidInput, match="Too many have joined"):
        gatekeeper.check("here")
    gatekeeper.check("elsewhere")


def test_an_address_opens_some_rooms_and_no_more():
    gatekeeper = Gatekeeper()
    for _ in range(ROOMS):
        gatekeeper.note_opening("here")
    with pytest.raises(InvalidInput, match="Too many rooms"):
        gatekeeper.note_opening("here")
    gatekeeper.note_opening("elsewhere")


def test_there_are_too_many_codes_to_try():
    in_a_day_from_1000_addresses = 1_000 * (WRONG_CODES + WRONG_PER_SECOND * 86_400)
    assert len(set(ALPHABET)) ** CODE_LENGTH > 100 * in_a_day_from_1000_addresses
    assert not set("0O1IL") & set(ALPHABET)
