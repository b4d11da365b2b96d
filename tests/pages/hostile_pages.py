"""Every page with hostile addresses, texts and files, in a process of bounded memory: run by ``test_hostile_input.py``.

What can be typed into, given or set is found on the pages themselves. A case is one value for one of these.
"""

import re
from itertools import count
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from app import GENERIC_ERROR
from embeddings import jobs
from tests import fuzzing, memory
from tests.pages.arriving import STATES, Arrive, allowed, arriving, bounds, elements
from tests.pages.arriving import settings as settings_of
from tests.pages.reading import run_until, words

TRIES = 9  # addresses, texts and files for each state of a page
LEAST_CASES = 2_000
MAX_GROWTH = 600_000_000  # bytes of address space, once every page was open
STAYS = 100_000  # characters of what was typed that stay in any field
MARKUP = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>', "<!-- x"),
    *("</style><svg onload=alert(1)>", "[x](javascript:alert(1))", "![x](http://192.0.2.1/x.png)", "$x^2$"),
    *(r"$\href{javascript:alert(1)}{x}$", "[x](http://192.0.2.1)", "**bold**", ":red[x]", ":material/close:"),
)
PIECES = (
    *MARKUP,
    *(" ", "\n", "\t", ",", ";", "`", "``", "\\", "'", '"', "#", "|", "%s", "{0}", "\x00", "\u202e", "\u200b"),
    *("\u200d", "\ufeff", "\u0301", "😀", "👩\u200d👧", "שלום", "猫", "cat", "king", "Cat", "+", "-", "nan", "3"),
)
ABSURD = (
    *("", " ", "nobody", "1e309", "inf", "-inf", "nan", "-1", "3.7", "0x10", "1_0000", "1,000,000", "true", "None"),
    *("9" * 5_000, "9" * 100_000, "cat " * 5_000, b"\xed\xa0\x80", "a\x00b", "\u202eevil", "../../etc/passwd"),
    *(["1", "2", "1"], ["", "x"], '["a"]', '{"a": 1}', "<script>alert(1)</script>", "**b** [x](http://y) $x$ :red[x]"),
)
PARTS = st.one_of(st.sampled_from(PIECES), st.text(max_size=6))
TEXTS = st.one_of(
    st.lists(PARTS, max_size=8).map(" ".join),
    st.lists(PARTS, max_size=8).map("".join),
    st.builds(str.__mul__, st.sampled_from(PIECES), st.sampled_from((40, 2_000))),
)
VALUES = st.one_of(st.sampled_from(ABSURD), TEXTS)
NAMES = st.sampled_from(("a.txt", "<img src=x onerror=alert(1)>.vec", "../../a", "a.zip", "\u202etxt.gz", "a"))
ROWS = b"<script>alert(1)</script> 1 0\n[x](javascript:alert(1)) 0 1\n$x$ 1 1\nking 2 1\n"
FILES = st.one_of(
    st.binary(max_size=60),
    TEXTS.map(str.encode),
    st.randoms(use_true_random=False).map(lambda chance: fuzzing.mutated(ROWS, chance)),
)

cases = count()


@pytest.fixture(scope="module")
def arrive() -> Arrive:
    """Opens pages; each was open once, and from here on the process may take little more memory."""
    arrive_ = arriving()
    for page, state in STATES:
        run_until(arrive_(page, state), nothing_is_read)  # else a table is first opened under the cap
    memory.cap(MAX_GROWTH)
    return arrive_


def nothing_is_read() -> bool:
    return not any(job.kind is jobs.READING for job in jobs.shared_queue()._all())


@pytest.mark.parametrize(
    ("page", "state"), STATES, ids=lambda part: part if isinstance(part, str) else "-".join(part)[:40]
)
def test_a_hostile_address_text_or_file_gets_a_sentence(arrive, page, state):
    usual = settings_of(arrive(page, state))
    keys = [key for key in usual if key not in state]

    @settings(
        max_examples=TRIES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), report_multiple_bugs=False
    )
    @given(st.fixed_dictionaries(dict.fromkeys(keys, VALUES)), st.data())
    def try_it(address: dict[str, Any], data: st.DataObject) -> None:
        app = arrive(page, state | address)
        expect_a_usable_page(app)
        expect_usual_settings(app, address, usual)
        expect_texts_stay(app, type_and_give(app, data))

    try_it()


def test_there_were_enough_cases():
    assert next(cases) > LEAST_CASES


def expect_a_usable_page(app: AppTest) -> None:
    """No error but sentences, and nothing of a visitor's that is read as HTML or Markdown."""
    assert not app.exception
    assert GENERIC_ERROR not in words(app)
    for element in elements(app):
        shown = rendered(element)
        assert not [piece for piece in MARKUP if piece in shown], shown[:600]


def rendered(element: Element) -> str:
    """What a browser reads as Markdown or HTML: without spans of code, escaped signs and what is text in any case."""
    match element.type:
        case "markdown" | "caption" | "info" | "success" | "warning" | "error":
            text = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", element.value, flags=re.DOTALL)
            return re.sub(r"\\[^\w\s]", "", text)
        case "html":
            return element.proto.body
        case "plotly_chart":
            return "".join(piece for piece in MARKUP if piece.startswith("<") and piece in element.proto.spec)
    return ""


def expect_usual_settings(app: AppTest, asked: dict[str, Any], usual: dict[str, Element]) -> None:
    """A setting takes what its control allows, or else its usual value, and a sentence says so."""
    told = words(app)
    for control in elements(app):
        key = getattr(control, "key", None)
        if key not in asked:
            continue
        next(cases)
        if allowed(control, asked[key]):
            continue
        named = f"The address sets **{getattr(control, 'label', 'Page')}** to"  # pagination has no label
        assert ("The link asks for" if key == "source" and asked[key] else named) in told, (key, asked[key])
        if bounds(control) == bounds(usual[key]):  # else a text or a choice made others of them
            assert control.value == usual[key].value, (key, asked[key])


def type_and_give(app: AppTest, data: st.DataObject) -> dict[str, str]:
    """Put a text into each field and a file into each place for one, and run the page; the texts, by key."""
    typed = {}
    for element in list(elements(app)):
        kind = type(element.proto).__name__
        if kind == "FileUploader":
            endings = st.sampled_from(list(element.proto.type) or ["", ".npy"])  # others stay with the browser
            element.set_value([(data.draw(NAMES) + data.draw(endings), data.draw(FILES), "")])
        elif make := _MESSAGES.get(kind if getattr(element.proto, "accept_new_options", True) else ""):
            text = data.draw(TEXTS)
            send(element, WidgetState(id=element.proto.id, **make(text)))
            typed |= {element.key: text} if kind in ("TextInput", "TextArea") else {}
        else:
            continue
        next(cases)
    app.run()
    expect_a_usable_page(app)
    return typed


def send(element: Element, state: WidgetState) -> None:
    """With the next run, as a browser does; AppTest itself sends no option that is not in the list."""
    element.__class__ = type("Sent", (type(element),), {"_widget_state": property(lambda _: state)})


_MESSAGES = MappingProxyType(
    {
        "TextInput": lambda text: {"string_value": text},
        "TextArea": lambda text: {"string_value": text},
        "Selectbox": lambda text: {"string_value": text},
        "MultiSelect": lambda text: {"string_array_value": StringArray(data=text.split(" ")[:50])},
    }
)


def expect_texts_stay(app: AppTest, typed: dict[str, str]) -> None:
    for element in elements(app):
        text = typed.get(getattr(element, "key", None) or "")
        if text is not None and len(text) <= STAYS:
            assert element.value == text, element.key
