"""What stands between clients and Streamlit's server: limits, and headers for browsers."""

from starlette.middleware import Middleware

from components.server.blas_threads import let_idle_blas_threads_sleep
from components.server.crowd import is_crowded
from components.server.farewell import Farewell
from components.server.garbage import collecting_garbage
from components.server.heaps import keep_few_heaps
from components.server.limits import limits_from
from components.server.security_headers import SecurityHeaders
from components.server.session_limits import SessionLimits
from components.server.upload_limits import UploadLimits

__all__ = ["collecting_garbage", "is_crowded", "keep_few_heaps", "let_idle_blas_threads_sleep", "middleware"]


def middleware() -> list[Middleware]:
    """The middleware for ``st.App``, outermost first.

    Raises:
        ValueError: An operator's setting is not what it must be.
    """
    limits = limits_from()
    guards = [Middleware(kind, limits=limits) for kind in (SecurityHeaders, SessionLimits, UploadLimits)]
    return [*guards, Middleware(Farewell)]
