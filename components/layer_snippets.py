"""The code behind the panels of "The embedding layer"; each function writes the reader's choices into it."""

from collections.abc import Sequence
from dataclasses import MISSING, fields

from components.layer_choice import Asked
from embeddings.lookup import Plan


def _opening(asked: Asked) -> str:
    """The table and the ids, in PyTorch alone."""
    V, D = asked.W.shape
    return f"""\
import torch

torch.manual_seed(0)
layer = torch.nn.Embedding({V}, {D})
W = layer.weight.detach().clone()  # [{V}, {D}]
ids = torch.tensor({asked.ids.tolist()})  # {list(asked.ids.shape)}
"""


def steps(asked: Asked, number: int) -> str:
    """The ids up to ``number`` looked up, and the products of the last."""
    V = len(asked.W)
    return f"""\
{_opening(asked)}
output = layer(ids).detach()  # {[*asked.ids.shape, asked.W.shape[1]]}
id = ids.flatten()[{number - 1}]
row = W[id]  # the lookup
one_hot = torch.nn.functional.one_hot(id, {V}).float()  # [{V}]
products = one_hot[:, None] * W  # all that the matrix product multiplies
summed = products.sum(dim=0)
by_zero = int((one_hot == 0).sum()) * W.shape[1]
print(output, row, summed, by_zero, sep="\\n")
"""


def identity(asked: Asked, dtype: str, padding: int | None) -> str:
    """The three ways, forward and backward."""
    V = len(asked.W)
    pad = (
        ""
        if padding is None
        else f"W[{padding}] = 0  # the padding's row\none_hot[ids == {padding}] = 0  # its one-hot row without the 1\n"
    )
    option = "" if padding is None else f", padding_idx={padding}"
    return f"""\
{_opening(asked)}
W = W.to(torch.{dtype})
one_hot = torch.nn.functional.one_hot(ids, {V}).to(W.dtype)
{pad}embedding = torch.nn.Embedding.from_pretrained(W.clone(), freeze=False{option})
table = W.clone().requires_grad_()
linear = torch.nn.Linear({V}, W.shape[1], bias=False, dtype=W.dtype)
linear.weight = torch.nn.Parameter(W.T.contiguous())

outputs = [embedding(ids), one_hot @ table, linear(one_hot)]
for output in outputs:
    output.square().sum().backward()
gradients = [embedding.weight.grad, table.grad, linear.weight.grad.T]
difference = max((a - b).abs().max().item() for a in outputs for b in outputs)
gradient_difference = max((a - b).abs().max().item() for a in gradients for b in gradients)
avoided = ids.numel() * ({V} - 1) * W.shape[1]
print(gradients[0], difference, gradient_difference, avoided, sep="\\n")
"""


def repeated(asked: Asked, id: int) -> str:
    """The gradient of the row ``id``, as it is and with the id given once more."""
    return f"""\
{_opening(asked)}
rows = []
for given in (ids.flatten(), torch.cat([ids.flatten(), torch.tensor([{id}])])):
    layer.weight.grad = None
    layer(given).square().sum().backward()
    rows.append(layer.weight.grad[{id}])
times = (rows[1].norm() / rows[0].norm()).item()
print(*rows, times, sep="\\n")
"""


def sparse(asked: Asked) -> str:
    """The sparse gradient and its bytes."""
    return f"""\
{_opening(asked)}
layer = torch.nn.Embedding.from_pretrained(W, freeze=False, sparse=True)
layer(ids.flatten()).square().sum().backward()
gradient = layer.weight.grad
found, rows = gradient._indices(), gradient._values()
sparse_bytes = found.nbytes + rows.nbytes
dense_bytes = gradient.to_dense().nbytes
print(rows, sparse_bytes, dense_bytes, sep="\\n")
"""


def bags(asked: Asked, groups: Sequence[Sequence[int]], mode: str) -> str:
    """A row for each bag of ids."""
    V = len(asked.W)
    return f"""\
{_opening(asked)}
bags = {[list(map(int, group)) for group in groups]}
starts = torch.tensor([0, *map(len, bags[:-1])]).cumsum(0)
bag_layer = torch.nn.EmbeddingBag.from_pretrained(W, mode={mode!r})
rows = bag_layer(torch.tensor(sum(bags, [])), starts)
counts = torch.stack([torch.nn.functional.one_hot(torch.tensor(bag), {V}).float().{mode}(dim=0) for bag in bags])
difference = (rows - counts @ W).abs().max().item()
print(rows, difference, sep="\\n")
"""


def trap(asked: Asked) -> str:
    """The product that fails, and what PyTorch says."""
    return f"""\
{_opening(asked)}
rows = torch.nn.functional.one_hot(ids, {len(asked.W)})
try:
    rows @ W
    message = ""
except RuntimeError as error:
    message = str(error)
print(rows.dtype, message, rows.nbytes, rows.float().nbytes, sep="\\n")
"""


def timing(plan: Plan, model: str = "") -> str:
    """The run of the timing lab, and the slopes of its curves."""
    real = f', real_size("{model}").table()' if model else ""
    return f"""\
from embeddings.lookup import Plan, Timing, measure, {"real_size, " if model else ""}slope

plan = {_written(plan)}
measured = []
for point in measure(plan{real}):
    measured.append(point)
    words = f"{{1e6 * point.median:,.1f}} µs" if isinstance(point, Timing) else f"not tried: {{point.reason}}"
    print(f"{{point.way:20}} {{point.phase:14}} {plan.over} = {{point.along({plan.over!r}):9,}}: {{words}}")
for way in plan.ways:
    print(way, "grows as {plan.over} to the", slope(measured, way, over={plan.over!r}, phase=plan.phases[-1]))
"""


def _written(plan: Plan) -> str:
    """``plan`` as code, with what differs from the usual."""
    chosen = [
        f"{field.name}={getattr(plan, field.name)!r}"
        for field in fields(Plan)
        if field.default is MISSING or getattr(plan, field.name) != field.default or field.name in ("sizes", "D", "B")
    ]
    return "Plan(\n    " + ",\n    ".join(chosen) + ",\n)"


def occurrences(first: str, second: str, word: str, third: str = "") -> str:
    """The cosines of ``word`` in two sentences, layer by layer; and in ``third`` beside the first, if it is given."""
    more = (
        f"\nsame_sense = occurrence_cosines(first, {third!r}, word, model)\nprint(same_sense.cosines)"
        if third.strip()
        else ""
    )
    return f"""\
from embeddings.minilm import MiniLM
from embeddings.occurrences import STAGES, occurrence_cosines

model = MiniLM.load()
first, second, word = {first!r}, {second!r}, {word!r}
found = occurrence_cosines(first, second, word, model)
print(found.pieces, dict(zip(STAGES, found.cosines)), sep="\\n"){more}
"""


def all_examples() -> str:
    """How far every example's senses part."""
    return """\
from embeddings.minilm import MiniLM
from embeddings.occurrences import measure_examples

measured = measure_examples(MiniLM.load())
for each in measured:
    print(f"{each.gap:.3f}", each.example.word, "|", each.example.sentence, "|", each.example.other_sense)
"""
