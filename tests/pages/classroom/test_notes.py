"""The teacher's notes: some for each lesson, under its own name."""

import re
from dataclasses import astuple

from streamlit.testing.v1 import AppTest

from components.lessons.classroom.notes import NOTES
from components.navigation import LESSONS
from tests.pages.reading import APP, words


def test_each_lesson_has_notes_of_its_own():
    assert list(NOTES) == [lesson.title for lesson in LESSONS]
    sentences = [sentence for note in NOTES.values() for sentence in astuple(note)]
    assert len(set(sentences)) == 3 * len(LESSONS)
    assert all(len(sentence) > 40 and sentence[-1] in ".?”" for sentence in sentences)
    assert all("?" in note.ask for note in NOTES.values())
    assert not re.search(r"\b([Vv]ot(e|ing)|[Bb]ets?)\b", " ".join(sentences))  # in a room the class guesses


def test_the_page_shows_the_notes_to_the_page_in_its_address_and_goes_on():
    app = AppTest.from_file(str(APP), default_timeout=120).run().switch_page("pages/classroom/notes.py")
    app.query_params["notes_page"] = "Analogies"
    app.run()
    assert NOTES["Analogies"].ask in words(app)
    (link,) = app.get("page_link")
    assert (link.proto.page, link.proto.query_string) == ("analogies", "present=true")

    app.button(key="notes_next").click().run()

    assert app.selectbox(key="notes_page").value == "Words in space"
    assert NOTES["Words in space"].say in words(app)
    assert not app.exception
