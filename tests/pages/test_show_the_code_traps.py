"""The code behind the traps, run as it stands and compared with what the page shows."""

import pytest

from tests.pages.reading import chart
from tests.pages.test_show_the_code import run
from tests.pages.test_traps import finish, measured, open_trap


@pytest.mark.parametrize("name", ["noise", "sizes", "seeds"])
def test_a_trap(open_page, name):
    app = open_trap(open_page, name, traps_kind="everyday groups", traps_seed="3")
    finish(app, name)
    names = run(app, "traps")
    shown = chart(app, "traps_grid")["layout"]["annotations"]
    trust = [note["text"].split("<br>")[1] for note in shown if "trust" in note["text"]]
    assert trust == [f"trust {each.trustworthiness:.2f}" for each in names["maps"]]
    sentences = " ".join(element.value for element in (*app.info, *app.success))
    assert names["right"].format(small=2, large=25) in sentences
    first = next(iter(measured(app).values()))[1:]
    assert [float(value) for value in first] == pytest.approx(
        [each.numbers[0] for each in names["maps"][:3]], abs=0.006
    )
