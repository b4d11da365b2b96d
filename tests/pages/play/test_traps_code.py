"""The code behind the traps, run as it stands and compared with what the page shows."""

import pytest

from tests.pages.play.test_traps import FORTY, finish, measured, notes, open_trap
from tests.pages.test_show_the_code import run


@pytest.mark.parametrize("name", ["noise", "sizes", "seeds"])
def test_a_trap(open_page, name):
    app = open_trap(open_page, name, traps_seed="3", **FORTY)
    finish(app, name)
    names = run(app, "traps")
    charts = ("traps_others", "traps_grid") if name == "noise" else ("traps_grid", "traps_others")
    trust = [note.split("<br>")[1] for note in notes(app, *charts)]
    assert trust == [f"trust {each.trustworthiness:.2f}" for each in names["maps"]]
    sentences = " ".join(element.value for element in (*app.info, *app.success)).replace("\\", "")  # an escape
    assert names["right"].format(small=2, large=13) in sentences
    first = next(iter(measured(app).values()))[1:]
    assert [float(value) for value in first] == pytest.approx(
        [each.numbers[0] for each in names["maps"][:3]], abs=0.006
    )
