"""The validator finds wrong what the JSON Schema library finds wrong, also by keywords that only plugins use."""

import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from process_runner.language.foreign import KEYWORDS as FOREIGN
from process_runner.language.limits import LIMITS
from process_runner.language.validator import UnknownType, Validator

VALUES = [
    *(None, True, False, 0, 1, 2, 3, -1, 1.0, 1.5),
    *("", "a", "ab", "abc", "1", [], [1], [1, 1], [1, True], [2, 1], ["b", 1], [1, 2, 3], [[1]]),
    *({}, {"a": 1}, {"a": "x"}, {"b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, {"a": {"a": 1}}, {"c": [1, 1]}),
]
TEXT = {"pattern": "^a", "minLength": 1}
SCHEMAS = [
    *({"minimum": 1}, {"maximum": 1}, {"exclusiveMinimum": 1}, {"exclusiveMaximum": 1}, {"multipleOf": 2}),
    *(
        {"minLength": 2},
        {"maxLength": 1},
        {"pattern": "b"},
        {"enum": [1, "a", None, [1]]},
        {"const": 1},
        {"const": False},
    ),
    *(
        {"minItems": 2},
        {"maxItems": 1},
        {"items": TEXT},
        {"items": {"enum": [1]}},
        {"items": False},
        {"uniqueItems": True},
    ),
    *({"prefixItems": [{"const": 1}]}, {"prefixItems": [{"const": 1}], "items": {"const": 3}}),
    *({"contains": {"const": 1}}, {"contains": {"const": 1}, "minContains": 2}, {"contains": {}, "maxContains": 1}),
    {"prefixItems": [{"const": 1}], "unevaluatedItems": {"const": 2}},
    *({"minProperties": 1}, {"maxProperties": 1}, {"properties": {"a": TEXT}}, {"properties": {"b": False}}),
    *({"patternProperties": {"[ab]": {"const": 1}}}, {"dependentRequired": {"a": ["b"]}}),
    *({"dependentSchemas": {"a": {"maxProperties": 1}}}, {"properties": {"a": {}}, "unevaluatedProperties": False}),
    *({"allOf": [{"minimum": 1}, {"maximum": 1}]}, {"not": {"const": 1}}, {"not": {"properties": {"a": {"const": 1}}}}),
    {"if": {"minProperties": 2}, "then": {"properties": {"a": {"const": 2}}}, "else": {"maxItems": 1}},
    {"properties": {"a": {"properties": {"a": {"minimum": 2}}}, "c": {"uniqueItems": True}}},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_it_agrees_with_the_library(schema):
    library = Draft202012Validator(schema)
    right = [value for value in VALUES if not list(Validator(LIMITS).violations(value, schema))]
    assert [repr(each) for each in right] == [repr(each) for each in VALUES if library.is_valid(each)]
    assert 0 < len(right) < len(VALUES)


def test_no_keyword_of_the_standard_is_missing():
    form = {"type", "anyOf", "oneOf", "format", "additionalProperties", "propertyNames", "required"}
    references = {"$ref", "$dynamicRef"}  # put where they are used before anything is judged
    assert {*FOREIGN, *LIMITS, *form, *references} == set(Draft202012Validator.VALIDATORS)


def test_a_violation_has_the_path_to_what_is_wrong():
    schema = {"properties": {"list": {"items": {"allOf": [{"properties": {"count": {"minimum": 1}}}]}}}}
    (found,) = Validator(LIMITS).violations({"list": [{"count": 1}, {"count": 0}]}, schema)
    assert found.path == ("list", 1, "count")
    assert found.message == "0 is less than the minimum of 1"


def test_a_violation_that_the_library_finds_has_its_path_too():
    schema = {"properties": {"list": {"prefixItems": [{}, {"uniqueItems": True}]}}}
    (found,) = Validator(LIMITS).violations({"list": [1, [2, 2]]}, schema)
    assert found.path == ("list", 1)


def test_a_type_that_json_does_not_have_is_an_error():
    with pytest.raises(UnknownType, match="'whole' is none of string, integer"):
        Validator(LIMITS).is_type(1, "whole")


def test_the_library_is_imported_where_only_it_knows_a_keyword():
    program = (
        "import sys\n"
        "from process_runner.language.limits import LIMITS\n"
        "from process_runner.language.validator import Validator\n"
        "for schema in ({'minimum': 2}, {'multipleOf': 2}):\n"
        "    found = [each.message for each in Validator(LIMITS).violations(1, schema)]\n"
        "    print(found, 'jsonschema' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "['1 is less than the minimum of 2'] False",
        "['1 is not a multiple of 2'] True",
    ]
