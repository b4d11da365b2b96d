"""Every page as a link opens it: all its settings are found, and each chart has a text.

What the address may hold is tried in ``hostile_pages.py``.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
from streamlit.testing.v1 import AppTest

from components.ui import predict, presenting
from tests.pages.arriving import FILES, FILES_OF, PAGES, STATES, arriving, elements, settings
from tests.pages.reading import run_until

# After work that takes a while, or on a machine with several processors.
UNSEEN = {"language_show_tied", "word2vec_made_up", "lookup_threads", "lookup_device", "lens_small_text", "lens_tied"}


@pytest.fixture(scope="module")
def opened() -> list[tuple[str, dict, AppTest]]:
    """Each state of each page; those that read a language model once they have read it."""
    arrive = arriving()
    found = [(page, state, arrive(page, state)) for page, state in STATES]
    for page, _, app in found:
        if PurePosixPath(FILES_OF[page]).parent.name == "language":
            run_until(app, lambda app=app: not app.get("progress"))
    return found


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


def test_all_settings_are_found(opened):
    found = {page: set(settings(app)) - {predict.SWITCH, presenting.SWITCH} for page, state, app in opened if not state}
    assert {page for page in PAGES if not found[page]} == {"room", "my_answers"}  # of the visit alone
    assert keys_written() - {key for _, _, app in opened for key in settings(app)} <= UNSEEN
    assert len(keys_written()) > 70


def test_every_setting_in_the_address_is_checked_in_the_one_place():
    assert {file.name for file in FILES if re.search(r"\bbind=", file.read_text())} == {"address.py"}


def spoken(app: AppTest) -> Iterator[tuple[str, str, bool]]:
    """Of each chart and each drawing its key, what a screen reader says of it, and whether that needs no numbers.

    A drawing that is a table needs none: a screen reader reads them from its cells.
    """
    for element in elements(app):
        proto = element.proto
        if type(proto).__name__ == "PlotlyChart":
            yield proto.id, proto.alt, False
        elif type(proto).__name__ == "BidiComponent":
            data = json.loads(proto.json or proto.bytes or "{}") or {}
            if "alt" in data:
                yield proto.id, data["alt"], "rows" in data


def test_each_chart_says_what_it_shows_with_its_numbers(opened):
    texts = {key: (text, table) for _, _, app in opened for key, text, table in spoken(app)}
    assert len(texts) > 60
    assert [
        key for key, (text, table) in texts.items() if len(text) < 10 or not (table or re.search(r"\d", text))
    ] == []


def test_each_chart_is_drawn_in_the_one_place_that_demands_a_text():
    assert {file.name for file in FILES if "st.plotly_chart(" in file.read_text()} == {"chart.py"}
