"""No control is without visible effect: each one on each page is changed, and something else on the page follows.

So it is with all answers shown, and while the questions stand. AppTest cannot change a data editor, the map, a drawing
that can be clicked or a file that is given: the browser tests try those. Nor are the guesses themselves tried here:
``test_questions.py`` answers each.
"""

import time
from types import MappingProxyType

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from tests.pages.reading import APP, PATHS, shorten_lab

# What a run is given, by the button that starts it: seen in what comes out of the run.
FOR_A_RUN = MappingProxyType(
    {
        "Test": "report_limit report_case",
        "Measure": "lookup_v lookup_d lookup_b lookup_ids lookup_sparse lookup_threads lookup_thorough",
        "Train": "word2vec_method word2vec_epochs word2vec_dimension word2vec_how word2vec_negative word2vec_seed "
        "word2vec_sample word2vec_alpha language_tokens language_model language_steps language_tied "
        "language_dimension language_blocks language_batch language_rate language_seed language_prompt",
        "Train both": "position_seed",
        "Look": "source_hub",
        "Add": "features_new",
    }
)
ELSEWHERE = frozenset(key for keys in FOR_A_RUN.values() for key in keys.split())
# The same on many pages, and tried on one of them.
ONCE = MappingProxyType({"source": "similar_words"})
# What makes no difference while a question stands, and why that is right.
AFTER_THE_ANSWER = MappingProxyType(
    {
        "traps_seed": "The maps that it begins are the answer.",
        "language_context": "The gradient of a batch is the answer; and it is given to a run.",
        "language_pairs": "The gradient of a batch is the answer; and it is given to a run.",
        "after_first": "The model reads the sentences for the answer; the question is about the word in them.",
        "after_second": "The model reads the sentences for the answer; the question is about the word in them.",
    }
)
# What else a page is opened with: other projections have other controls.
ADDRESSES = [(page, {}) for page in PATHS] + [("words_in_space", {"space_method": name}) for name in ("t-SNE", "UMAP")]
_FIELDS = ("text_input", "text_area")
_CHOICES = ("selectbox", "select_slider", "button_group")
_KINDS = (*_FIELDS, *_CHOICES, "slider", "toggle", "checkbox", "number_input", "multiselect")


@pytest.fixture(scope="module")
def home() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=120).run()


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch):
    shorten_lab(monkeypatch, {"V": (4, 1_000), "D": (64,), "B": (64,)})


def opened(home: AppTest, page: str, **query: str) -> AppTest:
    """The page by a link with these settings, in a session of its own."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app._page_hash = home.switch_page(PATHS[page])._page_hash
    app.query_params.update(query)
    return settled(app.run())


def elements(block: Block) -> list[Element]:
    """All that is drawn in ``block``, but for the blocks themselves."""
    found = []
    for child in block.children.values():
        found += elements(child) if isinstance(child, Block) else [child]
    return found


def seen(app: AppTest, without: str = "") -> list[bytes]:
    """Everything on the page but its sidebar and the control ``without``."""
    shown = [each for each in elements(app.main) if getattr(each, "key", None) != without or not without]
    return [each.proto.SerializeToString(deterministic=True) for each in shown if each.proto is not None]


def settled(app: AppTest, seconds: float = 240) -> AppTest:
    """The page once what runs in the background is over: nothing changes by itself."""
    give_up = time.monotonic() + seconds
    before = seen(app)
    while time.monotonic() < give_up:
        if (now := seen(app.run())) == before and not any(str(button.key).endswith("_stop") for button in app.button):
            assert not app.exception
            return app
        before = now
    raise AssertionError("the page never comes to rest")


def controls(app: AppTest) -> dict[str, str]:
    """The kind of each control on the page that can be used, by its key; but for the guesses."""
    found = [each for each in elements(app.main) if each.type in _KINDS and not each.proto.disabled]
    found = [each for each in found if each.label != "Your guess"]
    return {each.key: each.type for each in found if each.key}


def control(app: AppTest, key: str):
    (found,) = [each for each in elements(app.main) if getattr(each, "key", None) == key and each.type in _KINDS]
    return found


def change(widget) -> None:
    """Give ``widget`` a value that it takes and does not have."""
    if widget.type in _CHOICES:
        return _choose(widget)
    value = widget.value
    match widget.type:
        case "toggle" | "checkbox":
            other = not value
        case "text_input" | "text_area":
            other = _other_text(value)
        case "number_input":
            step = widget.proto.step or 1
            value = (widget.min or 0) if value is None else value  # an empty one leaves the choice to the app
            other = value - step if widget.max is not None and value + step > widget.max else value + step
        case "slider":
            other = _other_place(widget, value)
        case _:
            other = value[1:] if value else widget.options[:1]
    widget.set_value(other)


def _choose(widget) -> None:
    """Choose as a browser does, which knows the options' labels alone: another one, or two where several may be."""
    state = WidgetState(id=widget.id)
    taken = [] if widget.value is None else _labels(widget)
    others = [label for label in widget.options if label not in taken]
    if widget.type == "selectbox":
        state.string_value = others[0]
    else:
        several = widget.type == "button_group" and not widget._is_single_select
        state.string_array_value.data[:] = taken[1:] if several and taken else others[: 2 if several else 1]
    widget.__class__ = type("Chosen", (type(widget),), {"_widget_state": property(lambda _: state)})


def _labels(widget) -> list[str]:
    state = widget._widget_state
    return [state.string_value] if widget.type == "selectbox" else list(state.string_array_value.data)


def _other_place(widget, value):
    if isinstance(value, tuple | list):
        return (value[0], value[0]) if value[0] != value[1] else (widget.min, widget.max)
    return widget.max if value != widget.max else widget.min


def _other_text(text: str) -> str:
    words = text.split()
    return " ".join(words[:-1]) if len(words) > 1 else "house"


@pytest.mark.parametrize("answers", ["true", "false"], ids=["answers shown", "questions open"])
@pytest.mark.parametrize(
    ("page", "query"), ADDRESSES, ids=[" ".join((page, *query.values())) for page, query in ADDRESSES]
)
def test_every_control_has_a_visible_effect(home, page, query, answers):
    app = opened(home, page, show_answers=answers, **query)
    excused = ELSEWHERE if answers == "true" else ELSEWHERE | set(AFTER_THE_ANSWER)
    without_effect = []
    for key in controls(app):
        if key in excused or key not in controls(app) or ONCE.get(key, page) != page:
            continue
        usual, before = control(app, key).value, seen(app, key)
        change(control(app, key))
        app.run()
        assert not app.exception
        if seen(app, key) == before and seen(settled(app), key) == before:  # at once, or after some work
            without_effect.append(key)
        if key in controls(app):
            control(app, key).set_value(usual)
        settled(app)
    assert not without_effect, " ".join(without_effect)


def test_what_is_said_to_be_seen_elsewhere_is_there():
    code = "".join(file.read_text(encoding="utf-8") for file in (APP.parent / "components").rglob("*.py"))
    keys = (*ELSEWHERE, *AFTER_THE_ANSWER, *ONCE)
    made = {key: f'f"{key.rpartition("_")[0]}_{{' for key in keys}  # as of one for each axis
    assert [key for key in keys if f'"{key}"' not in code and made[key] not in code] == []
