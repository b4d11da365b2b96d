"""The short path stays short: how many words of the app's own stand in sight, outside of folds."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from components.navigation import path
from tests.pages.reading import answer_all, open_page, unlinked

LESSONS = [PurePosixPath(lesson.path).stem for lesson in path()]
FOLDS = ("expander", "popover")
MOST = 280  # words on one page
MOST_IN_ALL = 2_300
PROSE = ("title", "subheader", "markdown", "caption", "info", "success", "warning", "error")


def prose_in_sight(node: Block) -> Iterator[str]:
    """All that is written in ``node`` and is not folded up; of a fold, nothing."""
    for child in node.children.values():
        if isinstance(child, Block):
            if child.type not in FOLDS:
                yield from prose_in_sight(child)
        elif child.type in PROSE:
            yield unlinked(child.value)


def count(app: AppTest) -> int:
    """Words in sight; a number or a sign is none."""
    return len(re.findall(r"[^\W\d_][\w'’-]*", " ".join(prose_in_sight(app.main))))


@pytest.fixture(scope="module")
def counts() -> Mapping[str, int]:
    """Of each page of the path the words in sight, as it opens or once all is answered: the larger number."""
    found = {}
    for address in LESSONS:
        app = open_page(address)
        opened = count(app)
        answer_all(app)
        found[address] = max(opened, count(app))
    return found


@pytest.mark.parametrize("address", LESSONS)
def test_a_page_of_the_path_has_few_words_in_sight(counts, address):
    assert counts[address] <= MOST


def test_the_path_as_a_whole_has_few_words_in_sight(counts):
    assert sum(counts.values()) <= MOST_IN_ALL
