from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from embeddings.threads import one_blas_thread, one_torch_thread


@pytest.fixture(autouse=True)
def two_threads():
    with threadpool_limits(2, user_api="blas"):
        yield


def threads_of_numpy() -> int:
    np.ones((2, 2)) @ np.ones((2, 2))
    return next(each["num_threads"] for each in threadpool_info() if "numpy" in each["filepath"])


def test_products_run_on_one_thread_and_on_all_afterwards():
    with one_blas_thread():
        assert threads_of_numpy() == 1
    assert threads_of_numpy() == 2


def test_those_within_may_leave_in_any_order():
    first, second = one_blas_thread(), one_blas_thread()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert threads_of_numpy() == 1
    second.__exit__(None, None, None)
    assert threads_of_numpy() == 2


def test_the_threads_are_given_back_when_the_work_is_stopped():
    with pytest.raises(KeyError), one_blas_thread():
        raise KeyError("enough")
    assert threads_of_numpy() == 2


def test_several_at_once_leave_as_many_threads_as_there_were():
    before = threads_of_numpy()

    def briefly(_):
        with one_blas_thread():
            return threads_of_numpy()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(briefly, range(40))) == [1] * 40
    assert threads_of_numpy() == before


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
