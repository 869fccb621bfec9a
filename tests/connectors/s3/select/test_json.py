"""JSON as objects have it, and as results are written."""

import json

import pytest

from connector_sdk import DocumentError
from connectors.s3.select.format import JsonOutput

ALL = "SELECT * FROM S3Object"


@pytest.mark.parametrize("type", ["lines", "document"])
@pytest.mark.parametrize(
    "record",
    [
        '{"a":1,"b":[1,2,{"c":null}],"d":{}}',
        '{"n":1.50,"m":-0.25,"big":123456789012345678901234567890}',
        '{"t":"q\\" b\\\\ n\\n u\\u0001 é 😀"}',
        '{"deep":' + "[" * 100 + "1" + "]" * 100 + "}",
        "{}",
    ],
)
def test_a_record_comes_out_as_it_went_in(from_json, record, type):
    got = from_json(ALL, record, type=type)
    assert got.endswith("\n")
    assert json.loads(got) == json.loads(record)
    if "\\" not in record:
        assert got == record + "\n"


def test_half_a_character_comes_out_as_it_went_in(from_json):
    assert from_json(ALL, '{"lone":"\\ud800"}') == '{"lone":"\\ud800"}\n'


@pytest.mark.parametrize("type", ["lines", "document"])
def test_a_value_that_is_no_object_is_one_field(from_json, type):
    assert from_json(ALL, '1\n"x"\n[2]\nnull\n', type=type) == '{"_1":1}\n{"_1":"x"}\n{"_1":[2]}\n{"_1":null}\n'


def test_results_end_with_the_delimiter_that_was_asked_for(from_json):
    assert from_json(ALL, '{"a":1}\n{"a":2}', output=JsonOutput(record_delimiter="|")) == '{"a":1}|{"a":2}|'


BROKEN = [
    ('{"a":1}\n{"a":\n', "lines", "JSONParsingError", "line 2 "),
    ('{\n"a":1}\n', "lines", "JSONParsingError", "line 1 .*use type: document"),
    ('{"a":NaN}\n', "lines", "JSONParsingError", "line 1 "),
    ('{"a":' + "9" * 5000 + "}", "lines", "JSONParsingError", "line 1 .*too long"),
    ("[" * 100_000, "lines", "JSONParsingError", "line 1 .*too deep"),
    ('{"a":1', "document", "JSONParsingError", "ends too early"),
    ('{"a":1}}', "document", "JSONParsingError", "JSON"),
    ("{'a':1}", "document", "JSONParsingError", "JSON"),
    ('{"a":\xff}'.encode("latin-1"), "lines", "InvalidTextEncoding", "UTF-8"),
    ('{"a":"\xff"}'.encode("latin-1"), "document", "JSONParsingError", "JSON"),
    ("[" * 1000 + "]" * 1000, "document", "JSONParsingError", "deep"),
    ('{"a":"' + "x" * (1 << 20) + '"}', "lines", "OverMaxRecordSize", "record 1 .*1 MB"),
    ('{"a":"' + "x" * (3 << 20) + '"}', "document", "OverMaxRecordSize", "1 MB"),
    ("[" + "1," * 400_000 + "1]", "document", "OverMaxRecordSize", "1 MB"),
]


@pytest.mark.parametrize(
    ("data", "type", "code", "says"), BROKEN, ids=[f"{r[2]}-{r[1]}-{n}" for n, r in enumerate(BROKEN)]
)
def test_broken_json_is_an_error_that_says_where(from_json, data, type, code, says):
    with pytest.raises(DocumentError, match=says) as caught:
        from_json(ALL, data, type=type)
    assert caught.value.code == code


def test_a_document_larger_than_a_record_is_read_row_by_row(from_json):
    data = '{"skip": [' + "1," * 900_000 + '1], "items": [' + ",".join(f'{{"n":{n}}}' for n in range(100_000)) + "]}"
    assert len(data) > 2 << 20
    assert from_json("SELECT COUNT(*), MAX(s.n) FROM S3Object[*].items[*] s", data, type="document") == (
        '{"_1":100000,"_2":99999}\n'
    )
