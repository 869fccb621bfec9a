"""Differences: no part of a secret is cut out of its whole."""

from process_runner.testing.differences import _diff


def test_texts_that_differ_in_line_ends_only_are_shown_by_whole_lines():
    shown = _diff("first\nhunter2-" + "x" * 60 + "\n", "first\nhunter2-" + "x" * 60)
    assert shown.count("hunter2-" + "x" * 60) == 2
    assert "line ends" in shown
