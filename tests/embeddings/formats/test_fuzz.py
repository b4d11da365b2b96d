"""No file, however damaged, ends in anything but vectors or a sentence, nor takes much memory."""

from tests.fuzzing import MAX_GROWTH, tried


def test_of_15_000_changed_files_each_is_read_or_refused_in_a_sentence():
    outcome = tried("tests.embeddings.formats.hostile_files", 15_000)

    assert outcome["faults"] == []
    assert outcome["grown"] < MAX_GROWTH
    assert min(outcome["read"], outcome["refused"]) > 1_500  # the changes reach what lies behind the first check
