"""The app without some of its packages: every page is there, and says what is missing where it is missed."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from components.navigation import LESSONS

ROOT = Path(__file__).parents[2]
HIDDEN = (
    *("gensim", "fastumap", "psutil", "scranpy", "knncolle", "openTSNE", "rapidfuzz", "tokenizers"),
    *("safetensors", "torch", "sklearn", "threadpoolctl", "filelock", "requests", "scipy"),
)
HIDE = """
import json, sys
from importlib import metadata

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split(","):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

def distribution(name, found=metadata.distribution):
    if name in sys.argv[1].split(","):
        raise metadata.PackageNotFoundError(name)
    return found(name)

sys.meta_path.insert(0, Hidden())
metadata.distribution = distribution
"""
START = """
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from app import on_script_error

class Apologising(LocalScriptRunner):  # as the server does
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._on_script_error = on_script_error

app_test.LocalScriptRunner = Apologising

def seen(app):
    return [error.value for error in app.error] + [f"bare: {error.message}" for error in app.exception]

app = AppTest.from_file(sys.argv[2], default_timeout=120).run()
said = {"Home": seen(app)}
"""
TYPE = """
said["spelling"] = seen(app.switch_page("pages/meaning/one_hot.py").run())
app.text_input(key="onehot_words").set_value("kingg").run()
said["spelling"] += seen(app)
app.switch_page("pages/meaning/home.py").run()
for title in ("Byte pairs (GPT-4o)", "Word pieces (BERT)"):
    said[title] = seen(app.segmented_control(key="home_tokenizer").set_value(title).run())
"""
READ = """
from tests.pages.reading import open_page, words
asked = json.loads(sys.argv[2]).items()
print(json.dumps({label: words(open_page(page, **query)) for label, (page, query) in asked}))
"""
VISIT = """
for path in sys.argv[3:]:
    said[path] = seen(app.switch_page(path).run())
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    """The errors that each page shows in a process in which the packages cannot be imported."""
    return visited(START + TYPE + VISIT, HIDDEN)


@pytest.fixture(scope="module")
def said_without_plotly() -> dict[str, list[str]]:
    """The same without the package of the drawings alone, which most pages miss before anything else."""
    return visited(START + VISIT, ["plotly"])


def visited(script: str, hidden: Iterable[str]) -> dict[str, list[str]]:
    return printed(script, hidden, str(ROOT / "app.py"), *(lesson.path for lesson in LESSONS))


def printed(script: str, hidden: Iterable[str], *arguments: str) -> dict:
    """What ``script`` prints last, in a process in which the packages called ``hidden`` cannot be found."""
    command = [sys.executable, "-c", HIDE + script, ",".join(hidden), *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


def test_home_needs_none_of_them(said):
    assert said["Home"] == []


@pytest.mark.parametrize(
    ("where", "package"),
    [
        ("Word pieces (BERT)", "tokenizers"),
        ("pages/meaning/tokenizers.py", "tokenizers"),
        ("pages/layer/embedding_layer.py", "torch"),
        ("pages/layer/lookup_or_matmul.py", "torch"),
    ],
)
def test_what_is_missing_is_said_where_it_is_missed(said, where, package):
    sentence = rf"The package {package} is missing\. Install it with\: pip install {package}"
    assert sentence in said[where]


def test_no_page_shows_anything_but_such_sentences(said):
    assert len(said) == 4 + len(LESSONS)
    assert [error for errors in said.values() for error in errors if not error.startswith("The package ")] == []


def test_without_plotly_a_page_that_draws_says_so_and_every_other_is_whole(said_without_plotly):
    missing = r"The package plotly is missing\. Install it with\: pip install plotly"
    assert said_without_plotly["pages/layer/after_the_lookup.py"] == [missing]
    assert said_without_plotly["Home"] == []
    assert len(said_without_plotly) == 1 + len(LESSONS)
    assert {error for errors in said_without_plotly.values() for error in errors} == {missing}


# Of each package that some system has no wheel for: a page as it is asked for, and what it says; "" where nothing.
ALONE = {
    "gensim": {
        "word2vec": (("word2vec", {}), "Skip-gram with negative sampling works all the same"),
        "fastText": (
            ("word2vec", {"word2vec_method": "fastText"}),
            "The package gensim is missing. CBOW, fastText and",
        ),
        "CBOW": (("word2vec", {"word2vec_method": "CBOW"}), "skip-gram with negative sampling works without."),
        "news": (("word2vec", {"corpus": "news"}), "The news come with it; every other text is there without."),
        "report card": (("report_card", {}), "SimLex-999 is left out: it comes with the package gensim"),
        "learned": (("learned", {}), ""),
        "analogies": (("analogies", {}), ""),
    },
    "openTSNE": {
        "map": (("words_in_space", {"space_method": "t-SNE"}), "the steps of t-SNE cannot be watched. Another program"),
        "traps": (("traps", {}), "the steps of t-SNE cannot be watched. Another program"),
        "another map": (("words_in_space", {"space_method": "UMAP"}), ""),
    },
    "scranpy": {
        "map": (("words_in_space", {"space_method": "t-SNE"}), ""),
        "traps": (("traps", {}), ""),
    },
}


@pytest.mark.parametrize("package", ALONE)
def test_a_page_says_what_works_without_a_package_that_a_system_has_no_wheel_for(package):
    asked = {label: page for label, (page, _) in ALONE[package].items()}
    read = printed(READ, [package], json.dumps(asked))
    for label, (_, sentence) in ALONE[package].items():
        assert sentence in read[label], (label, read[label])
        assert sentence or package not in read[label], (label, read[label])
