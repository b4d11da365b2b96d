import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from embeddings.threads import one_blas_thread


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
