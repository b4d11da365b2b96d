"""How much memory visitors may hold."""

import pytest

from components.session.visitor_limits import DEFAULT_MAX, MB, MIN_TOTAL, SETTING, limits


def test_an_operator_sets_the_memory_of_visitors_and_one_has_half_of_it():
    asked = limits({SETTING: "100"})
    assert (asked.max_total, asked.max_each, asked.max_away) == (100 * MB, 50 * MB, 25 * MB)


def test_without_a_setting_it_goes_by_what_is_free():
    assert MIN_TOTAL <= limits({}).max_total <= DEFAULT_MAX


@pytest.mark.parametrize("setting", ["", "0", "-5", "half", "1e3", "٣٢٠", "9" * 30])
def test_a_setting_that_is_no_number_of_megabytes_is_refused(setting):
    with pytest.raises(ValueError, match=SETTING):
        limits({SETTING: setting})
