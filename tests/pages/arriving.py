"""Pages opened by their address in a new session, and the controls that the address sets."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from components.ui import predict
from embeddings.tsne_pitfalls import traps
from tests.pages.reading import APP, CLASSROOM, PATHS, unfold_all

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
    "own_tokenizer": ({"bpe_undo_word": "seashells"},),
    "tokenizers": ({"tokenizers_text": "a b " * 600, "tokenizers_name": "Words"},),
}
FILES_OF = PATHS | CLASSROOM
PAGES = list(FILES_OF)
STATES = [(page, state) for page in PAGES for state in ({}, *FURTHER.get(page, ()))]
FILES = sorted(APP.parent.glob("[cp]*/**/*.py"))
GUESSES = {guess for file in FILES for guess in re.findall(r'"(\w+_guess)"', file.read_text())}
GUESSES = GUESSES | {f"traps_{trap.name}_guess" for trap in traps()}

Arrive = Callable[[str, dict[str, Any]], AppTest]


def arriving() -> Arrive:
    """Opens a page by its address in a new session, as a link from elsewhere does; all guesses have been made."""
    home = AppTest.from_file(str(APP), default_timeout=120).run()

    def arrive(page: str, address: dict[str, Any]) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app._page_hash = home.switch_page(FILES_OF[page])._page_hash
        app.query_params.update(address)
        for key in GUESSES:
            app.session_state[f"{key}_kept"] = predict._Kept(None, None, None, for_all=True)
        return unfold_all(app)

    return arrive


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


def bounds(control: Element) -> tuple:
    """What a control offers: options, or the largest number."""
    return getattr(control, "options", None), getattr(control, "max", None)


def allowed(control: Element, asked: str | list[str]) -> bool:
    """Whether a value in the address can be had, as where any text will do."""
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
            return _within(proto, asked)
    return False


def _within(proto: Any, asked: str | list[str] | bytes) -> bool:
    try:
        number = float(asked)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    whole = proto.data_type != proto.FLOAT
    return proto.min <= number <= proto.max and (not whole or number.is_integer())
