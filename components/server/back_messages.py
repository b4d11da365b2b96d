"""Which of a client's messages Streamlit is shown."""

import re

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

# What a visitor's browser sends. The others clear everybody's cache, or are for who develops the app.
ALLOWED = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"})
ALLOWED_OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
OUR_WIDGETS = ("$$ID-", "$$STREAMLIT_INTERNAL_KEY")  # how ids begin; Streamlit ends a page in which others are set
MAX_WIDGETS = 1_000  # of one page
MAX_STRINGS = (
    2_000  # of lists of options, in widgets or in the address; Streamlit looks for each among all of a list's options
)
MAX_FILES = 64  # that one message announces
MAX_HASHES = 20_000  # of messages that the browser still has
# As a browser sends it where a text was cut in the middle of a character, though no message may hold it; and what the
# browser itself writes for it in an address, in as many bytes.
_HALF_CHARACTER, _UNKNOWN_CHARACTER = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]"), "\ufffd".encode()


def decoded(data: bytes | None) -> BackMsg | None:
    """The message in a frame; ``None`` for a frame that holds none."""
    message = BackMsg()
    try:
        message.ParseFromString(data or b"")
    except DecodeError:
        return None
    return message if message.WhichOneof("type") else None


def without_halves(data: bytes | None) -> bytes:
    """A frame that holds no message, with U+FFFD for half characters: it may hold one now."""
    return _HALF_CHARACTER.sub(_UNKNOWN_CHARACTER, data or b"")


def is_allowed(message: BackMsg) -> bool:
    """Whether a visitor may send it: of a kind that a visitor needs, and with no more parts than a page has."""
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        run = message.rerun_script
        few = len(run.widget_states.widgets) <= MAX_WIDGETS and len(run.cached_message_hashes) <= MAX_HASHES
        known = all(widget.id.startswith(OUR_WIDGETS) for widget in run.widget_states.widgets)
        return few and known and _strings_in(run) <= MAX_STRINGS
    if kind == "file_urls_request":
        return len(message.file_urls_request.file_names) <= MAX_FILES
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in ALLOWED_OPERATIONS
    return kind in ALLOWED


def _strings_in(run: ClientState) -> int:
    in_widgets = sum(len(widget.string_array_value.data) for widget in run.widget_states.widgets)
    return max(in_widgets, run.query_string.count("&") + 1)
