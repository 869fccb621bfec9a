"""Each rule of the conformance kit is broken by a connector made for it, and by that one alone."""

import os

import pytest
from bad_connections import LEFT_OPEN
from bad_connectors import BAD

from connector_sdk.testing import RULES

BAD_ONES = [(name, number) for name, ways in BAD.items() for number in range(len(ways))]


@pytest.fixture(autouse=True)
def closed():
    yield
    while LEFT_OPEN:
        os.close(LEFT_OPEN.pop())


def failed(findings):
    return {each.rule.name: each.told for each in findings if each.outcome == "failed"}


def test_the_model_keeps_every_rule(examined):
    findings = examined()
    assert failed(findings) == {}
    assert {each.rule.name for each in findings if each.outcome == "passed"} == {rule.name for rule in RULES}


def test_every_rule_has_a_connector_that_breaks_it():
    assert BAD.keys() | {"schema_is_compatible"} == {rule.name for rule in RULES}


@pytest.mark.parametrize(("name", "number"), BAD_ONES)
def test_a_bad_connector_breaks_its_rule_and_no_other(name, number, examined):
    found = failed(examined(**BAD[name][number]))
    assert list(found) == [name], found
    assert found[name]
