"""What the address keeps is found, and checked in one place; what it may hold is tried in ``hostile_pages.py``."""

import ast
import re

import pytest

from components.ui import predict
from tests.pages.arriving import FILES, PAGES, STATES, Arrive, arriving, settings

# After work that takes a while, or on a machine with several processors.
UNSEEN = {"language_show_tied", "word2vec_made_up", "lookup_threads", "lookup_device"}


@pytest.fixture(scope="module")
def arrive() -> Arrive:
    return arriving()


def keys_written() -> set[str]:
    """The keys that the sources name in calls of what draws a setting."""
    calls = [node for file in FILES for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    calls = [
        call
        for call in calls
        if getattr(call.func, "id", "") in ("setting", "choice_input", "text_line", "text_box")
        or "_setting" in ast.unparse(call.func)
    ]
    shared = [call for call in calls if "shared" not in {word.arg for word in call.keywords}]
    named = [word.value for call in shared for word in call.keywords if word.arg == "key"]
    places = [
        call.args[2]
        for call in calls
        if len(call.args) > 2 and call.func.id in ("choice_input", "text_setting", "word_setting", "words_setting")
    ]
    return {key.value for key in (*named, *places) if isinstance(key, ast.Constant)}


def test_all_settings_are_found(arrive):
    found = {page: set(settings(arrive(page, {}))) - {predict.SWITCH} for page in PAGES}  # it is on every page
    assert [page for page in PAGES if not found[page]] == []
    everything = set.union(*(found[page] | set(settings(arrive(page, state))) for page, state in STATES))
    assert keys_written() - everything <= UNSEEN
    assert len(keys_written()) > 70


def test_every_setting_in_the_address_is_checked_in_the_one_place():
    assert {file.name for file in FILES if re.search(r"\bbind=", file.read_text())} == {"address.py"}
