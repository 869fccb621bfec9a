"""A connector that keeps every rule of the conformance kit, for tests to break one at a time."""

import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from connector_sdk.testing import RULES, Subject, Wrong, examine, write_schema

sys.path.insert(0, str(Path(__file__).parent))  # what pickles is found by its module's name

from model_connector import COPY, MODEL, STACK

PARTS = {each.name for each in fields(MODEL)}


@pytest.fixture
def subject(tmp_path):
    """The model connector and what it is judged by."""
    schema = tmp_path / "connector.schema.json"
    write_schema(MODEL, schema)
    settings = {"place": "here", "password": "a-very-secret-word"}
    wrong = (Wrong({"place": ""}, "place"), Wrong({"times": 0}, "times", "copy"))
    return Subject(MODEL, settings, (COPY, STACK), wrong, {"place": "nowhere"}, schema, large=16)


@pytest.fixture
def examined(subject):
    """Judge the model with some parts of it, or of what it is judged by, replaced."""

    def judge(**parts):
        connector = replace(MODEL, **{name: parts.pop(name) for name in list(parts) if name in PARTS})
        if "schema" not in parts:
            write_schema(connector, subject.schema)
        return list(examine(replace(subject, connector=connector, **parts), RULES))

    return judge
