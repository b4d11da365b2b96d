"""The language model that all visitors share: opened when it is asked for, and let go when nobody uses it."""

import threading
from collections.abc import Callable

import streamlit as st

from components.session import visit
from components.session.memory_account import Account, Charge
from embeddings.common import ProgressCallback
from embeddings.sources import open_smollm, smollm_tokenizer
from embeddings.tokenizers import ByteLevelTokenizer
from embeddings.transformer import SMOLLM_BYTES, SmolLM

IDLE_SECONDS = 300  # after which the model is let go; to open it again takes a second
_OWNER, _NAME, _WHAT = "the server", "language model", "The language model"


class SharedModel:
    """One language model at most, its memory entered in ``account`` as what can be had again.

    Args:
        account: Of the server's memory.
        load: Opens the model.
        size: Bytes that it takes.
        idle_seconds: After which it is let go.
    """

    def __init__(
        self,
        account: Account,
        load: Callable[[ProgressCallback], SmolLM] = SmolLM.load,
        size: int = SMOLLM_BYTES,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._account, self._load, self._size, self._idle_seconds = account, load, size, idle_seconds
        self._model: SmolLM | None = None
        self._idle: threading.Timer | None = None
        self._opening = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether the model is in memory."""
        return self._model is not None

    def get(self, report: ProgressCallback) -> SmolLM:
        """The model, opened if it is not; for the thread of a job, which others wait for.

        Raises:
            SourceUnavailable: It is not installed, or damaged.
            TooLarge: It does not fit into memory.
        """
        while not self._opening.acquire(timeout=0.5):
            report(0.0, "The language model is being opened")
        try:
            model = self._model or self._opened(report)
            self._account.touch(_OWNER)
            self._wait_for_idleness()
            return model
        finally:
            self._opening.release()

    def let_go(self) -> None:
        """Let the model go; what still computes with it goes on."""
        self._forget()
        self._account.release(_OWNER, _NAME)

    def _opened(self, report: ProgressCallback) -> SmolLM:
        with self._account.reserved(_OWNER, _NAME, self._size, what=_WHAT, most=self._size):
            model = self._load(report)
        self._model = model
        charge = Charge(self._size, self._forget, spare=True)
        self._account.charge(_OWNER, _NAME, charge, what=_WHAT, most=self._size)
        return model

    def _forget(self) -> None:
        self._model = None

    def _wait_for_idleness(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = threading.Timer(self._idle_seconds, self.let_go)
        self._idle.daemon = True
        self._idle.start()


@st.cache_resource(max_entries=1, show_spinner=False)
def shared_model() -> SharedModel:
    """The server's one."""
    return SharedModel(visit.account())


@st.cache_resource(max_entries=1, show_spinner="Opening the tokenizer")
def language_tokenizer() -> ByteLevelTokenizer:
    """The model's tokenizer alone, which takes little.

    Raises:
        SourceUnavailable: The model is not installed, or damaged.
    """
    return smollm_tokenizer(open_smollm())
