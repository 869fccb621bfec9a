"""Filters: numbers and dates that do not guess."""

from datetime import UTC, datetime

import pytest

from process_runner.expressions import check
from process_runner.expressions.filters import date, decimal, whole

NOW = datetime(2026, 3, 31, 12, 30, 5, tzinfo=UTC)


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


@pytest.mark.parametrize("form", ["%Q", "%Y-%", "%Y%-Q", "%:z", "%é"])
def test_an_unknown_part_of_a_form_is_an_error_wherever_it_comes_from(failure, form):
    code, told = failure("{{ now() | date(document.text) }}", form)
    assert code == "ExpressionFailed"
    assert "is no part of a date; known: %Y %m %d" in told
    assert "is no part of a date" in check(f"{{{{ now() | date('{form}') }}}}")


@pytest.mark.parametrize("form", ["%Y%m%d", "100%% %H", "%-d.%-m.", "%e %B %G-W%V", "%FT%T%z"])
def test_the_parts_of_a_form_are_those_of_strftime(text, form):
    assert text(f"{{{{ now() | date('{form}') }}}}") == NOW.strftime(form)
    assert check(f"{{{{ now() | date('{form}') }}}}") is None


def test_a_form_without_a_directive_is_no_date():
    with pytest.raises(ValueError, match="write it with %"):
        date("2026-01-31", "YYYY/MM/DD")
