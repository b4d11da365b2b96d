"""Nobody takes the seat that another visitor has in a room."""

import re
import uuid
from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import running_app
from tests.server.visitor import PATIENCE, Visitor, connection, rerun


@pytest.fixture(scope="module")
def room_url(tmp_path_factory) -> Iterator[str]:
    """The app, with its rooms in a file of the test's own."""
    folder = tmp_path_factory.mktemp("rooms")
    with running_app(folder / "log.txt", DATABASE_URL=f"sqlite:///{folder / 'rooms.sqlite3'}") as url:
        yield url


def test_no_student_is_told_what_would_make_them_the_teacher_or_another_student(room_url):
    with Visitor(room_url, "room") as teacher:
        teacher.press("room_open")
        code, key = (part.decode() for part in re.search(rb"room=(\w{6})&teacher=([\w-]+)", teacher.page).groups())
        with (
            Visitor(room_url, query=f"room={code}") as student,
            Visitor(room_url, query=f"room={code}") as other,
        ):
            student.run()
            assert student.has(f"Room {code[:3]} {code[3:]}")
            for secret in (key, teacher.session, other.session):
                assert not student.has(secret)


def test_who_names_a_session_that_nobody_has_gets_a_new_one_without_a_seat(room_url):
    made_up = str(uuid.uuid4())
    with Visitor(room_url, "room") as teacher:
        teacher.press("room_open")
        with connection(room_url, session=made_up) as stranger:
            stranger.send(rerun())
            page, kind = b"", None
            while kind != "script_finished":
                page += (message := stranger.recv(timeout=PATIENCE))
                kind = ForwardMsg.FromString(message).WhichOneof("type")
    assert made_up.encode() not in page
    assert b"you teach" not in page
