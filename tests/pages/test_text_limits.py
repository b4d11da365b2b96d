"""Every field for text, on every page, with the worst that it takes: less than a second's work, and a sentence."""

import gc
import time
from collections.abc import Callable
from itertools import product

import pytest
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from components.server.back_messages import MAX_STRINGS
from embeddings.sources import load
from embeddings.tokenizers import Encoding
from tests.pages.reading import PATHS, run_until, words

LONGEST = 400_000  # characters; with four bytes each, what is sent still fits in `server.maxWidgetStateSize`
MODES = {  # settings that bring further fields
    "words_in_space": (
        {"space_from": "A list"},
        {"space_from": "Around a word"},
        {"space_method": "axes of your own"},
    ),
    "traps": ({"traps_kind": "my own list"},),
    "word2vec": ({"corpus": "your own text"},),
    "language_model": ({"corpus": "your own text"},),
    "embedding_layer": ({"layer_what": "The words of my sentences"},),
}
OPENINGS = [(path, mode) for path in sorted(PATHS) for mode in ({}, *MODES.get(path, ()))]


def _known(n: int) -> str:
    return " ".join(token for token in load().tokens[200:40_000] if token.isalpha())[:n]


def _unknown(n: int) -> str:
    return " ".join(map("".join, product("qxz", "qxzjkv", "qxzjkv", "qxzjkvw", "bcdfghjklm", "wvkj")))[:n]


TEXTS: dict[str, Callable[[int], str]] = {
    "one word": lambda n: "acgt" * (n // 4),
    "spaces": lambda n: " " * n,
    "known words": _known,
    "unknown words": _unknown,
    "CJK": lambda n: "猫犬魚" * (n // 3),
    "combining marks": lambda n: "a\u0301\u0323" * (n // 3),
    "marks out of order": lambda n: "a" + "\u0323\u0301" * (n // 2 - 1),
    "marks of three orders": lambda n: "a" + "\u0315\u0300\u0316" * (n // 3 - 1),
    "short lines": lambda n: "a b\n" * (n // 4),
}


@pytest.fixture(scope="session")
def a_second() -> float:
    """What a second of a common processor is on this one, now: by the time of a fixed loop, and never less."""
    began = time.thread_time()
    sum(number * number for number in range(10_000_000))
    return max(1.0, 2 * (time.thread_time() - began))


@pytest.fixture
def work_of(monkeypatch) -> Callable[[Callable], float]:
    """Seconds of the processor that the page's script takes for what is done."""
    seconds = []
    run = LocalScriptRunner._run_script_thread

    def timed(runner) -> None:
        began = time.thread_time()
        run(runner)
        seconds.append(time.thread_time() - began)

    monkeypatch.setattr(LocalScriptRunner, "_run_script_thread", timed)

    def work_of_(act: Callable) -> float:
        seconds.clear()
        act()
        return sum(seconds)

    return work_of_


def fields(app) -> list:
    return [*app.text_input, *app.text_area]


def guess_all(app) -> None:
    """Commit to some answer wherever one is asked for, so that all panels are there."""
    for _ in range(6):
        asked = [pills for pills in app.button_group if pills.key and pills.key.endswith("guess")]
        if not asked:
            return
        for pills in asked:
            pills.set_value(pills.options[0])
        app.run()


def over_the_bound(app, work_of, bound: float) -> list[tuple]:
    """The fields and texts that are worked on for longer, or end the page."""
    found = []
    for field in fields(app):
        usual = field.value
        assert not field.proto.max_chars, f"a browser drops a longer paste into {field.key} without a word"
        for name, text in TEXTS.items():
            field.set_value(text(LONGEST))
            seconds = work_of(app.run)
            if seconds > bound or app.exception:
                found.append((field.key, name, seconds, *app.exception))
        field.set_value(usual)
        app.run()
    return found


@pytest.mark.parametrize(("path", "mode"), OPENINGS, ids=[" ".join((path, *mode.values())) for path, mode in OPENINGS])
def test_no_text_keeps_a_page_for_a_second(open_page, work_of, a_second, path, mode):
    app = open_page(path, **mode)
    guess_all(app)
    assert over_the_bound(app, work_of, a_second) == []
    for field in app.number_input:
        usual = field.value
        field.set_value(field.max)
        assert work_of(app.run) < a_second, field.key
        assert not app.exception, field.key
        field.set_value(usual)


def test_no_text_keeps_the_view_of_a_training_for_a_second(open_page, work_of, a_second):
    app = open_page("word2vec")
    small = {"corpus_size": 500, "word2vec_epochs": 1, "word2vec_dimension": 8, "word2vec_method": "fastText"}
    for key, value in small.items():
        app.session_state[key] = value
    app.run()
    guess_all(app)
    app.button(key="word2vec_start").click().run()
    run_until(app, lambda: "Finished in" in words(app))
    assert any(field.key == "word2vec_made_up" for field in fields(app))
    assert any(field.key.startswith("training_pairs") for field in fields(app))
    assert over_the_bound(app, work_of, a_second) == []


def sent(app, key: str, **value) -> None:
    """Run the page after a message made by hand, which no field of a browser has kept short."""
    states = app._tree.get_widget_states()
    (id_,) = {state.id for state in states.widgets if state.id.endswith(f"-{key}")} or {
        element.proto.id for element in app.get("data_editor") if element.proto.id.endswith(f"-{key}")
    }
    states.widgets.append(WidgetState(id=id_, **value))
    app._run(states)


def test_a_message_made_by_hand_is_cut_as_well(open_page, work_of, a_second):
    app = open_page("home")
    assert work_of(lambda: sent(app, "home_text", string_value="cat " * 400_000)) < a_second
    assert "The first 40 of 125 tokens are shown." in words(app)
    assert len(app.session_state["home_text"]) == 100_000


@pytest.mark.parametrize("name", TEXTS)
def test_words_of_the_readers_own_on_a_map_have_a_limit_too(open_page, work_of, a_second, name):
    app = open_page("words_in_space")
    guess_all(app)
    text = TEXTS[name](400_000)
    assert work_of(lambda: sent(app, "space_chosen", string_value=text)) < a_second
    assert not app.exception
    assert len(app.session_state["space_chosen"]) <= 100
    options = StringArray(data=[*text.split()[: MAX_STRINGS - 1], text[:4_000]])
    assert work_of(lambda: sent(app, "space_words", string_array_value=options)) < a_second
    assert not app.exception
    assert "At most 3,000 characters are used here; the rest was left out." in words(app)


@pytest.mark.parametrize(
    "changes",
    [
        '{"added_rows": [' + ", ".join(f'{{"word": "w{n}"}}' for n in range(5_000)) + "]}",
        '{"added_rows": [{"word": "' + "acgt" * 50_000 + '"}]}',
        '{"edited_rows": {"0": {"word": "' + "acgt" * 50_000 + '"}}}',
    ],
    ids=["5,000 rows", "a long word", "a long cell"],
)
def test_a_table_of_features_takes_no_more_than_it_can_hold(open_page, work_of, a_second, changes):
    app = open_page("vectors_with_meaning")
    guess_all(app)
    before = app.session_state["features_now"]
    assert work_of(lambda: sent(app, "features_editor_0", string_value=changes)) < a_second
    assert "more than this table can take in" in words(app)
    assert app.session_state["features_now"].equals(before)
    sent(app, "features_editor_1", string_value='{"added_rows": [{"word": "hot dog"}]}')
    assert app.session_state["features_now"].iat[-1, 0] == "hot dog"


@pytest.mark.parametrize(("path", "key"), [("home", "home_text"), ("tokenizers", "tokenizers_text")])
def test_nothing_of_what_was_typed_is_kept_after_its_visitor_has_left(open_page, leave, path, key):
    mark = "qwertyuiop" * 10
    app = open_page(path)
    (field,) = [field for field in fields(app) if field.key == key]
    field.set_value(f"{mark} cat").run()

    def kept() -> list[Encoding]:
        gc.collect()
        gc.unfreeze()
        return [each for each in gc.get_objects() if type(each) is Encoding and mark in each.tokens]

    assert kept()
    del app, field
    leave()
    assert not kept()
