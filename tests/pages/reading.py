"""What a page run without a browser shows: its charts, drawings and sentences."""

import base64
import json
import re
import time
from collections.abc import Callable

import numpy as np
from streamlit.testing.v1 import AppTest


def chart(app: AppTest, key: str) -> dict:
    """The Plotly figure drawn under ``key``."""
    (found,) = [element for element in app.get("plotly_chart") if element.proto.id.endswith(f"-{key}")]
    return json.loads(found.proto.spec)


def drawing(app: AppTest, key: str) -> dict:
    """What was handed to the drawing under ``key``."""
    (found,) = [element for element in app.get("bidi_component") if element.proto.id.endswith(f"-{key}")]
    return json.loads(found.proto.json)


def words(app: AppTest) -> str:
    """All sentences on the page."""
    elements = [*app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error]
    sentences = "\n".join(element.value for element in elements)
    return re.sub(r"\\([^\w\s]|_)", r"\1", sentences)  # Markdown's escapes undone


def guess(app: AppTest, key: str, answer: str | None = None) -> None:
    """Commit to ``answer``, by default the first there is, where the page asks for a guess under ``key``."""
    pills = app.button_group(key=key)
    pills.set_value(answer or pills.options[0]).run()


def run_until(app: AppTest, condition: Callable[[], bool], seconds: float = 60) -> None:
    """Run the page again and again, as its polling does, until ``condition`` holds."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if condition():
            return
        app.run()
    raise AssertionError(f"never true; the page says: {words(app)}")


def numbers(values: list | dict) -> list:
    """Plotly's numbers, which it writes either as a list or as base64 of an array."""
    if isinstance(values, dict):
        array = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
        shape = [int(length) for length in values.get("shape", str(array.size)).split(",")]
        return array.reshape(shape).tolist()
    return values
