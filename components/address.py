"""Settings that the page's address keeps: checked once, where they come in, by what their own control allows."""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.markup import as_code_list

_MAX_URL = 1_500  # characters of one setting; longer addresses are refused by servers and chat programs
_VISIT = "address_visit"  # in the session
_LONG = "long"  # in the address, for a moment


@dataclass(frozen=True)
class Rule:
    """What a control allows.

    Attributes:
        name: What the reader sees above it.
        allows: Whether it takes the values that the address has under its key, of which there is at least one.
        takes: What it takes, in words.
    """

    name: str
    allows: Callable[[Sequence[str]], bool]
    takes: str


@dataclass
class _Visit:
    """What the address asked for since the reader came to this page.

    Attributes:
        page: Which page.
        box: Where refusals are told.
        seen: Keys of the controls that were drawn: what the address says after that is the reader's own.
        refused: A sentence for each value that was refused, under its key, and the value that stands in its place.
        unkept: Keys of what was too long for the address when it was last drawn.
    """

    page: str
    box: DeltaGenerator
    seen: set[str] = field(default_factory=set)
    refused: dict[str, tuple[str, Any]] = field(default_factory=dict)
    unkept: set[str] = field(default_factory=set)

    def tell(self) -> None:
        if self.refused:
            self.box.warning("\n\n".join(sentence for sentence, _ in self.refused.values()))
        else:
            self.box.empty()


def watch(page: str) -> None:
    """Make room, at the head of ``page``, for what is to be said of its address; for app.py, before the page runs."""
    before = st.session_state.get(_VISIT)
    visit = _Visit(page, st.empty())
    if before is not None and before.page == page:
        visit.seen, visit.refused, visit.unkept = before.seen, before.refused, before.unkept
    st.session_state[_VISIT] = visit
    if visit.refused:
        visit.tell()


def setting(
    widget: Callable, *arguments: Any, key: str, refusal: Callable[[str], str] | None = None, **options: Any
) -> Any:
    """``widget``, such as ``st.slider``, drawn with these arguments; its value is kept in the address and the session.

    A value in the address that the widget does not allow gives way to the usual one. The page then says what was asked
    for and what would work, or what ``refusal`` makes of the value.
    """
    asked = st.query_params.get_all(key)
    rule = _rule(widget, arguments, options) if asked else None
    place = _place(key, rule, asked, refusal)
    value = widget(*arguments, key=key, bind=place, persist_state="session", **options)
    _settle(key, value)
    return value


def whole_number(key: str, name: str, high: int) -> int | None:
    """The number from 0 to ``high`` that the address came with under ``key``, to which no widget is bound.

    What stands for it from then on is in the session under the same key.
    """
    rule = _number_rule(name, 0, high, whole=True)
    asked = st.query_params.get_all(key)
    arrived = asked and key not in _visit().seen
    refused = _refuses(key, rule if asked else None, asked)
    _settle(key, st.session_state.get(key))
    return int(float(asked[0])) if arrived and not refused else None


def arrived(key: str) -> str | None:
    """What the address came with under ``key``, to which no widget is bound; ``None`` once it was asked for."""
    seen = _visit().seen
    first = key not in seen
    seen.add(key)
    return st.query_params.get(key) if first else None


def current_page() -> str:
    """The address of the page that runs."""
    return _visit().page


def url_binding(key: str) -> str | None:
    """Where the text or the words under ``key`` are kept: in the address, unless they are too long for one."""
    typed = st.session_state.get(key)
    parts = [typed] if isinstance(typed, str) else typed if isinstance(typed, list) else []
    return "query-params" if sum(len(quote(str(part))) + 1 for part in parts) <= _MAX_URL else None


def _visit() -> _Visit:
    if _VISIT not in st.session_state:  # a page that runs without app.py
        watch("")
    return st.session_state[_VISIT]


def _refuses(key: str, rule: Rule | None, asked: Sequence[str], refusal: Callable[[str], str] | None = None) -> bool:
    """Whether this is the first that is seen of ``key``, and what the address asks for does not work."""
    visit = _visit()
    first = key not in visit.seen
    visit.seen.add(key)
    if not first or rule is None or rule.allows(asked):
        return False
    what = as_code_list(asked) if any(asked) else "nothing"
    sentence = f"The address sets **{rule.name}** to {what}, which does not work: it takes {rule.takes}."
    if refusal is not None and any(asked):
        sentence = refusal(asked[-1])
    visit.refused[key] = (f"{sentence} You see the usual value instead.", ...)
    return True


def _place(key: str, rule: Rule | None, asked: Sequence[str], refusal: Callable[[str], str] | None) -> str | None:
    """What the control under ``key`` is bound to: nothing as long as the address has what it does not allow."""
    if _refuses(key, rule, asked, refusal):
        return None  # the address is mended in the next run: so early, a browser would make an entry in its history
    if rule is not None and key in _visit().refused and not rule.allows(asked):
        del st.query_params[key]
        if key in st.session_state:
            _write(key)  # once the reader has chosen
    return _kept_or_not(key)


def _kept_or_not(key: str) -> str | None:
    """``url_binding(key)``, and an address that follows when a text becomes too long for it, or short enough again."""
    place, unkept = url_binding(key), _visit().unkept
    if place is None and key not in unkept:
        unkept.add(key)
        # The browser has it in the address already. Streamlit takes it out, but not from an address of half a million
        # letters, of which it takes no note; any change sends the browser the address that Streamlit knows.
        st.query_params[_LONG] = ""
        del st.query_params[_LONG]
    elif place is not None and key in unkept:
        unkept.remove(key)
        _write(key)
    return place


def _write(key: str) -> None:
    """Have the address say what the control under ``key``, drawn after this, holds already."""
    st.session_state[key] = st.session_state[key]


def _settle(key: str, value: Any) -> None:
    """Tell of a value that was refused, until ``value`` is no longer the one that stood in its place."""
    visit = _visit()
    if key not in visit.refused:
        return
    sentence, usual = visit.refused[key]
    if usual is ...:
        visit.refused[key] = (sentence, value)
    elif usual != value:
        del visit.refused[key]
    else:
        return
    visit.tell()


def _rule(widget: Callable, arguments: Sequence[Any], options: Mapping[str, Any]) -> Rule:
    """What ``widget`` allows when it is drawn with these arguments."""
    signature = inspect.signature(widget)
    bound = signature.bind(*arguments, **options)
    bound.apply_defaults()
    given = bound.arguments
    match widget.__name__:
        case "number_input" | "slider":
            return _number_of(given)
        case "pagination":
            return _number_rule("Page", 1, given["num_pages"], whole=True)
        case "toggle" | "checkbox":
            return _choice_rule(given["label"], ("true", "false"), capitals=False)
        case "text_input" | "text_area":
            return _text_rule(given["label"])
        case _:
            return _choice_of(given)


def _number_of(given: Mapping[str, Any]) -> Rule:
    bounds = given["min_value"], given["max_value"]
    empty = given["value"] is None and "placeholder" in given  # a slider without a value starts at its low end
    numbers = [number for number in (*bounds, given["value"], given["step"]) if isinstance(number, int | float)]
    whole = all(isinstance(number, int) for number in numbers)
    return _number_rule(given["label"], *bounds, whole=whole, none=empty)


def _number_rule(name: str, low: float, high: float, whole: bool, none: bool = False) -> Rule:
    def allows(asked: Sequence[str]) -> bool:
        if len(asked) != 1 or not asked[0]:
            return none and not any(asked)
        try:
            number = float(asked[0])
        except ValueError:
            return False
        return math.isfinite(number) and low <= number <= high and (not whole or number.is_integer())

    return Rule(name, allows, f"a {'whole ' if whole else ''}number from {_written(low)} to {_written(high)}")


def _written(number: float) -> str:
    """``number`` in full.

    >>> _written(9_999), _written(0.00001), _written(10_000.0)
    ('9,999', '0.00001', '10,000')
    """
    written = f"{Decimal(str(number)):,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _choice_of(given: Mapping[str, Any]) -> Rule:
    """The rule of a list: select slider, pills, boxes."""
    names = [str((given["format_func"] or str)(option)) for option in given["options"]]
    pills = "selection_mode" in given
    many = given["selection_mode"] == "multi" if pills else "max_selections" in given
    new = given.get("accept_new_options", False)
    if many:
        return _choices_rule(given["label"], names, given.get("max_selections"), new)
    none = not given["required"] if pills else given.get("index", 0) is None
    return _choice_rule(given["label"], names, new=new, none=none)


def _choice_rule(name: str, names: Sequence[str], new: bool = False, none: bool = False, capitals: bool = True) -> Rule:
    def allows(asked: Sequence[str]) -> bool:
        if len(asked) != 1 or not asked[0]:
            return none and not any(asked)
        return new or asked[0] in names or (not capitals and asked[0].lower() in names)

    return Rule(name, allows, f"one of {as_code_list(names)}" + (" or another word" if new else ""))


def _choices_rule(name: str, names: Sequence[str], limit: int | None, new: bool) -> Rule:
    def allows(asked: Sequence[str]) -> bool:
        parts = [part for part in asked if part]
        return (limit is None or len(parts) <= limit) and (new or all(part in names for part in parts))

    some = "any" if limit is None else f"up to {limit}"
    return Rule(name, allows, f"{some} of {as_code_list(names)}" + (" and other words" if new else ""))


def _text_rule(name: str) -> Rule:
    """A text of any length: what is beyond the limit of its field is left out there, however it came."""
    return Rule(name, lambda asked: len(asked) == 1, "one text")
