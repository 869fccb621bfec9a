"""Versions: which plugins this SDK serves."""

import pytest

from connector_sdk import version


@pytest.mark.parametrize(
    ("ours", "theirs", "served"),
    [("1.0", "1.0", True), ("1.4", "1.2", True), ("1.2", "1.4", False), ("2.0", "1.9", False), ("1.10", "1.9", True)],
)
def test_a_plugin_is_served_by_its_version_and_by_later_ones_with_the_same_first_number(
    monkeypatch, ours, theirs, served
):
    monkeypatch.setattr(version, "VERSION", ours)
    assert version.serves(theirs) is served


@pytest.mark.parametrize("wrong", ["", "1", ">=1.0", "1.x", "one.two"])
def test_what_is_no_version_is_refused_with_an_example(wrong):
    with pytest.raises(ValueError, match=r"two numbers, such as '1\.0'"):
        version.serves(wrong)
