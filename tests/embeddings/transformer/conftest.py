import pytest
import torch

from embeddings.transformer.smollm import SmolLM


@pytest.fixture(scope="session")
def one_thread():
    """Small products on two threads wait for one another where other programs keep a core busy."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def smollm(one_thread):
    return SmolLM.load()
