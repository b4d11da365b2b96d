import pickle

import numpy as np
import pytest

from embeddings.common import InvalidInput, TooLarge, UnknownToken, WorkerLost, no_progress
from embeddings.jobs import ByName, Call
from embeddings.jobs.packing import Packer, Unpacker, pack, unpack
from tests import remote_calls


def test_a_call_gives_what_its_function_gives():
    said = []
    arrays = (np.zeros(3), np.ones(3))
    given = Call(remote_calls.grow, (arrays,), {"steps": 2})(lambda *progress: said.append(progress[:2]))
    assert given == arrays
    assert said == [(0.5, "1"), (1.0, "2")]


def test_a_function_inside_another_is_refused():
    def inner(report):
        return 1

    with pytest.raises(TypeError, match="inner is not at the top of"):
        Call(inner)
    with pytest.raises(TypeError, match="is not at the top of"):
        Call(lambda report: 1)
    with pytest.raises(TypeError, match="inner is not at the top of"):
        ByName(inner)


def test_arrays_become_read_only_for_the_work_and_stay_as_they_were_for_others():
    mine = np.zeros(3)
    call = Call(remote_calls.grow, (mine,), {"more": mine})
    assert not call.arrays[0].flags.writeable
    assert not call.options["more"].flags.writeable
    assert mine.flags.writeable


def test_of_an_argument_by_name_the_name_alone_travels():
    here = ByName(np.zeros, (1_000_000,), lambda: "at hand")
    assert here.open() == "at hand"
    frames = pack(here)
    assert sum(map(len, frames)) < 200
    assert unpack(frames).open().shape == (1_000_000,)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6_000, dtype=np.float32).reshape(60, 100),
        np.asfortranarray(np.arange(6_000).reshape(60, 100)),
        np.arange(6_000).reshape(60, 100)[::2, ::3],
        np.array(["a", "bc"] * 500),
        np.arange(3),
        np.zeros((0, 4)),
    ],
    ids=["rows", "columns", "a part", "words", "small", "empty"],
)
def test_an_array_arrives_as_it_was_and_read_only(array):
    there = unpack(pack({"array": array}))["array"]
    assert (there.dtype, there.shape, there.tolist()) == (array.dtype, array.shape, array.tolist())
    assert there.flags.f_contiguous == (array.flags.f_contiguous or not array.size)
    assert not there.flags.writeable


def test_an_array_that_went_away_is_sent_again_when_it_comes_back():
    packer, unpacker = Packer(), Unpacker()
    first, second = np.arange(1_000), np.arange(1_000, 2_000)
    for value in ([first], [second], [first, second, first]):
        frames = packer.pack(value)
        assert [each.tolist() for each in unpacker.unpack(frames)] == [each.tolist() for each in value]
    assert len(frames) == 2  # of the two arrays only the one that was not there before


@pytest.mark.parametrize(
    "error",
    [InvalidInput("No."), UnknownToken("cow", "this table"), TooLarge("It", 5_000, 1_000), WorkerLost()],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_the_engine_arrives_with_its_sentence_and_all_it_knows(error):
    there = pickle.loads(pickle.dumps(error))
    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))


def test_a_call_that_travels_is_made_there_as_here():
    call = Call(remote_calls.first_row, (ByName(remote_calls.toy_table),))
    assert unpack(pack(call))(no_progress).tolist() == call(no_progress).tolist() == [1, 2]
