"""Which token of a sentence has the vector most like that of another: guessed, then measured."""

from components import predict, snippets
from components.plain_text import code
from components.tables import rows_of
from embeddings.neighbors import cosine_similarities
from embeddings.tokens import Encoding

MOST_OFFERED = 5  # tokens to guess among, the rarest and the right one
MOST_MEASURED = 5  # cosines told


def show_most_alike(encoding: Encoding, chosen: int, name: str, most: int) -> None:
    """A guess about the token at ``chosen`` and the first ``most`` others; then their cosines, best first.

    Args:
        encoding: Of the sentence.
        chosen: Place of a token with an id.
        name: Of a tokenizer whose tokens have vectors.
        most: How many tokens are on the page.
    """
    token = encoding.tokens[chosen]
    ids = {token: encoding.ids[chosen]}
    ids |= {each: id for each, id in zip(encoding.tokens[:most], encoding.ids, strict=False) if id is not None}
    _, *others = ids
    if len(others) < 2:
        return
    cosines = cosine_similarities(rows_of(name, list(ids.values())))[0, 1:]
    ranking = sorted(zip(others, cosines.tolist(), strict=True), key=lambda pair: -pair[1])
    nearest = predict.first(ranking)
    offered = {*nearest, *sorted(others, key=ids.__getitem__)[1 - MOST_OFFERED :]}
    guessed = predict.guess(
        f"Which token of your sentence has the vector most like that of {code(token)}?",
        [each for each in others if each in offered],
        "home_guess",
        about=(name, token, tuple(others)),
    )
    if guessed is None:
        return
    measured = ", ".join(f"{code(each)} {cosine:.2f}" for each, cosine in ranking[:MOST_MEASURED])
    predict.verdict(
        guessed,
        nearest,
        f"The cosine of two vectors is 1 when they point the same way. With {code(token)}: {measured}.",
    )
    snippets.show_code(snippets.most_alike(name, ids), "home_alike")
