"""Every number on a page is one public function of the engine with that number's name."""

import ast
import importlib
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, files_of

# From a metric's label, with {} for what differs, to where the engine computes it, and the name by which the lesson
# has it where that is another.
NUMBERS = {
    "Vocabulary": ("tokenizers.Tokenizer.vocabulary_size",),
    "Tokens": ("tokenizers.Tokenizer.encode", "tokens"),
    "Unknown": ("tokenizers.unknown_tokens",),
    "Back from the ids": ("tokenizers.read_back",),
    "Loss": ("training.language_model.cross_entropy", "training.word2vec.negative_log_likelihood", "loss"),
    "Held-out loss": (
        "training.language_model.cross_entropy",
        "training.word2vec.negative_log_likelihood",
        "held_out_loss",
    ),
    "Tokens per second": ("training.snapshots.TrainingClock.speed", "words_per_second"),
    "Time left": ("training.snapshots.TrainingClock.left", "seconds_left"),
    "{} in all": ("training.snapshots.Snapshot", "step"),
    "Silhouette of the six categories": ("numeric.silhouette",),
    "Analogies of that world answered": ("evaluation.accuracy",),
    "GPU hours": ("training.gpu_hours",),
    "Rent in dollars": ("training.training_cost",),
    "Days of training": ("training.training_days",),
    "Memory to train it": ("training.training_memory",),
    "H100s that hold that": ("training.gpus_to_hold",),
    "Cosine of the two steps": ("similarity.analogies.step_cosine",),
    "Cosine of the answer with the cross": ("similarity.analogies.answer_cosine",),
    "Spread kept by the drawing": ("numeric.explained_variance",),
    "Spread {}": ("similarity.variance_on_axis",),
    "Cosine of its two ends": ("similarity.semantic_axes.pole_cosine",),
    "Angle between the axes": ("similarity.angle",),
    "Trustworthiness": ("projection.trustworthiness",),
    "Continuity": ("projection.continuity",),
    "Neighbour overlap": ("projection.neighbor_overlap",),
    "Correlation of distances": ("projection.distance_correlation", "numeric.spearman"),
    "Meaning: analogies answered": ("evaluation.accuracy", "semantic"),
    "Grammar: analogies answered": ("evaluation.accuracy", "syntactic"),
    "WordSim-353: how related?": ("numeric.spearman",),
    "SimLex-999: how similar?": ("numeric.spearman",),
    "Largest difference between the outputs": ("numeric.largest_difference",),
    "Largest difference between the gradients": ("numeric.largest_difference", "largest_gradient_difference"),
    "Multiplications by zero avoided": ("lookup.multiplications_by_zero",),
    "Here, dense": ("lookup.dense_gradient_bytes",),
    "Here, sparse": ("lookup.sparse_gradient_bytes",),
    "{}, dense": ("lookup.dense_gradient_bytes",),
    "{}, sparse": ("lookup.sparse_gradient_bytes",),
}

# Of a protocol, which has one docstring for all its bare signatures.
SIGNATURES = frozenset({"tokenizers.Tokenizer.vocabulary_size", "tokenizers.Tokenizer.encode"})


def metrics_of(file: Path) -> list[tuple[str, set[str]]]:
    """The label of each metric in ``file``, and the names in the function that shows it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    found = [
        (label, names_in(function))
        for function in functions
        for call in metric_calls(function)
        for label in labels_of(call, tree)
    ]
    within = {id(call) for function in functions for call in metric_calls(function)}
    assert within == {id(call) for call in metric_calls(tree)}, f"{file} shows a metric outside of any function"
    return found


def metric_calls(node: ast.AST) -> list[ast.Call]:
    """Each call of ``st.metric`` in ``node``, or of a column's."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return [call for call in calls if getattr(call.func, "attr", "") == "metric"]


def names_in(node: ast.AST) -> set[str]:
    """Every name and attribute that is used in ``node``."""
    return {
        getattr(each, "id", getattr(each, "attr", ""))
        for each in ast.walk(node)
        if isinstance(each, ast.Name | ast.Attribute)
    }


def labels_of(call: ast.Call, tree: ast.Module) -> list[str]:
    """What a metric may be called: one text, or those of a mapping at the module's top."""
    label = call.args[0]
    if isinstance(label, ast.Constant):
        return [label.value]
    if isinstance(label, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "{}" for part in label.values)]
    if isinstance(label, ast.Subscript) and isinstance(label.value, ast.Name):
        return list(mapping_called(label.value.id, tree).values())
    raise AssertionError(f"The label {ast.unparse(label)} of a metric cannot be read: write it out.")


def mapping_called(name: str, tree: ast.Module) -> dict[str, str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"There is no mapping {name} at the top of the module.")


def metrics() -> list[tuple[str, str, set[str]]]:
    """``(file, label, names)`` of every metric on a page."""
    files = [file for floor in ("app", "pages", "components") for file in files_of(floor)]
    return [(str(file.relative_to(ROOT)), label, names) for file in files for label, names in metrics_of(file)]


def functions_and_name(label: str) -> tuple[list[str], str]:
    """The functions behind a metric, and the name by which a lesson has its number."""
    *functions, last = NUMBERS[label]
    return (functions, last) if "." not in last else ([*functions, last], last.rpartition(".")[2])


def of_the_engine(dotted: str) -> object:
    """What ``dotted`` names, below ``embeddings``: in a module, or in a class of one.

    Raises:
        AttributeError: There is no such thing.
    """
    parts = dotted.split(".")
    found: object = importlib.import_module(f"embeddings.{parts[0]}")
    for part in parts[1:]:
        module = f"{getattr(found, '__name__', '')}.{part}"
        found = getattr(found, part, None) or importlib.import_module(module)
    return found


def is_documented(found: object) -> bool:
    """Whether ``found`` was given a docstring: a dataclass without one gets its signature for one."""
    text = getattr(found, "__doc__", None) or ""
    return bool(text.strip()) and not text.startswith(f"{getattr(found, '__name__', '')}(")


def test_every_metric_on_a_page_has_its_function_in_the_engine():
    shown = metrics()
    assert len(shown) > 30
    assert {(file, label) for file, label, _ in shown if label not in NUMBERS} == set()
    assert set(NUMBERS) - {label for _, label, _ in shown} == set(), "no metric is called so any more"


@pytest.mark.parametrize("label", NUMBERS)
def test_the_function_behind_a_metric_is_public_documented_and_called_so(label):
    functions, _ = functions_and_name(label)
    for dotted in functions:
        found = of_the_engine(dotted)
        assert not any(part.startswith("_") for part in dotted.split("."))
        assert callable(found) or isinstance(found, property), dotted
        assert is_documented(found) or dotted in SIGNATURES, dotted


@pytest.mark.parametrize(("file", "label", "names"), metrics(), ids=lambda part: part if isinstance(part, str) else "")
def test_the_function_that_shows_a_metric_has_its_number_by_name(file, label, names):
    _, name = functions_and_name(label)
    assert name in names, f"{file}: {label} is not shown from anything called {name}"


def test_a_metric_that_nobody_knows_is_found_and_one_that_cannot_be_read_is_refused(tmp_path):
    file = tmp_path / "lesson.py"
    file.write_text('def show():\n    st.metric("Beauty", f"{beauty:.2f}")\n    left.metric(f"Of {x}", 1 + 1)\n')
    names = {"st", "metric", "beauty", "left", "x"}
    assert metrics_of(file) == [("Beauty", names), ("Of {}", names)]
    assert not {label for label, _ in metrics_of(file)} & set(NUMBERS)
    file.write_text("def show():\n    for title in titles:\n        st.metric(title, 1)\n")
    with pytest.raises(AssertionError, match="cannot be read: write it out"):
        metrics_of(file)
    file.write_text('st.metric("Beauty", 1)')
    with pytest.raises(AssertionError, match="outside of any function"):
        metrics_of(file)
