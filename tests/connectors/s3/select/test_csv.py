"""CSV as objects have it, and as results are written."""

import bz2
import gzip

import pytest

from connector_sdk import DocumentError
from connectors.s3.select.format import CsvInput, CsvOutput

ALL = "SELECT * FROM S3Object"


def rows(text):
    return text.splitlines()


READ = [
    ("a,b\nc,d\n", {}, ['{"_1":"a","_2":"b"}', '{"_1":"c","_2":"d"}']),
    ("a,b\r\nc,d\r\n", {}, ['{"_1":"a","_2":"b"}', '{"_1":"c","_2":"d"}']),
    ("a,b\r\nc,d", {"record_delimiter": "\n"}, ['{"_1":"a","_2":"b\\r"}', '{"_1":"c","_2":"d"}']),
    ("a,b\r\nc,d\r\n", {"record_delimiter": "\r\n"}, ['{"_1":"a","_2":"b"}', '{"_1":"c","_2":"d"}']),
    ("a;b|c;d|", {"field_delimiter": ";", "record_delimiter": "|"}, ['{"_1":"a","_2":"b"}', '{"_1":"c","_2":"d"}']),
    ("a\tb\n", {"field_delimiter": r"\t"}, ['{"_1":"a","_2":"b"}']),
    ('"a,b",c\n', {}, ['{"_1":"a,b","_2":"c"}']),
    ('""" a , b """\n', {}, ['{"_1":"\\" a , b \\""}']),
    ('"",x,""\n', {}, ['{"_1":"","_2":"x","_3":""}']),
    ('"a",b\r|"c\r",d|', {"record_delimiter": "|"}, ['{"_1":"a","_2":"b\\r"}', '{"_1":"c\\r","_2":"d"}']),
    ('5" pipe,x"y\n', {}, ['{"_1":"5\\" pipe","_2":"x\\"y"}']),
    ("'a,b','it''s'\n", {"quote_character": "'", "quote_escape_character": "'"}, ['{"_1":"a,b","_2":"it\'s"}']),
    (r'"a\"b","c\\",\d' + "\n", {"quote_escape_character": "\\"}, ['{"_1":"a\\"b","_2":"c\\\\","_3":"\\\\d"}']),
    ("# no\na\n#b\n", {}, ['{"_1":"a"}']),
    ("# no\n;b\n", {"comments": ";"}, ['{"_1":"# no"}']),
    ("a\n\n\nb\n", {}, ['{"_1":"a"}', '{"_1":"b"}']),
    ("a,\n", {}, ['{"_1":"a","_2":""}']),
    ("\ufeffname\nx\n", {"file_header_info": "use"}, ['{"name":"x"}']),
    ("n\na,b,c\n", {"file_header_info": "use"}, ['{"n":"a","_2":"b","_3":"c"}']),
    ("n,m\na\n", {"file_header_info": "use"}, ['{"n":"a"}']),
    ('"x\ny",1\n"z\n\n""q""",2\n', {"allow_quoted_record_delimiter": True}, None),
    ("ä€😀,b\n", {}, ['{"_1":"ä€😀","_2":"b"}']),
]


@pytest.mark.parametrize(("data", "written", "results"), READ)
def test_csv_is_read_as_its_options_say(from_csv, data, written, results):
    expected = ['{"_1":"x\\ny","_2":"1"}', '{"_1":"z\\n\\n\\"q\\"","_2":"2"}'] if results is None else results
    assert rows(from_csv(ALL, data, **written)) == expected


def test_quoted_records_with_an_escape_of_their_own_may_hold_delimiters(from_csv):
    data = '"a\\"\nb",1\n"c",2\n'
    got = from_csv(ALL, data, quote_escape_character="\\", allow_quoted_record_delimiter=True)
    assert rows(got) == ['{"_1":"a\\"\\nb","_2":"1"}', '{"_1":"c","_2":"2"}']


BROKEN = [
    ('a\n"b\nc"\n', {}, "CSVEscapingRecordDelimiter", "record 2 .*allow_quoted_record_delimiter"),
    ('"a\n', {"allow_quoted_record_delimiter": True}, "CSVParsingError", "record 1 .*not closed"),
    ('a\n"b"c,d\n', {}, "CSVUnescapedQuote", "record 2 .*'c,d'"),
    (b"a\xff\n", {}, "InvalidTextEncoding", "UTF-8"),
    (b"a\xe2\x82", {}, "InvalidTextEncoding", "UTF-8"),
    ("x" * (1 << 20) + "y\n", {}, "OverMaxRecordSize", "record 1 .*1 MB"),
    ("x\n" + "y" * (2 << 20), {}, "OverMaxRecordSize", "record 2 .*1 MB"),
    ('"' + "line\n" * 300_000 + '"', {"allow_quoted_record_delimiter": True}, "OverMaxRecordSize", "1 MB"),
]


@pytest.mark.parametrize(("data", "written", "code", "says"), BROKEN, ids=[f"{row[2]}-{row[1]}" for row in BROKEN])
def test_broken_csv_is_an_error_that_names_the_record(from_csv, data, written, code, says):
    with pytest.raises(DocumentError, match=says) as caught:
        from_csv("SELECT COUNT(*) FROM S3Object", data, **written)
    assert caught.value.code == code


def test_a_record_of_exactly_one_megabyte_is_read(from_csv):
    assert from_csv("SELECT CHAR_LENGTH(_1) FROM S3Object", "x" * (1 << 20) + "\n") == '{"_1":1048576}\n'


def test_a_result_above_one_megabyte_is_an_error(from_csv):
    with pytest.raises(DocumentError, match="result is longer than 1 MB") as caught:
        from_csv("SELECT _1 || _1 FROM S3Object", "x" * 600_000)
    assert caught.value.code == "OverMaxRecordSize"


@pytest.mark.parametrize(("name", "compress"), [("gzip", gzip.compress), ("bzip2", bz2.compress)])
def test_compressed_objects_are_read_also_in_several_members(from_csv, from_json, name, compress):
    data = compress(b"a,1\nb,") + compress(b"2\n")
    assert rows(from_csv(ALL, data, compression=name)) == ['{"_1":"a","_2":"1"}', '{"_1":"b","_2":"2"}']
    assert from_json("SELECT s.x FROM S3Object s", compress(b'{"x": 1}'), compression=name, type="document") == (
        '{"x":1}\n'
    )


@pytest.mark.parametrize(("name", "compress"), [("gzip", gzip.compress), ("bzip2", bz2.compress)])
def test_compressed_data_that_is_cut_or_is_something_else_is_an_error(from_csv, name, compress):
    whole = compress(b"".join(b"%d\n" % number for number in range(50_000)))
    with pytest.raises(DocumentError) as caught:
        from_csv("SELECT COUNT(*) FROM S3Object", whole[: len(whole) // 2], compression=name)
    assert caught.value.code == "TruncatedInput"
    with pytest.raises(DocumentError, match=f"not {name.upper()}") as caught:
        from_csv("SELECT COUNT(*) FROM S3Object", b"plain text\n", compression=name)
    assert caught.value.code == "InvalidCompressionFormat"


def test_compressed_data_that_is_not_said_to_be_is_explained(from_csv):
    with pytest.raises(DocumentError, match="name its compression"):
        from_csv(ALL, gzip.compress(b"a,b\n"))


def test_options_that_contradict_each_other_are_refused():
    for wrong in ({"field_delimiter": '"'}, {"field_delimiter": "ab"}, {"quote_character": ""}, {"comments": 7}):
        with pytest.raises(ValueError):
            CsvInput(**wrong)


WRITTEN = [
    ({}, 'plain,"a,b","say ""x""","two\nlines",,7,1.50,true,"[1,""x""]"\n'),
    ({"quote_fields": "always"}, '"plain","a,b","say ""x""","two\nlines","","7","1.50","true","[1,""x""]"\n'),
    ({"field_delimiter": ";", "record_delimiter": "|"}, 'plain;a,b;"say ""x""";"two\nlines";;7;1.50;true;"[1,""x""]"|'),
    ({"quote_escape_character": "\\"}, 'plain,"a,b","say \\"x\\"","two\nlines",,7,1.50,true,"[1,\\"x\\"]"\n'),
    (
        {"quote_character": "'", "quote_escape_character": "'"},
        "plain,'a,b',say \"x\",'two\nlines',,7,1.50,true,'[1,\"x\"]'\n",
    ),
]


@pytest.mark.parametrize(("options", "result"), WRITTEN)
def test_csv_results_are_quoted_where_it_is_needed_or_always(from_json, options, result):
    data = '{"a":"plain","b":"a,b","c":"say \\"x\\"","d":"two\\nlines","e":null,"f":7,"g":1.50,"h":true,"i":[1,"x"]}'
    assert from_json(ALL, data, output=CsvOutput(**options)) == result


def test_what_is_read_and_written_as_csv_stays_the_same(from_csv):
    data = 'a,"b,c","d ""e"""\n,x,\n'
    assert from_csv(ALL, data, output=CsvOutput()) == data


def test_a_missing_column_is_an_empty_field_of_csv(from_csv):
    assert from_csv("SELECT s._1, s._9, s._2 FROM S3Object s", "a,b\n", output=CsvOutput()) == "a,,b\n"
