"""No recorded run, however damaged, ends in anything but its chart or a sentence, nor takes much memory."""

from tests.fuzzing import MAX_GROWTH, tried


def test_of_5_000_changed_runs_each_is_shown_or_refused_in_a_sentence():
    outcome = tried("tests.components.lessons.layer.hostile_runs", 5_000)

    assert outcome["faults"] == []
    assert outcome["grown"] < MAX_GROWTH
    assert min(outcome["read"], outcome["refused"]) > 250  # the changes reach what lies behind the first check
