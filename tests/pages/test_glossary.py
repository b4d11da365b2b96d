"""Each term is explained where a page first uses it, and leads to the glossary from there on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import pytest
from streamlit.testing.v1 import AppTest

from components import glossary, navigation
from tests.pages.reading import APP, PATHS, answer_all, open_page, unfold_all, unlinked, words

STANDING = ("markdown", "caption")  # prose that stands on a page; the others answer what the reader did
PROSE = (*STANDING, "info", "success", "warning", "error")
ORDERS = {
    "the short path": [lesson.path for lesson in navigation.path()],
    "all lessons": [lesson.path for lesson in navigation.LESSONS],
}


@dataclass(frozen=True)
class Page:
    """What can be read on a page, from its lead on: ``(kind, text)`` of its prose; and what all its controls say."""

    prose: Sequence[tuple[str, str]]
    labels: Sequence[str]


def read(app: AppTest, path: str) -> Page:
    (lead,) = [lesson.lead for lesson in navigation.LESSONS if lesson.path == path]
    elements = list(app.main)
    prose = [(element.type, element.value) for element in elements if element.type in PROSE]
    start = [unlinked(text) for _, text in prose].index(lead)  # what stands before it is shared by many pages
    labels = [getattr(element, "label", "") for element in elements if element.type not in PROSE]
    return Page(prose[start:], [label for label in labels if isinstance(label, str)])


@pytest.fixture(scope="module")
def pages() -> Iterator[Mapping[str, Mapping[str, Page]]]:
    """Each page as it opens, and with all its questions answered, by its file."""
    found = {}
    for address, path in PATHS.items():
        app = unfold_all(open_page(address))
        opened = read(app, path)
        answer_all(app)
        found[path] = {"opened": opened, "answered": read(app, path)}
    yield found


@pytest.mark.parametrize("state", ["opened", "answered"])
@pytest.mark.parametrize("order", ORDERS)
def test_each_term_is_explained_where_it_is_first_used(pages, order, state):
    explained: set[str] = set()
    missing = []
    for path in ORDERS[order]:
        page = pages[path][state]
        for _, text in page.prose:
            text = unlinked(text)
            explained |= {term.name for term in glossary.TERMS if term.sentence in text}
            missing += [(path, name, text) for name in glossary.used_in(text) if name not in explained]
        labels = [(path, name, label) for label in page.labels for name in glossary.used_in(label)]
        missing += [(path, name, label) for path, name, label in labels if name not in explained]
    assert missing == []


def test_every_term_is_explained_in_some_lesson(pages):
    texts = [unlinked(text) for page in pages.values() for _, text in page["answered"].prose]
    assert [term.name for term in glossary.TERMS if not any(term.sentence in text for text in texts)] == []


@pytest.mark.parametrize("state", ["opened", "answered"])
@pytest.mark.parametrize("path", PATHS.values(), ids=list(PATHS))
def test_where_a_page_first_uses_a_term_it_explains_it_or_leads_to_the_glossary(pages, path, state):
    seen: set[str] = set()
    loose = []
    for kind, text in pages[path][state].prose:
        linked = {term.name for term in glossary.TERMS if f"](glossary#{term.anchor} " in text}
        plain = unlinked(text)
        for name in glossary.used_in(plain):
            if kind in STANDING and name not in seen | linked and glossary.sentence(name) not in plain:
                loose.append((name, text))
            seen.add(name)
    assert loose == []


@pytest.mark.parametrize("path", PATHS.values(), ids=list(PATHS))
def test_no_heading_and_no_label_holds_a_link(pages, path):
    assert [label for label in pages[path]["answered"].labels if "glossary#" in label] == []


def test_perplexity_is_explained_where_a_map_asks_for_it():
    app = open_page("words_in_space", space_method="t-SNE")
    assert any("Perplexity" in slider.label for slider in app.slider)
    assert glossary.sentence("perplexity") in words(app)


def test_a_visitors_words_lead_nowhere():
    app = open_page("words_as_numbers", numbers_words="token vector embedding")
    (about,) = [element.value for element in app.markdown if "By these numbers" in element.value]
    assert "`token`" in about
    assert "glossary#" not in about


def test_the_glossary_has_every_term_and_leads_to_its_lessons():
    app = AppTest.from_file(str(APP), default_timeout=120).run().switch_page(glossary.PATH).run()
    assert not app.exception
    assert [title.value for title in app.title] == [glossary.TITLE]
    assert [each.value for each in app.subheader] == sorted((term.name for term in glossary.TERMS), key=str.lower)
    said = [re.sub(r'\[([^\]]*)\]\(#[\w-]+ "[^"]*"\)', r"\1", element.value) for element in app.markdown]
    assert {term.sentence for term in glossary.TERMS} <= set(said)
    shown = [navigation.lesson_at(address).title for term in glossary.TERMS for address in term.lessons]
    assert sorted(link.proto.label for link in app.main.get("page_link")) == sorted(shown)


def test_the_glossary_comes_last_in_the_menu_and_is_no_lesson():
    assert PurePosixPath(glossary.PATH).stem == glossary.ADDRESS
    assert glossary.PATH not in PATHS.values()
