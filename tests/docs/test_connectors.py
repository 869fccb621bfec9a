"""The page for authors of connectors says what the SDK has."""

import re
from pathlib import Path

import pytest

import connector_sdk
from connector_sdk import SettingsError
from connector_sdk.testing import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "connectors.md").read_text(encoding="utf-8")
SELDOM = {"ConnectorError", "SettingsError", "Runtime", "Request", "Document"}
"""What authors meet without having to name it."""


def test_every_rule_of_the_conformance_kit_has_its_place():
    table = PAGE.partition("| rule | promise |")[2].partition("\n\n")[0]
    assert re.findall(r"`(\w+)`", table) != []
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(rule.name for rule in RULES)


def test_everything_that_an_author_may_import_is_told():
    assert {name for name in connector_sdk.__all__ if f"{name}" not in PAGE} <= SELDOM


def test_every_argument_of_a_case_is_told():
    from dataclasses import fields

    from connector_sdk.testing import Case

    assert [each.name for each in fields(Case) if f"`{each.name}`" not in PAGE] == []


def test_settings_do_what_the_page_says():
    block = re.search(r"```python title=desk.py\n(.*?)```", PAGE, re.DOTALL)[1]
    names = {"__name__": "desk"}
    exec(compile(block, "desk.py", "exec"), names)  # the page's own
    load = names["DeskConnection"].load
    assert load({"city": "Bern"}).opens == range(9, 17)
    assert load({"city": "Bern", "opens": "7-12", "retry": {"times": 1}}).retry.times == 1
    for wrong, told in (
        ({}, "city: it is missing"),
        ({"city": "Rome"}, "city: there are desks in Bern and in Oslo"),
        ({"city": "Oslo", "opens": "8-12"}, "Oslo opens at 9"),
        ({"city": "Bern", "retry": {"times": 0}}, r"retry\.times: the value must be at least 1"),
    ):
        with pytest.raises(SettingsError, match=told):
            load(wrong)
