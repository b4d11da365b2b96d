"""Whatever the address asks for, a page opens: a setting takes what its control allows, or else its usual value."""

import ast
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from app import GENERIC_ERROR
from components.ui import predict, presenting
from embeddings.tsne_pitfalls import traps
from tests.pages.reading import APP, CLASSROOM, PATHS, words

ABSURD = (
    *("", " ", "nobody", "1e309", "inf", "-inf", "nan", "-1", "3.7", "0x10", "1_0000", "1,000,000", "true", "None"),
    *("9" * 5_000, "9" * 100_000, "cat " * 5_000, b"\xed\xa0\x80", "a\x00b", "\u202eevil", "../../etc/passwd"),
    *(["1", "2", "1"], ["", "x"], '["a"]', '{"a": 1}', "<script>alert(1)</script>", "**b** [x](http://y) $x$ :red[x]"),
)
FURTHER = {  # states of a page that open what is closed at first
    "words_in_space": (
        {"space_from": "Around a word", "space_method": "UMAP", "space_colours": "cluster"},
        {"space_from": "The most frequent", "space_method": "t-SNE"},
        {"space_from": "A list", "space_method": "Axes"},
        {"space_size": "3-D"},
    ),
    "whole_table": ({"whole_by": "drawn at random"},),
    "traps": ({"traps_kind": "my own list"},),
    "word2vec": ({"corpus": "your own text"},),
    "embedding_layer": ({"layer_what": "The words of my sentences"},),
    "lookup_or_matmul": ({"lookup_over": "dimension"},),
    "tokenizers": ({"tokenizers_text": "a b " * 600, "tokenizers_name": "Words"},),
}
FILES_OF = PATHS | CLASSROOM
PAGES = list(FILES_OF)
STATES = [(page, state) for page in PAGES for state in ({}, *FURTHER.get(page, ()))]
# After work that takes a while, or on a machine with several processors.
UNSEEN = {"language_show_tied", "word2vec_made_up", "lookup_threads", "lookup_device"}
FILES = sorted(APP.parent.glob("[cp]*/**/*.py"))
GUESSES = {guess for file in FILES for guess in re.findall(r'"(\w+_guess)"', file.read_text())}
GUESSES = GUESSES | {f"traps_{trap.name}_guess" for trap in traps()}

Open = Callable[[str, dict], AppTest]


@pytest.fixture(scope="module")
def arrive() -> Open:
    """Opens a page by its address in a new session, as a link from elsewhere does; all guesses have been made."""
    home = AppTest.from_file(str(APP), default_timeout=120).run()

    def arrive_(page: str, address: dict[str, Any]) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app._page_hash = home.switch_page(FILES_OF[page])._page_hash
        app.query_params.update(address)
        for key in GUESSES:
            app.session_state[f"{key}_kept"] = predict._Kept(None, None, None, for_all=True)
        return app.run()

    return arrive_


def elements(app: AppTest) -> Iterator[Element]:
    """All that is drawn, to the last."""
    blocks = [app._tree]
    for block in blocks:
        children = list(block.children.values())
        blocks += [child for child in children if hasattr(child, "children")]
        yield from (child for child in children if not hasattr(child, "children"))


def settings(app: AppTest) -> dict[str, Element]:
    """Every control that the address keeps, by its key."""
    return {key: found for found in elements(app) if (key := getattr(found.proto, "query_param_key", ""))}


def bounds(control) -> tuple:
    """What a control offers: options, or the largest number."""
    return getattr(control, "options", None), getattr(control, "max", None)


def allowed(control: Element, asked: str | list[str]) -> bool:
    """Whether an absurd value can be had, as where any text will do."""
    proto, several = control.proto, isinstance(asked, list)
    match type(proto).__name__:
        case "TextInput" | "TextArea":
            return not several
        case "Checkbox":
            return asked == "true"
        case "Selectbox":
            return not several and proto.accept_new_options and asked != ""
        case "MultiSelect":
            most = proto.max_selections or math.inf
            known = proto.accept_new_options or set(asked if several else [asked]) <= {*proto.options, ""}
            return known and len([part for part in asked if part] if several else [asked]) <= most
        case "ButtonGroup":
            return asked == "" and proto.click_mode == proto.MULTI_SELECT
        case "NumberInput" | "Slider":
            if asked == "" and type(proto).__name__ == "NumberInput":
                return not proto.HasField("default")
            return (
                proto.data_type == proto.FLOAT and asked in ("3.7", "1_0000") and proto.min <= float(asked) <= proto.max
            )
    return False


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
    found = {page: set(settings(arrive(page, {}))) - {predict.SWITCH, presenting.SWITCH} for page in PAGES}
    assert [page for page in PAGES if not found[page]] == []
    everything = set.union(*(found[page] | set(settings(arrive(page, state))) for page, state in STATES))
    assert keys_written() - everything <= UNSEEN
    assert len(keys_written()) > 70


def test_every_setting_in_the_address_is_checked_in_the_one_place():
    assert {file.name for file in FILES if re.search(r"\bbind=", file.read_text())} == {"address.py"}


@pytest.mark.parametrize(
    ("page", "state"), STATES, ids=lambda part: part if isinstance(part, str) else "-".join(part)[:40]
)
def test_an_absurd_address_opens_the_page_with_its_usual_settings(arrive, page, state):
    usual = settings(arrive(page, state))
    values = {key: control.value for key, control in usual.items()}
    keys = [key for key in usual if key not in state]
    for turn in range(len(ABSURD)):
        asked = {key: ABSURD[(turn + place) % len(ABSURD)] for place, key in enumerate(keys)}
        app = arrive(page, state | asked)
        told = words(app)
        assert not app.exception, asked
        assert GENERIC_ERROR not in told, asked
        for control in elements(app):
            key = getattr(control, "key", None)
            if key in asked and not allowed(control, asked[key]):
                sentence = (
                    "The link asks for"
                    if key == "source" and asked[key]
                    else f"The address sets **{getattr(control, 'label', 'Page')}** to"  # pagination has no label
                )
                assert sentence in told, (key, asked[key])
                if bounds(control) == bounds(usual[key]):  # else a text or a choice made others of them
                    assert control.value == values[key], (key, asked[key])
