"""What the tests of every method are parametrised by; it follows from the registry."""

import pytest

from embeddings.common import installed
from embeddings.projection import METHODS, Backend, Method

NAMES = tuple(METHODS)
PACKAGES = {"live": "openTSNE", "fast": "scranpy"}  # without which a backend does not draw
needs_opentsne = pytest.mark.skipif(not installed("openTSNE"), reason="no openTSNE for this machine")
needs_scranpy = pytest.mark.skipif(not installed("scranpy"), reason="no scranpy for this machine")
FROM_VECTORS = tuple(name for name, method in METHODS.items() if method.metric is None)  # which need no words
ITERATIVE = tuple(method for method in METHODS.values() if method.iterative)


def backends(method: Method) -> list[dict[str, str]]:
    """The options that choose each of the programs that draw by this method and are installed."""
    several = [option for option in method.options if isinstance(option, Backend)]
    there = [(option, choice) for option in several for choice in option.choices if _is_there(choice)]
    return [{option.name: choice} for option, choice in there] or [{}]


def _is_there(choice: str) -> bool:
    return choice not in PACKAGES or installed(PACKAGES[choice])


def keeps_neighbors_apart(name: str) -> bool:
    """Whether the method draws even points that coincide at a distance that can be chosen."""
    return any(option.name == "min_dist" for option in METHODS[name].options)


BACKENDS = tuple((method.name, options) for method in ITERATIVE for options in backends(method))
WAYS = tuple((name, options) for name in FROM_VECTORS for options in backends(METHODS[name]))
