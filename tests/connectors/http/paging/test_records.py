import json

import pytest

from connector_sdk import DocumentError, SettingsError
from connectors.http.get import Get
from connectors.http.paging.records import records


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ("[1, 2]", (), ["1", "2"]),
        (' {"a" : [ {"x":1.10} , "é\\u00e9" ] } ', ("a",), ['{"x":1.10}', '"é\\u00e9"']),
        (
            '{"b": [9], "a": {"b": [1e400, -0, 12345678901234567890.0]}}',
            ("a", "b"),
            ["1e400", "-0", "12345678901234567890.0"],
        ),
        ('{"a": [1], "a": [2]}', ("a",), ["2"]),
        ('{"a": []}', ("a",), []),
        ('{"a": null}', ("a",), []),
        ('{"a": [null, [], {}, "]"]}', ("a",), ["null", "[]", "{}", '"]"']),
        ("[]", (), []),
        ("null", (), []),
    ],
)
def test_records_are_exactly_as_they_are_written(text, path, found):
    assert list(records(text, path, optional=False)) == found


@pytest.mark.parametrize("text", ["{}", '{"b": {"a": [1]}}', '[{"a": [1]}]', '"a"', "7"])
def test_a_list_that_is_not_there_is_told_or_taken_for_an_empty_one(text):
    with pytest.raises(DocumentError) as raised:
        list(records(text, ("a",), optional=False))
    assert raised.value.code == "NoRecords"
    assert list(records(text, ("a",), optional=True)) == []


def test_what_is_there_instead_is_told():
    with pytest.raises(DocumentError, match=r"the page has nothing at 'data.orders'; at the top are data, meta$"):
        list(records('{"data": {"order": []}, "meta": 1}', ("data", "orders"), optional=False))


@pytest.mark.parametrize("text", ['{"a": {"x": 1}}', '{"a": "text"}', '{"a": 7}', '{"a": true}'])
def test_what_is_no_list_is_told(text):
    with pytest.raises(DocumentError) as raised:
        list(records(text, ("a",), optional=True))
    assert raised.value.code == "NoRecords"


BROKEN = ["", "[", "[1", "[1,", "[1,]", "[1 2]", "[,1]", "[NaN]", "[1e]", "[01]", '["\n"]', "[1}", "<html>"]
BROKEN_OBJECTS = ["{", '{"a"', '{"a":', '{"a": [1], }', '{"a" [1]}', "{'a': [1]}", '{"b": nope, "a": []}', '{"a": [1]']


@pytest.mark.parametrize("text", [*BROKEN, *BROKEN_OBJECTS])
def test_what_is_no_json_is_told(text):
    with pytest.raises(DocumentError) as raised:
        list(records(text, () if text in BROKEN else ("a",), optional=False))
    assert raised.value.code in ("InvalidJson", "NoRecords")
    assert raised.value.code == "InvalidJson" or text == "<html>"


def test_a_page_that_is_nested_too_deeply_is_told():
    with pytest.raises(DocumentError, match="nested too deeply"):
        list(records("[" * 100_000, (), optional=False))


def test_many_records_take_time_in_proportion():
    text = json.dumps([{"id": number, "text": "x" * 20} for number in range(50_000)])

    assert sum(1 for _ in records(text, (), optional=False)) == 50_000


@pytest.mark.parametrize("path", ["", ".", "a..b", "a.", 7, ["a"]])
def test_a_path_that_cannot_be_read_is_an_error_of_the_option(path):
    with pytest.raises(SettingsError, match="records"):
        Get.load({"records": path})
