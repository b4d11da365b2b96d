"""ASGI middleware: headers that tell a browser what the app's pages may do, and the metrics closed."""

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.server.limits import ServerLimits

# Streamlit's front end has a script in its page, and its charts compile code and start workers from blobs.
CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self' {ancestors}"
)


class SecurityHeaders:
    """Adds the headers to every answer. Streamlit's metrics are answered with 404 unless an operator wants them."""

    def __init__(self, app: ASGIApp, limits: ServerLimits):
        self._app, self._limits = app, limits
        self._headers = {
            "Content-Security-Policy": CONTENT.format(ancestors=limits.frame_ancestors).strip(),
            "Referrer-Policy": "same-origin",  # what is typed is part of the address
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        app = self._app
        if "/_stcore/metrics" in scope["path"] and not self._limits.metrics:
            app = PlainTextResponse("This server does not show its metrics.", 404)
        await app(scope, receive, send_with_headers)
