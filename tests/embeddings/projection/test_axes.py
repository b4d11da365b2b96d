"""Maps by axes that somebody named."""

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.projection.registry import options_of, project, transform
from embeddings.similarity.semantic_axes import project_onto, semantic_axis

WORDS = ("king", "queen", "prince", "princess", "farmer")


@pytest.fixture
def two_axes(glove):
    return semantic_axis(glove, "man", "woman"), semantic_axis(glove, "small", "big")


def test_a_map_by_axes_has_every_word_where_it_stands_on_each(glove, two_axes):
    rows = glove.rows(WORDS)
    drawn = project(rows, "axes", axes=two_axes)
    assert np.allclose(drawn.coordinates, np.stack([project_onto(each, rows) for each in two_axes], axis=1), atol=1e-6)
    assert drawn.options["axes"] == two_axes


def test_a_word_added_to_a_map_by_axes_stands_where_they_put_it(glove, two_axes):
    drawn = project(glove.rows(WORDS), "axes", axes=two_axes)
    added = transform(drawn, glove.rows(WORDS), glove.rows(["duke"]))
    among_others = project(glove.rows(["duke", "king"]), "axes", axes=two_axes).coordinates[:1]
    assert np.allclose(added, among_others, atol=1e-6)


def test_as_many_axes_are_asked_for_as_the_map_has_dimensions(two_axes):
    with pytest.raises(InvalidInput, match="needs 3 axes, not 2"):
        options_of((5, 50), "axes", n_components=3, axes=two_axes)


def test_axes_of_another_table_are_refused(two_axes):
    with pytest.raises(InvalidInput, match="must be of 20 dimensions"):
        options_of((5, 20), "axes", axes=two_axes)
