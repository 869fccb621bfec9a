import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "examples").rglob("*.test.yaml"))


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((ROOT / "schemas" / "test.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_example_fits_the_schema_that_editors_use(validator, file):
    written = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert [error.message for error in validator.iter_errors(written)] == []


@pytest.mark.parametrize("wrong", [{}, {"tests": []}, {"tests": [{"name": "x", "expects": {}}]}, {"tests": [{}]}])
def test_the_schema_refuses_what_the_command_refuses(validator, wrong):
    assert not validator.is_valid(wrong)
