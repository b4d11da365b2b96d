"""A teacher's own lesson: made on its page, and followed by a student from its link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.markup import escaped
from components.navigation import LESSONS
from components.own_lesson.fields import fields, fields_by_page
from components.own_lesson.link import OwnLesson, decode, encode
from tests.pages.reading import APP, PATHS, open_page, run_until, words

TITLES = {Path(lesson.path).stem: lesson for lesson in LESSONS}
HOSTILE = "**bold** :red[x] <b>b</b> $x$ [a](b) `c`"
OWN = OwnLesson(
    HOSTILE,
    (TITLES["one_hot"], TITLES["words_in_space"], TITLES["home"]),
    ("bread", "cheese", "apple", "soup"),
    "The cook cuts the bread.\nThe child eats an apple.",
)


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def typed(app: AppTest) -> dict[str, object]:
    """What the fields of a page hold, by their keys."""
    kinds = (app.text_input, app.text_area, app.multiselect, app.button_group)
    return {field.key: field.value for kind in kinds for field in kind if field.key}


def go_to(app: AppTest, page: str) -> None:
    """Go to another page as a browser does, which leaves the old page's settings behind."""
    app.query_params.clear()
    app.switch_page(PATHS[page]).run()
    if page == "vocabularies":  # its fields are drawn once a vocabulary is open
        run_until(app, lambda: "vocabularies_text" in typed(app))
    assert not app.exception


def visited(app: AppTest) -> Iterator[AppTest]:
    for page in PATHS:
        go_to(app, page)
        yield app


def test_the_words_and_the_text_stand_in_the_fields_of_every_page():
    app = open_page("one_hot", lesson=encode(OWN))
    found = {key: value for page in visited(app) for key, value in typed(page).items()}
    assert not app.error
    expected = fields(OWN)
    assert {key: found.get(key) for key in expected} == expected
    assert app.query_params["lesson"] == encode(OWN)


def test_a_page_that_keeps_its_own_examples_says_so_and_no_other_does():
    filled = fields_by_page(OWN)
    app = open_page("one_hot", lesson=encode(OWN))
    for page in PATHS:
        go_to(app, page)
        assert ("This page keeps its own examples." in words(app)) is (page not in filled), page
        assert set(filled.get(page, ())) <= set(typed(app)), page


def test_what_a_student_changes_stays_and_what_the_address_says_comes_first():
    app = open_page("one_hot", lesson=encode(OWN), similar_word="king")
    app.text_input(key="onehot_words").set_value("cat dog").run()
    go_to(app, "similar_words")
    assert app.text_input(key="similar_words").value == "bread cheese apple soup"
    assert app.text_input(key="similar_word").value == "king"
    go_to(app, "one_hot")
    assert app.text_input(key="onehot_words").value == "cat dog"


def test_next_and_previous_follow_the_lesson_until_it_is_left():
    app = open_page("words_in_space", lesson=encode(OWN))
    assert links(app)[-2:] == ["Previous: One-hot vectors", "Next: From words to numbers"]
    assert f"**{escaped(HOSTILE)}**: this is a lesson by your teacher." in [caption.value for caption in app.caption]
    go_to(app, "home")
    assert links(app)[-1] == "Back to the start: One-hot vectors"
    cards = [f"**{number}. {lesson.title}**" for number, lesson in enumerate(OWN.lessons, 1)]
    assert [label for label in links(app) if label.startswith("**")] == cards
    assert "short path" not in words(app)

    app.button(key="own_lesson_leave").click().run()

    assert "lesson" not in app.query_params
    assert "Next: Cutting text into tokens" in links(app)
    assert "short path" in words(app)
    go_to(app, "one_hot")
    assert "Next: Vectors with meaning" in links(app)
    assert "lesson" not in app.query_params
    assert "your teacher" not in words(app)


@pytest.mark.parametrize("code", ["", "abc", "<script>alert(1)</script>", "x" * 100_000, encode(OWN)[:-2]])
def test_a_broken_link_opens_the_usual_app_with_a_sentence(code):
    app = open_page("one_hot", lesson=code)
    assert "This link should open a teacher’s lesson" in words(app)
    assert "Next: Vectors with meaning" in links(app)
    go_to(app, "home")
    assert "teacher" not in words(app)


def test_a_broken_link_leaves_the_lesson_that_is_followed_as_it_is():
    app = open_page("one_hot", lesson=encode(OWN))
    app.query_params["lesson"] = "abc"
    app.run()
    assert "This link should open" in words(app)
    assert "Next: Words in space" in links(app)


@pytest.fixture
def form() -> AppTest:
    home = AppTest.from_file(str(APP), default_timeout=120).run()
    return home.switch_page("pages/classroom/own_lesson.py").run()


def link(form: AppTest) -> str:
    return form.code[0].value


def test_the_form_gives_a_link_to_what_it_holds(form):
    assert decode(link(form).partition("lesson=")[2]).title == "My class about food"
    form.multiselect(key="own_pages").set_value(["One-hot vectors", "Odd one out"]).run()
    form.text_input(key="own_title").set_value(HOSTILE).run()
    form.text_input(key="own_words").set_value("Brot, Käse; Apfel Brot").run()
    form.text_area(key="own_text").set_value(" Ich esse. ").run()

    address, code = re.fullmatch(r"\./(\w*)\?lesson=([\w-]+)", link(form)).groups()

    assert address == "one_hot"
    assert "1. One-hot vectors\n2. Odd one out" in words(form)
    chosen = (TITLES["one_hot"], TITLES["odd_one_out"])
    assert decode(code) == OwnLesson(HOSTILE, chosen, ("brot", "käse", "apfel"), "Ich esse.")
    assert f"**The link to “{escaped(HOSTILE)}”.**" in form.markdown[-1].value


def test_the_form_marks_words_that_the_table_lacks_and_pages_that_keep_their_own_examples(form):
    assert "Not among the" not in words(form)
    form.text_input(key="own_words").set_value("bread chese aplle bread").run()
    assert "Not among the 400,000 words of the table: `chese`, `aplle`." in words(form)
    form.multiselect(key="own_pages").set_value(["Analogies", "Similar words", "From words to numbers"]).run()
    listed = "1. Analogies · keeps its own examples\n2. Similar words\n3. From words to numbers"
    assert listed in words(form)
    form.text_area(key="own_text").set_value("").run()
    assert f"{listed} · keeps its own examples" in words(form)


def test_a_telephone_reads_the_link_unless_it_is_too_long_for_that(form):
    assert any("QR code" in found.proto.body for found in form.get("html"))
    form.text_area(key="own_text").set_value("bread and cheese " * 50).run()
    assert "too long for a QR code" in words(form)
    assert not any("QR code" in found.proto.body for found in form.get("html"))


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("own_title", " ", "Give your lesson a title."),
        ("own_title", "see www.example.org", "A title cannot have a link or an address in it."),
        ("own_words", "cat dog", "Type 3 to 12 different words. There are 2 now."),
        ("own_words", " ".join(f"w{n}" for n in range(13)), "There are 13 now."),
        ("own_words", f"cat dog {'x' * 41}", "A word may have up to 40 characters. One has 41."),
    ],
)
def test_what_the_form_lacks_is_said(form, key, value, sentence):
    form.text_input(key=key).set_value(value).run()
    assert sentence in words(form)
    assert not form.code
    assert not form.exception
