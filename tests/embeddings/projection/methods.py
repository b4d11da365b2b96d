"""What the tests of every method are parametrised by; it follows from the registry."""

from embeddings.projection import METHODS, Backend, Method

NAMES = tuple(METHODS)
FROM_VECTORS = tuple(name for name, method in METHODS.items() if method.metric is None)  # which need no words
ITERATIVE = tuple(method for method in METHODS.values() if method.iterative)


def backends(method: Method) -> list[dict[str, str]]:
    """The options that choose each of the programs that draw by this method."""
    several = [option for option in method.options if isinstance(option, Backend)]
    return [{option.name: choice} for option in several for choice in option.choices] or [{}]


def keeps_neighbors_apart(name: str) -> bool:
    """Whether the method draws even points that coincide at a distance that can be chosen."""
    return any(option.name == "min_dist" for option in METHODS[name].options)


BACKENDS = tuple((method.name, options) for method in ITERATIVE for options in backends(method))
WAYS = tuple((name, options) for name in FROM_VECTORS for options in backends(METHODS[name]))
