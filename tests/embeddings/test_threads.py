from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from threadpoolctl import threadpool_info

from embeddings.threads import one_blas_thread, one_torch_thread


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_blas_has_one_thread_inside_and_as_many_as_before_afterwards():
    before = blas_threads()
    with pytest.raises(KeyError), one_blas_thread():
        assert blas_threads() == {1}
        raise KeyError
    assert blas_threads() == before


def test_several_at_once_leave_as_many_threads_as_there_were():
    before = blas_threads()

    def briefly(_):
        with one_blas_thread():
            return blas_threads()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(briefly, range(40))) == [{1}] * 40
    assert blas_threads() == before


def test_torch_has_one_thread_inside_and_as_many_as_before_afterwards():
    before = torch.get_num_threads()
    with pytest.raises(KeyError), one_torch_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before


def test_threads_that_train_side_by_side_leave_torch_as_it_was_for_those_that_come_later():
    before = torch.get_num_threads()

    def briefly(_):
        with one_torch_thread():
            return torch.get_num_threads()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(briefly, range(40))) == [1] * 40
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(torch.get_num_threads).result() == before
