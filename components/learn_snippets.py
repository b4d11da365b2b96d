"""The code behind the panels of "Watch embeddings being learned"."""

from collections.abc import Mapping, Sequence
from typing import Any


def _arguments(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def training_pairs(sentence: Sequence[str], window: int) -> str:
    """The pairs of one sentence."""
    return f"""\
from embeddings.word2vec import training_pairs

sentence = {list(sentence)!r}
pairs = training_pairs(sentence, window={window})
print([(pair.word, pair.context) for pair in pairs])
"""


def train_word2vec(opening: str, settings: Mapping[str, Any], word: str) -> str:
    """The whole run, and the words nearest to ``word`` as it goes on."""
    return f"""\
from embeddings.neighbors import most_similar
from embeddings.word2vec import train
{opening}
for snapshot in train(corpus, {_arguments(settings)}):
    table = snapshot.word_vectors()
    print(snapshot.step, snapshot.loss, most_similar(table, {word!r}, n=3) if {word!r} in table else "")
"""


def made_up_word(opening: str, settings: Mapping[str, Any], word: str) -> str:
    """A vector for a word that was never seen, from its pieces."""
    return f"""\
from embeddings.neighbors import nearest
from embeddings.word2vec import pieces_of, train
{opening}
*_, last = train(corpus, {_arguments(settings)})
neighbours = nearest(last.word_vectors(), last.vector({word!r}), n=5)
print(pieces_of({word!r}), neighbours)
"""


def gradient(opening: str, settings: Mapping[str, Any]) -> str:
    """The gradient of W after one batch, with a head of its own and with a tied one."""
    return f"""\
from embeddings.language_model import gradient_of_W
{opening}
for tied in (False, True):
    gradient = gradient_of_W(corpus, tied=tied, {_arguments(settings)})
    V = len(gradient.vocabulary)
    print(f"tied {{tied}}: {{len(gradient.rows)}} of {{V}} rows; the batch has {{len(gradient.looked_up)}} tokens")
"""


def train_language_model(opening: str, settings: Mapping[str, Any], prompt: str) -> str:
    """The whole run, and what the model makes of ``prompt`` as it goes on."""
    return f"""\
from embeddings.language_model import train
{opening}
for snapshot in train(corpus, {_arguments(settings)}):
    print(snapshot.step, snapshot.loss, repr(snapshot.continuation({prompt!r})))
"""


def score(opening: str, module: str, settings: Mapping[str, Any]) -> str:
    """A table trained on all of the corpus and one on a tenth, scored by the made-up world's own truth."""
    return f"""\
from embeddings.learned import score
from embeddings.{module} import train
{opening}
scores = []
for part in (corpus, corpus.part(0.1)):
    *_, last = train(part, {_arguments(settings)})
    scores.append(score(last.word_vectors()))
    print(part.tokens, scores[-1].silhouette, scores[-1].accuracies())
"""


def cost(model: int, weights: int, speed: float) -> str:
    """What a large model's table would take here."""
    return f"""\
from embeddings.learned import cost_estimate, large_models

estimate = cost_estimate(large_models()[{model}], weights_here={weights}, tokens_per_second={speed!r})
for name, number in estimate.terms():
    print(f"{{name:45}} {{number:,.4g}}")
"""
