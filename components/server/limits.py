"""What one client may ask of the server, in numbers."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

MB = 1 << 20


@dataclass(frozen=True)
class ServerLimits:
    """Bounds that an honest visitor never meets; the first four are an operator's to set.

    Attributes:
        sessions_per_address: Open sessions of one address; a whole school may stand behind it.
        frame_ancestors: Sites that may show the app in a frame, as in Content-Security-Policy.
        metrics: Whether anybody may read Streamlit's metrics, which tell what the server keeps for its visitors.
        longest_wait: Seconds that half of the visitors may wait for a run to end before newcomers are asked to come
            back in a minute; 0 lets all in.
        connects_per_second, connect_burst: New sessions of one address.
        message_bytes: The longest message; a page's widgets all travel in one.
        messages_per_second, message_burst: Messages of one session.
        first_messages: The burst of a new one, so that nothing is won by connecting anew.
        bytes_per_second, byte_burst: Their bytes.
        reading_share, reading_burst, first_reading: Of a second, what taking apart one connection's bytes that are no
            whole message may cost; seconds in a burst, and in the burst of a new one.
        address_reading_share, address_reading_burst: The same of all of an address, for those that cost more.
        max_delayed: Messages in a row that come too fast before the session is closed.
        runs_at_once: Script runs that start together; others wait for one to end.
        run_seconds: How long a run that does not end keeps them, and its own session's next run, waiting.
        files_per_session, bytes_per_session: Uploaded files of one session.
        bytes_per_address, bytes_of_all: Uploaded files of one address, and of all visitors.
        upload_seconds: How long one upload may take.
        left_seconds: How long the files of one who has left are kept at least, and at most twice as long.
    """

    sessions_per_address: int = 500
    frame_ancestors: str = "https://share.streamlit.io https://*.streamlit.app"
    metrics: bool = False
    longest_wait: float = 1.5
    connects_per_second: float = 10
    connect_burst: int = 200
    message_bytes: int = 2 * MB
    messages_per_second: float = 8
    message_burst: int = 40
    first_messages: int = 5
    bytes_per_second: float = MB
    byte_burst: int = 8 * MB
    reading_share: float = 0.001
    reading_burst: float = 0.05
    first_reading: float = 0.001
    address_reading_share: float = 0.03
    address_reading_burst: float = 0.1
    max_delayed: int = 100
    runs_at_once: int = 4
    run_seconds: float = 0.25
    files_per_session: int = 16
    bytes_per_session: int = 32 * MB
    bytes_per_address: int = 128 * MB
    bytes_of_all: int = 256 * MB
    upload_seconds: float = 120
    left_seconds: float = 20


def limits_from(environment: Mapping[str, str] = os.environ) -> ServerLimits:
    """The limits, with an operator's settings.

    Raises:
        ValueError: A setting is not what it must be.
    """
    usual, prefix = ServerLimits(), "TOKEN_EMBEDDING_LAB_"
    sessions = environment.get(f"{prefix}SESSIONS_PER_ADDRESS", str(usual.sessions_per_address))
    if not (sessions.isascii() and sessions.isdigit() and 0 < int(sessions) < 1_000_000):
        raise ValueError(f"{prefix}SESSIONS_PER_ADDRESS must be a whole number above 0, not {sessions!r}.")
    ancestors = environment.get(f"{prefix}FRAME_ANCESTORS", usual.frame_ancestors)
    if any(mark in ancestors for mark in ";,\r\n") or not ancestors.isascii():
        raise ValueError(f"{prefix}FRAME_ANCESTORS must be sites with a space between them, not {ancestors!r}.")
    wait = environment.get(f"{prefix}LONGEST_WAIT", str(usual.longest_wait))
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", wait, re.ASCII):
        raise ValueError(f"{prefix}LONGEST_WAIT must be seconds, such as 1.5, or 0 to let all in, not {wait!r}.")
    return ServerLimits(int(sessions), ancestors, environment.get(f"{prefix}METRICS", "") == "1", float(wait))
