"""The bytes that a page keeps for its visitor: asked for before they are taken, and let go when others need them."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from components.session import visit
from components.session.memory_account import Charge
from embeddings.common import TooLarge, held_bytes

P = ParamSpec("P")
R = TypeVar("R")


def charge(
    name: str, size: int, let_go: Callable[[], object], sentence: str = "", spare: bool = False, what: str = "This"
) -> None:
    """Note that the visitor holds ``size`` bytes under ``name``, in place of what was noted there.

    Args:
        name: Of what is held.
        size: Bytes.
        let_go: Lets it go, from any thread, when others need the memory.
        sentence: Told to the visitor then, as Markdown.
        spare: Whether it can be computed again without a word.
        what: What a refusal calls it.

    Raises:
        TooLarge: One visitor may not hold that much; nothing changes.
    """
    here = visit.current()

    def go() -> None:
        let_go()
        if sentence:
            here.lost.append(sentence)

    visit.account().charge(here.owner, name, Charge(size, go, spare), here.group, what)


def release(name: str) -> None:
    """Note that what was held under ``name`` is no longer."""
    visit.account().release(visit.current().owner, name)


def reserved(name: str, size: int, what: str) -> AbstractContextManager[None]:
    """Room for ``size`` bytes while something is made that takes them.

    Raises:
        TooLarge: There is none; raised on entering.
    """
    here = visit.current()
    return visit.account().reserved(here.owner, name, size, here.group, what)


def remembered(
    max_entries: int, spinner: str = "", size: Callable[..., int] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator: the latest ``max_entries`` answers of a function are kept for the visitor, until others need memory.

    Like ``st.cache_resource(scope="session")``: arguments whose names begin with ``_`` do not tell answers apart.

    Args:
        max_entries: Answers that are kept.
        spinner: What is said while one is made; nothing for "".
        size: About how many bytes the answer to the function's arguments holds; by default each is looked through.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__}.{function.__qualname__}"
        asked = signature(function)

        @wraps(function)
        def ask(*arguments: P.args, **options: P.kwargs) -> R:
            answers: OrderedDict[tuple, tuple[R, int]] = visit.kept(name, OrderedDict)
            given = asked.bind(*arguments, **options).arguments
            key = tuple(value for argument, value in given.items() if not argument.startswith("_"))
            if (kept := answers.get(key)) is not None:
                return kept[0]
            with st.spinner(spinner) if spinner else nullcontext():
                answer = function(*arguments, **options)
            held = held_bytes(answer, visit.account().max_each + 1) if size is None else size(*arguments, **options)
            _keep(name, answers, key, (answer, held), max_entries)
            return answer

        return ask

    return decorate


def shared_unless_private(
    max_entries: int, spinner: str = ""
) -> Callable[[Callable[P, R]], Callable[Concatenate[bool, P], R]]:
    """A decorator: a function's latest ``max_entries`` answers are kept for all visitors, but for what is private.

    Whether it is comes before the function's own arguments. What is private is kept for its visitor alone, as by
    ``remembered``: an answer that is there at once would tell others that somebody has asked the same.
    """

    def decorate(function: Callable[P, R]) -> Callable[Concatenate[bool, P], R]:
        shared = st.cache_resource(max_entries=max_entries, show_spinner=spinner or False)(function)
        own = remembered(max_entries, spinner)(function)

        @wraps(function)
        def ask(private: bool, *arguments: P.args, **options: P.kwargs) -> R:
            return (own if private else shared)(*arguments, **options)

        return ask

    return decorate


def _keep(name: str, answers: OrderedDict, key: tuple, answer: tuple[object, int], max_entries: int) -> None:
    answers[key] = answer
    while len(answers) > max_entries:
        answers.popitem(last=False)
    try:
        charge(name, sum(held for _, held in list(answers.values())), answers.clear, spare=True)
    except TooLarge:  # it was asked for, and so it is shown, but not kept
        answers.clear()
        release(name)
