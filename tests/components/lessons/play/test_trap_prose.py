"""The words of the traps: each verdict of the engine has its answer and its lesson."""

import pytest

from components.lessons.play.traps.prose import PROSE
from embeddings.tsne_pitfalls import traps


@pytest.mark.parametrize("trap", traps(), ids=lambda each: each.name)
def test_a_trap_can_be_asked_about(trap):
    prose = PROSE[trap.name]
    answers = [outcome.answer for outcome in prose.outcomes.values()]

    assert tuple(prose.outcomes) == trap.verdicts
    assert prose.question.endswith("?")
    assert len(answers) == len(set(answers)) == 3
    assert max(len(answer.format(small=2, large=30)) for answer in answers) <= 40  # as much as a page shows
    assert trap.measured


@pytest.mark.parametrize("trap", traps(), ids=lambda each: each.name)
def test_each_answer_of_a_trap_has_its_own_lesson(trap):
    explanations = [outcome.explanation for outcome in PROSE[trap.name].outcomes.values()]

    assert len(set(explanations)) == len(explanations) == len(trap.verdicts)
    assert all(explanation.endswith(".") for explanation in explanations)
