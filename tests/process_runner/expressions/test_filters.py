"""Filters: numbers and dates that do not guess."""

import pytest

from process_runner.expressions.filters import date, decimal, whole


@pytest.mark.parametrize(("written", "number"), [("17", 17), (" 17 ", 17), ("1.9", 1), (1.9, 1), ("-3", -3)])
def test_int_reads_a_number(written, number):
    assert whole(written) == number


@pytest.mark.parametrize("written", ["abc", "1,50", "", None, "nan"])
def test_a_text_that_is_no_number_is_not_taken_for_0(written):
    with pytest.raises(ValueError, match=r"no number|NaN"):
        whole(written)


@pytest.mark.parametrize("written", ["abc", "1,50", "", None])
def test_float_fails_too_unless_a_default_is_given(written):
    with pytest.raises(ValueError, match="is no number; write it with a point, or give a default"):
        decimal(written)
    assert decimal(written, 0.5) == 0.5
    assert whole(written, 7) == 7


def test_a_base_is_respected():
    assert whole("ff", base=16) == 255


def test_a_form_without_a_directive_is_no_date():
    with pytest.raises(ValueError, match="write it with %"):
        date("2026-01-31", "YYYY/MM/DD")
