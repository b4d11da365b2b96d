"""ASGI middleware: whether a browser said goodbye, or its connection was cut."""

from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

GOODBYES = (1000, 1001)  # codes of a WebSocket that was closed on purpose: the tab was closed, or loaded anew

_said: ContextVar[bool] = ContextVar("said", default=False)


def was_said() -> bool:
    """Whether the visitor, whose session ends in the task that asks, closed the connection on purpose."""
    return _said.get()


class Farewell:
    """Notes how a connection ended, for what Streamlit calls in the same task."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def noted() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                _said.set(message.get("code") in GOODBYES)
            return message

        await self._app(scope, noted, send)
