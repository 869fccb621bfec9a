"""The page for authors of connectors says what the SDK has."""

import re
from pathlib import Path

import connector_sdk
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
