"""Comparisons: what counts as a number, and patterns that are none."""

import pickle

import pytest

from connector_sdk import DocumentError
from process_runner.engine.comparison import OPERATORS, Operator
from process_runner.expressions import Template


@pytest.mark.parametrize(
    ("value", "other", "same"),
    [
        ("1_0", "10", False),
        ("nan", "nan", True),
        ("inf", "Infinity", False),
        ("10", "10.0", True),
        ("+1e1", " 10 ", True),
        (".5", "0.50", True),
        ("9" * 30, "9" * 29 + "8", False),
        ("\u0661", "1", False),
    ],
)
def test_only_what_people_write_as_numbers_compares_as_numbers(value, other, same):
    assert Operator(equals=other).holds(value, None) is same


@pytest.mark.parametrize("pattern", ["a{99999999999999999999}", "(" * 3_000 + ")" * 3_000, "("])
def test_a_pattern_that_python_cannot_compile_is_no_defect(pattern):
    with pytest.raises(DocumentError, match="is no regular expression"):
        OPERATORS["matches"]("x", pattern)
    (fault,) = Operator(matches=pattern).faults()
    assert "is no regular expression" in fault.message
    assert Template(pattern).constant


@pytest.mark.parametrize("name", OPERATORS)
def test_an_operator_that_was_used_already_goes_to_worker_processes(name):
    used = Operator(**{name: "a"})
    held = used.holds("a", None)
    assert pickle.loads(pickle.dumps(used)).holds("a", None) is held
