"""What a page run without a browser shows: its charts, drawings and sentences."""

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components import classroom
from components.navigation import LESSONS

APP = Path(__file__).parents[2] / "app.py"
PATHS = MappingProxyType({PurePosixPath(lesson.path).stem: lesson.path for lesson in LESSONS})  # by address
CLASSROOM = MappingProxyType({page.address: page.path for page in classroom.PAGES})  # those that are no lessons


def chart(app: AppTest, key: str) -> dict:
    """The Plotly figure drawn under ``key``."""
    (found,) = [element for element in app.get("plotly_chart") if element.proto.id.endswith(f"-{key}")]
    return json.loads(found.proto.spec)


def drawing(app: AppTest, key: str) -> dict:
    """What was handed to the drawing under ``key``."""
    (found,) = [element for element in app.get("bidi_component") if element.proto.id.endswith(f"-{key}")]
    return json.loads(found.proto.json or found.proto.bytes)


def words(app: AppTest) -> str:
    """All sentences on the page."""
    elements = [*app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error]
    sentences = "\n".join(element.value for element in elements)
    return re.sub(r"\\([^\w\s]|_)", r"\1", unlinked(sentences))  # Markdown's escapes undone


def unlinked(text: str) -> str:
    """``text`` without its links into the glossary: their words remain."""
    return re.sub(r"\[([^\]]*)\]\(glossary#[^)]*\)", r"\1", text)


def open_page(name: str, **query: str | list[str]) -> AppTest:
    """The page at ``/<name>``, opened the way a visitor does, through app.py."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    if name != "home":
        app.run().switch_page((PATHS | CLASSROOM)[name])  # the other pages are known once the app has run
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


# Keys of the folds whose content is drawn only once they are open.
LAZY = sorted(
    key
    for file in APP.parent.glob("[cp]*/**/*.py")
    for key in re.findall(r'go_further\([^()]*"(\w+)", lazy=True\)', file.read_text())
)


def unfold_all(app: AppTest) -> AppTest:
    """The page once all folds are open whose content is drawn only then."""
    for key in LAZY:
        app.session_state[key] = True
    return app.run()


def unfold(app: AppTest, key: str) -> AppTest:
    """The page once the fold under ``key``, whose content is drawn only then, is open."""
    app.session_state[key] = True
    return app.run()


def guess(app: AppTest, key: str, answer: str | None = None) -> None:
    """Commit to ``answer``, by default the first there is, where the page asks for a guess under ``key``."""
    pills = app.button_group(key=key)
    pills.set_value(answer or re.sub(r"\\(.)", r"\1", pills.options[0])).run()  # a label is Markdown, signs escaped


def answer_all(app: AppTest) -> None:
    """Answer every question that the page asks, those that come after an answer too."""
    while asked := [each for each in app.get("button_group") if each.label == "Your guess" and not each.value]:
        asked[0].set_value(re.sub(r"\\(.)", r"\1", asked[0].options[0])).run()  # as it is without Markdown's escapes
        assert not app.exception


_BETWEEN_POLLS = 0.1  # seconds; a browser waits longer


def run_until(app: AppTest, condition: Callable[[], bool], seconds: float = 180) -> None:
    """Run the page again and again, as its polling does, until ``condition`` holds."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if condition():
            return
        time.sleep(_BETWEEN_POLLS)  # which leaves the processor to the job that is waited for
        app.run()
    raise AssertionError(f"never true; the page says: {words(app)}")


def numbers(values: list | dict) -> list:
    """Plotly's numbers, which it writes either as a list or as base64 of an array."""
    if isinstance(values, dict):
        array = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
        shape = [int(length) for length in values.get("shape", str(array.size)).split(",")]
        return array.reshape(shape).tolist()
    return values


def shorten_lab(monkeypatch: pytest.MonkeyPatch, sizes: dict[str, tuple[int, ...]]) -> None:
    """The timing lab with these ``sizes``, and short runs."""
    monkeypatch.setattr("embeddings.lookup.timing.MIN_RUN_SECONDS", 0.001)
    monkeypatch.setattr("components.lessons.layer.lookup_or_matmul.panels.ROOF_SECONDS", 0.001)
    monkeypatch.setattr("embeddings.lookup.roofline.SIDES", (("cpu", 64),))
    monkeypatch.setattr("embeddings.lookup.roofline.MAX_STREAM", 2**20)
    monkeypatch.setattr("components.lessons.layer.lookup_or_matmul.settings.SIZES", sizes)
    monkeypatch.setattr("components.lessons.layer.lookup_or_matmul.settings.STARTS", {"V": 1_000, "D": 64, "B": 64})
