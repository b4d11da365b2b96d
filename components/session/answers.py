"""Answers about a table that a whole class asks for: computed once, and kept for all visitors."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from components.session import user_tables
from embeddings.vectors import WordVectors

P = ParamSpec("P")
R = TypeVar("R")


def shared_answers(
    max_entries: int,
) -> Callable[[Callable[Concatenate[WordVectors, P], R]], Callable[Concatenate[WordVectors, P], R]]:
    """A decorator: a function's latest ``max_entries`` answers on tables that every visitor may use are kept.

    What is asked of a visitor's own table is computed each time, and kept by nobody. Arguments whose names begin with
    ``_`` do not tell answers apart. An answer is shared, so nobody may change it.
    """

    def decorate(function: Callable[Concatenate[WordVectors, P], R]) -> Callable[Concatenate[WordVectors, P], R]:
        shared = st.cache_resource(max_entries=max_entries, show_spinner=False, hash_funcs={WordVectors: _name})(
            function
        )

        @wraps(function)
        def ask(table: WordVectors, *arguments: P.args, **options: P.kwargs) -> R:
            own = table.name.startswith(user_tables.PREFIX)  # also one that was taken off the shelf just now
            return (function if own else shared)(table, *arguments, **options)

        return ask

    return decorate


def _name(table: WordVectors) -> str:
    return table.name
