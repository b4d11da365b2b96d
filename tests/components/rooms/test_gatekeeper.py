"""A code cannot be found by trying."""

import pytest

from components.rooms.gatekeeper import ROOMS, WRONG_CODES, WRONG_PER_SECOND, Gatekeeper
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
