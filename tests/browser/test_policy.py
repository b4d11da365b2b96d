"""What the pages do is what their headers let them do."""

import pytest


@pytest.mark.parametrize("path", ["", "vectors_with_meaning", "words_in_space", "sources", "lookup_or_matmul", "traps"])
def test_a_page_does_nothing_that_its_content_policy_forbids(visit, page, path):
    said = []
    page.on("console", lambda message: said.append(message.text))
    visit(path).wait_for_load_state("networkidle")
    assert [text for text in said if "Content Security Policy" in text or "MIME type" in text] == []
