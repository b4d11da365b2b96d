"""A whole class asks the one language model of a real server at once."""

import time
from contextlib import ExitStack
from urllib.parse import urlencode

from embeddings.tokenizers import drawn
from embeddings.transformer import SMOLLM_BYTES, SmolLM, likeliest, next_token_probabilities
from tests.browser.conftest import running_app
from tests.server.visitor import PATIENCE, Visitor, memory_of

OWN_TEXTS = tuple(
    f"The capital of {country} is" for country in "Austria Chile Egypt Greece Hungary India Iran Peru".split()
)
ONE_TEXT = ("The capital of France is",) * (30 - len(OWN_TEXTS))  # that of the page's example, whose answer is shared


def answered(visitor: Visitor) -> bool:
    return visitor.has("Finished")


def test_thirty_at_once_each_get_their_own_answer_from_one_model(tmp_path):
    texts = [*OWN_TEXTS, *ONE_TEXT]
    with running_app(tmp_path / "log.txt") as url, ExitStack() as open_tabs:
        with Visitor(url, "own_tokenizer"):
            before = memory_of(url)
        visitors = [Visitor(url, "change_one_row", query=urlencode({"row_text": text})) for text in texts]
        for visitor in visitors:
            open_tabs.callback(visitor.socket.close)
        end = time.monotonic() + PATIENCE
        while not all(map(answered, visitors)) and time.monotonic() < end:
            for visitor in visitors:
                if not answered(visitor):
                    visitor.run()  # as a page asks for news
            time.sleep(1)  # and as seldom: without a pause the asking would take the model's processor
        assert all(map(answered, visitors))
        assert memory_of(url) - before < 1.8 * SMOLLM_BYTES
    model = SmolLM.load()
    for text, visitor in zip(texts, visitors, strict=True):
        best = likeliest(next_token_probabilities(model, model.encode(text).ids))
        assert any(visitor.has(f"Likeliest next tokens: {drawn(model.tokenizer.tokens[each])} ") for each in best)
