"""The code behind the panels of "Play with embeddings"; each function writes the reader's choices into it."""

from collections.abc import Mapping, Sequence
from typing import Any

from components import own_tables
from embeddings import sources
from embeddings.word_vectors import WordVectors


def opening(table: WordVectors) -> str:
    """How ``table`` is opened: from the catalogue, or from a file of the reader's own."""
    if table.name.startswith(sources.HUB) or table.name in {source.name for source in sources.catalogue()}:
        name = "" if table.name == sources.DEFAULT else repr(table.name)
        return f"from embeddings.sources import load\n\ntable = load({name})"
    files = own_tables.files_of(table.name) or (table.name.removeprefix(own_tables.PREFIX),)
    streams = ", ".join(f"{file!r}: open({file!r}, 'rb')" for file in files)
    return f"from embeddings.formats import read\n\ntable = read({{{streams}}}, {table.name!r})  # your own"


def word_map(
    table: WordVectors, expression: str, options: Mapping[str, Any], added: Sequence[str] = (), coloured_by: str = ""
) -> str:
    """The places of the words that ``expression`` lists, projected with ``options``, and of those ``added`` later."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in options.items() if name != "axes")
    imports, axes = _imports(expression), ""
    if "axes" in options:
        imports = "from embeddings.axes import axis\n" + imports
        ends = "".join(f"    axis(table, {list(low)!r}, {list(high)!r}),\n" for low, high in options["axes"])
        arguments, axes = f"axes=axes, {arguments}", f"axes = (\n{ends})\n"
    code = f"""\
from embeddings.projection import project
{imports}{opening(table)}
words = {expression}
vectors = table.rows(words)
{axes}drawn = project(vectors, {arguments})
places = drawn.coordinates
print(places)
"""
    if added:
        code += f"""
from embeddings.projection import add_points

added = add_points(drawn, vectors, table.rows({list(added)!r}))
print(added)
"""
    return code + coloured_by


def clustered_words(k: int, seed: int, metric: str) -> str:
    """The clusters of ``vectors``, to follow ``word_map``."""
    return f"""
from embeddings.clusters import clusters

found = clusters(vectors, {k}, seed={seed}, metric={metric!r})
print(found)
"""


def map_trust(table: WordVectors, expression: str, options: Mapping[str, Any], k: int, word: str | None) -> str:
    """How far the map can be trusted, what it does to the neighbours of ``word``, and the pairs of its plot."""
    metric = options.get("metric", "euclidean")
    code = (
        word_map(table, expression, options)
        + f"""
from embeddings.faithfulness import assess, shepard_sample

trust = assess(vectors, places, n_neighbors={k}, metric={metric!r})
print(trust.trustworthiness, trust.continuity, trust.neighbour_overlap, trust.spearman)
sample = shepard_sample(vectors, places, metric={metric!r})
print(sample.in_table, sample.on_map)
"""
    )
    if word is not None:
        code += f"""
near = trust.neighbours_of(words.index({word!r}))
for kind in ("true", "missed", "false"):
    print(kind, [words[index] for index in getattr(near, kind)])
"""
    return code


def _imports(expression: str) -> str:
    return "from embeddings.neighbors import most_similar\n" if "most_similar" in expression else ""


def most_similar(table: WordVectors, word: str) -> str:
    """The words nearest to ``word`` by cosine."""
    return f"""\
from embeddings.neighbors import most_similar
{opening(table)}
neighbours = most_similar(table, {word!r})
print(neighbours)
"""


def nearest_words(table: WordVectors, word: str, metric: str, preparation: str) -> str:
    """The words nearest to ``word`` by ``metric``, beside those by cosine."""
    return f"""\
from embeddings.neighbors import nearest
{opening(table)}
by_cosine = nearest(table, {word!r}, exclude=[{word!r}])
neighbours = nearest(table, {word!r}, metric={metric!r}, preparation={preparation!r}, exclude=[{word!r}])
print(by_cosine, neighbours, sep="\\n")
"""


def strips(table: WordVectors, words: Sequence[str], by_agreement: bool) -> str:
    """The numbers of ``words``, their columns as they stand or sorted by agreement."""
    if not by_agreement:
        return f"""\
{opening(table)}
strips = table.rows({list(words)!r})
print(strips.round(2))
"""
    return f"""\
from embeddings.groups import agreement_order
{opening(table)}
rows = table.rows({list(words)!r})
strips = rows[:, agreement_order(rows)]
print(strips.round(2))
"""


def clustered(table: WordVectors, words: Sequence[str]) -> str:
    """The cosines of ``words``, like beside like."""
    return f"""\
from embeddings.groups import cluster_order
from embeddings.neighbors import cosine_similarities
{opening(table)}
words = {list(words)!r}
order = cluster_order(table.rows(words))
cosines = cosine_similarities(table.rows([words[place] for place in order]))
print(order, cosines.round(2), sep="\\n")
"""


def analogy(table: WordVectors, a: str, b: str, c: str, method: str) -> str:
    """Both rankings of the analogy."""
    return f"""\
from embeddings.analogies import analogy_rankings
{opening(table)}
rankings = analogy_rankings(table, {a!r}, {b!r}, {c!r}, method={method!r})
print("inputs left out:", *rankings.without_inputs, sep="\\n")
print("all words:", *rankings.with_inputs, sep="\\n")
"""


def parallelogram(table: WordVectors, a: str, b: str, c: str, d: str) -> str:
    """The corners of the analogy's parallelogram."""
    return f"""\
from embeddings.analogies import parallelogram
{opening(table)}
corners = parallelogram(table, {a!r}, {b!r}, {c!r}, {d!r})
print(corners.coordinates, corners.parallel, corners.kept, sep="\\n")
"""


def word_sum(table: WordVectors, terms: Mapping[str, float]) -> str:
    """The words nearest to a weighted sum."""
    return f"""\
from embeddings.analogies import rank_sum
{opening(table)}
rankings = rank_sum(table, {dict(terms)!r})
print(*rankings.with_inputs, sep="\\n")
"""


def axis_places(table: WordVectors, words: Sequence[str], poles: Sequence[tuple[Sequence[str], Sequence[str]]]) -> str:
    """Where ``words`` lie on the axis, or axes, between ``poles``."""
    ends = ",\n    ".join(f"({list(low)!r}, {list(high)!r})" for low, high in poles)
    return f"""\
from embeddings.axes import axis, explained, place
{opening(table)}
words = {list(words)!r}
axes = [axis(table, low, high) for low, high in [
    {ends},
]]
places = [place(each, table.rows(words)) for each in axes]
shares = [explained(each, table.rows(words)) for each in axes]
print(places, shares, sep="\\n")
"""


def odd_one_out(table: WordVectors, words: Sequence[str]) -> str:
    """The odd one of ``words``."""
    return f"""\
from embeddings.groups import odd_one_out
{opening(table)}
odd = odd_one_out(table, {list(words)!r})
print(odd.word, *odd.mean_cosines, sep="\\n")
"""


def frequency(table: WordVectors, word: str) -> str:
    """Length against rank over the whole table, and the ranks of the neighbours of ``word``."""
    return f"""\
from embeddings.frequency import neighbour_ranks, norms_by_rank
{opening(table)}
norms = norms_by_rank(table)
ranks = neighbour_ranks(table, {word!r})
print(norms.edges, norms.quartiles, norms.spearman, ranks, sep="\\n")
"""


def company(table: WordVectors) -> str:
    """The ranks of about 200 words, and of their neighbours."""
    return f"""\
from embeddings.frequency import company_by_rank
{opening(table)}
company = company_by_rank(table)
print(company.ranks, company.medians, company.spearman, sep="\\n")
"""


def report_card(table: WordVectors, limit: int, case_insensitive: bool) -> str:
    """The scores of the whole table; the analogies take some seconds."""
    return f"""\
from embeddings.evaluation import word_analogies, word_pairs
{opening(table)}
settings = dict(limit={limit}, case_insensitive={case_insensitive})
analogies = word_analogies(table, **settings)
wordsim = word_pairs(table, "wordsim353", **settings)
simlex = word_pairs(table, "simlex999", **settings)
print(analogies, wordsim, simlex, sep="\\n")
"""


def trap_maps(table: WordVectors, words: Sequence[str], trap: str, seed: int) -> str:
    """Every map of the ``trap`` on ``words``, what is measured on it and in the table, and the right answer."""
    return f"""\
from embeddings.traps import answer, draw, trap, truths
{opening(table)}
words = {list(words)!r}
exercise = trap({trap!r})
clouds = exercise.make(table, words)
maps = draw(exercise, clouds, seed={seed})
for each in maps:
    print(clouds[each.cell.cloud].title, dict(each.cell.options), dict(zip(exercise.measured, each.numbers)))
in_the_table = truths(exercise, clouds)
right = exercise.options[answer(exercise, maps)]
print(in_the_table, right, sep="\\n")
"""


def whole_table(table: WordVectors, components: Sequence[int], most: int, by: str, seed: int, word: str) -> str:
    """All words by PCA, how many lie in each cell, which are drawn, and how ``word`` fares."""
    return f"""\
from embeddings.whole_table import density, drawn_ids, nearer_on_map, place_all, trust_of_sample
{opening(table)}
whole = place_all(table, components={tuple(components)!r})
grid = density(whole.coordinates)
ids = drawn_ids(len(table), {most}, {by!r}, seed={seed})
nearer = nearer_on_map(table, whole, {word!r})
trust = trust_of_sample(table, whole)
print(trust.trustworthiness, trust.continuity, trust.neighbour_overlap, trust.spearman)
print(whole.coordinates.shape, whole.explained, grid.counts.sum(), len(ids), nearer, sep="\\n")
"""
