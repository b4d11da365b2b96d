import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import scipy.linalg  # noqa: F401  (its BLAS is limited too)
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from embeddings.common.threads import LONG_WORK_NICENESS, make_way, one_blas_thread, one_torch_thread


@pytest.fixture(autouse=True)
def two_threads():
    with threadpool_limits(2, user_api="blas"):
        yield


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_products_run_on_one_thread_and_on_all_afterwards():
    with one_blas_thread():
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_those_within_may_leave_in_any_order():
    first, second = one_blas_thread(), one_blas_thread()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == {2}


def test_another_thread_may_come_first_and_the_first_may_leave_last():
    with ThreadPoolExecutor(1) as elsewhere:
        theirs, ours = one_blas_thread(), one_blas_thread()
        elsewhere.submit(theirs.__enter__).result()
        assert blas_threads() == {1}
        ours.__enter__()
        elsewhere.submit(theirs.__exit__, None, None, None).result()
        assert blas_threads() == {1}
        ours.__exit__(None, None, None)
    assert blas_threads() == {2}


def test_the_threads_are_given_back_when_the_work_is_stopped():
    with pytest.raises(KeyError), one_blas_thread():
        raise KeyError("enough")
    assert blas_threads() == {2}


def test_several_at_once_leave_as_many_threads_as_there_were():
    def briefly(_):
        with one_blas_thread():
            return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(briefly, range(40)))
    assert blas_threads() == {2}


def test_torch_has_one_thread_inside_and_as_many_as_before_afterwards():
    before = torch.get_num_threads()
    with pytest.raises(KeyError), one_torch_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a niceness of its own on Linux alone")
def test_a_thread_of_long_work_makes_way_and_the_others_do_not():
    def niceness():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work():
        make_way()
        found.append(niceness())
        make_way()
        found.append(niceness())

    before, found = niceness(), []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert found == [max(before, LONG_WORK_NICENESS)] * 2
    assert niceness() == before
