"""A visitor whose page asks for a live part more often than it is drawn does not wait behind those questions."""

from collections import Counter

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import running_app
from tests.server.visitor import PATIENCE, Visitor, rerun

ASKED = 24  # times


def test_what_was_asked_while_a_part_was_drawn_is_not_drawn_before_a_click_is_answered(tmp_path):
    with running_app(tmp_path / "log.txt") as url, Visitor(url) as visitor:
        assert visitor.part
        message = BackMsg()
        message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = visitor.part, True
        for _ in range(ASKED):
            visitor.socket.send(message.SerializeToString())
        visitor.socket.send(rerun())

        ended: Counter[int] = Counter()
        while not ended[ForwardMsg.FINISHED_SUCCESSFULLY]:
            answer = ForwardMsg.FromString(visitor.socket.recv(timeout=PATIENCE))
            if answer.WhichOneof("type") == "script_finished":
                ended[answer.script_finished] += 1
        assert 0 < ended[ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY] <= ASKED / 2
