"""JSON: values are cut out and put together as they are written."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import DocumentError
from process_runner.formats.json import JsonCombine, JsonSplit
from process_runner.formats.json_reader import JsonReader

VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def at(path=None, **settings):
    return JsonSplit(format="json", path=path, **settings)


@pytest.mark.parametrize(
    ("path", "content", "parts"),
    [
        (None, "[1, 2]", ["1", "2"]),
        (None, "[]", []),
        (None, '{"a": 1}', ['{"a": 1}']),
        (None, '{"a": 1}\n{"b": 2}\n', ['{"a": 1}', '{"b": 2}']),
        (None, '{"a":1}{"b":2} 3 "x"', ['{"a":1}', '{"b":2}', "3", '"x"']),
        (None, "[[1, 2], [3]]", ["[1, 2]", "[3]"]),
        (None, "[null]", ["null"]),
        (None, "null", []),
        ("[*]", "[1][2, 3]", ["1", "2", "3"]),
        ("orders", '{"x": [0], "orders": [1, {"a": 2}], "y": {}}', ["1", '{"a": 2}']),
        ("orders", '{"orders": {"id": 1}}', ['{"id": 1}']),
        ("orders", '{"orders": null}', []),
        ("orders", '{"orders": "one"}', ['"one"']),
        ("orders", '{"orders": [1]}\n{"orders": [2]}', ["1", "2"]),
        ("a.b.c", '{"a": {"b": {"c": [1]}}}', ["1"]),
        ("a[*].b", '{"a": [{"b": [1, 2]}, {"b": {"c": 3}}]}', ["1", "2", '{"c": 3}']),
        ("a[*]", '{"a": [[1, 2], [3]]}', ["[1, 2]", "[3]"]),
        ("a[*][*]", '{"a": [[1, 2], [3]]}', ["1", "2", "3"]),
        ("a[*].b", '{"a": {"b": [1]}}', ["1"]),
        ('"odd.key"."[*]"', '{"odd.key": {"[*]": [1]}}', ["1"]),
        ("é", '{"\\u00e9": [1]}', ["1"]),
    ],
)
def test_what_a_path_leads_to(split, path, content, parts):
    assert split(at(path), content) == [part.encode() for part in parts]


@pytest.mark.parametrize(
    "value",
    [
        "1.10",
        "1E400",
        "-0",
        "-0.0",
        "1e5",
        "123456789012345678901234567890.00",
        "9" * 5000,
        "1E99999999999999999999",
        '"\\u00e9 é \\ud800 \\/ \\n"',
        '{"b": 1, "a": 2, "b": 3}',
        '{ "a" :\t[ 1 ,2 ] }',
        '"\u2028\u0085\x7f"',
    ],
)
def test_values_come_out_as_they_are_written(split, combine, value):
    expected = [value.encode()]
    assert split(at(), f"[{value}]") == expected
    assert split(at("x"), f'{{"x": {value}}}') == expected
    assert combine(JsonCombine(format="json"), f" {value}\n") == f"[{value}]".encode()


@pytest.mark.parametrize(
    "content",
    [
        "[1, 2",
        '{"a": [1}',
        "[1,]",
        '{"a": 1,}',
        "[1 2]",
        "{1: 2}",
        "{'a': 1}",
        "[NaN]",
        "[Infinity]",
        "[01]",
        "01",
        "[.5]",
        "[1.]",
        "[+1]",
        '["\t"]',
        '["\\x"]',
        '["\\u12"]',
        '["abc',
        "[tru",
        "[truex]",
        "tru",
        "[1] 2",
        "[1] [2]",
        "[1]]",
        "// no\n[1]",
        "hello",
        "[1,\n2,\n3",
        '{"a"',
        '{"a":',
        "",
        " \n",
        "\ufeff",
    ],
)
def test_what_is_no_json_is_refused_with_its_place(split, combine, refused, content):
    code, message = refused(split, at(), content)
    assert code == "InvalidJson"
    assert message.startswith("line ") or "is empty" in message
    code, message = refused(combine, JsonCombine(format="json"), "1", content)
    assert code == "InvalidJson" if content != "[1] 2" else True
    assert message.startswith("document 2: ")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("[1,\n 2,\n  x]", "line 3, column 3"),
        ("[1, x]", "line 1, column 5"),
        ('[\n"' + "é" * 100_000 + '", x]', "line 2, column 100005"),
        ("[" + "1,\n" * 100_000 + "  x]", "line 100001, column 3"),
        ("[" + "1," * 100_000 + "x]", "line 1, column 200002"),
    ],
)
def test_places_are_counted_through_the_whole_document(split, refused, content, place):
    assert refused(split, at(), content)[1].startswith(place + ":")


def test_bad_json_behind_the_path_is_an_error_too(split, refused):
    for rest in (', "rest": tru}', "", "} x", ', "orders": []}'):
        content = f'{{"orders": [1]{rest}'
        assert refused(split, at("orders"), content)[0] == "InvalidJson"


@pytest.mark.parametrize(
    ("path", "content", "facts"),
    [
        ("orders", '{"order": [], "é": 1}', "no key 'orders' at the top: the keys are 'order', 'é'"),
        ("a.b", '{"a": {"c": 1}}', "no key 'b' under 'a': the keys are 'c'"),
        ("a", "{}", "no key 'a' at the top: it is empty"),
        ("a", "[{}]", "no key 'a' at the top: there is an array, [*] leads into it"),
        ("a.b", '{"a": 7}', "no key 'b' under 'a': there is a number"),
        ("a[*].b", '{"a": [{"b": 1}, {"c": 1}]}', "no key 'b' under 'a[*]': the keys are 'c'"),
    ],
)
def test_a_missing_path_says_what_is_there(split, refused, path, content, facts):
    code, message = refused(split, at(path), content)
    assert code == "PathNotFound"
    assert message.endswith(facts)


@pytest.mark.parametrize("path", ["", ".a", "a.", "a..b", "a[0]", "a[*", "[*]a", 'a"b', 7])
def test_a_path_that_cannot_be_read_is_refused_before_anything_runs(path):
    with pytest.raises(ValueError, match="path"):
        at(path)


def test_encodings(split, combine):
    text = '["é", {"ü": "𝄞"}]'
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert split(at(encoding=encoding), text.encode(encoding)) == ['"é"'.encode(), '{"ü": "𝄞"}'.encode()]
    assert split(at(encoding="latin-1"), '["é"]'.encode("latin-1")) == ['"é"'.encode()]
    assert combine(JsonCombine(format="json"), b"\xef\xbb\xbf1", b"\xef\xbb\xbf2") == b"[1,2]"


def test_a_byte_that_does_not_decode_is_named_by_its_offset(split, refused):
    code, message = refused(split, at(), b'["a", "\xe9"]')
    assert (code, message[:16]) == ("InvalidEncoding", "byte 7 (0xe9) is")


def test_combining_puts_the_array_under_a_path(combine):
    assert combine(JsonCombine(format="json", path="a.é"), "1", '{"x": 2}') == '{"a":{"é":[1,{"x": 2}]}}'.encode()
    assert combine(JsonCombine(format="json", path="orders")) == b'{"orders":[]}'
    assert combine(JsonCombine(format="json")) == b"[]"


def test_a_path_to_write_to_names_one_place():
    with pytest.raises(ValueError, match="names many places"):
        JsonCombine(format="json", path="a[*].b")


def test_a_document_with_more_than_one_value_is_refused(combine, refused):
    code, message = refused(combine, JsonCombine(format="json"), "1", "1 2")
    assert (code, message.partition(":")[0]) == ("InvalidJson", "document 2")


@given(st.lists(VALUE), st.sampled_from([None, "orders", "a.b"]), st.booleans(), st.sampled_from([None, 0, 2]))
def test_splitting_what_was_combined_gives_the_values_back(split, combine, values, path, ascii_only, indent):
    texts = [json.dumps(value, ensure_ascii=ascii_only, indent=indent) for value in values]
    combined = combine(JsonCombine(format="json", path=path), *texts)
    assert split(at(path), combined) == [text.encode() for text in texts]
    assert json.loads(combined.decode()) == json.loads(
        {None: "%s", "orders": '{"orders":%s}', "a.b": '{"a":{"b":%s}}'}[path] % json.dumps(values)
    )


@given(VALUE, st.sampled_from([1, 2, 7]), st.sampled_from([1, 5, 1000]), st.sampled_from([None, 1]))
def test_values_are_the_same_wherever_pieces_are_cut_and_however_small_the_window(value, size, window, indent):
    text = json.dumps(value, indent=indent)
    reader = JsonReader((text[place : place + size] for place in range(0, len(text), size)), window)
    copied = reader.text()
    assert json.loads(copied) == value
    assert copied == text
    assert reader.peek() == ""


@given(st.text('[]{}",:1tnae\\ ', max_size=12), st.sampled_from([1, 3]), st.sampled_from([1, 1000]))
def test_the_same_texts_are_json_as_for_the_standard_library(text, size, window):
    reader = JsonReader((text[place : place + size] for place in range(0, len(text), size)), window)
    try:
        json.loads(text)
        valid = True
    except ValueError:
        valid = False
    try:
        reader.skip()
        accepted = reader.peek() == ""
    except DocumentError:
        accepted = False
    assert accepted == valid


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_endless_nesting_is_refused(split, combine, refused, opening):
    for depth in (5_000, 1_000_000):
        assert refused(split, at(), opening * depth)[0] == "InvalidJson"
        assert refused(split, at("x"), f'{{"y": {opening * depth}')[0] == "InvalidJson"
        assert refused(combine, JsonCombine(format="json"), opening * depth)[0] == "InvalidJson"


def test_deep_values_around_a_large_text_are_no_crash(split, refused):
    def around(depth):
        return f'{{"y": {"[" * depth}"{"x" * 2_000_000}"{"]" * depth}, "x": 1}}'

    assert split(at("x"), around(100)) == [b"1"]
    for depth in (300, 600, 900):
        with contextlib.suppress(DocumentError):
            assert split(at("x"), around(depth)) == [b"1"]
    assert refused(split, at("x"), around(1200))[0] == "InvalidJson"


@pytest.mark.parametrize("value", ['"' + "x" * 200 + '"', "[" + "1, " * 100 + "1]", '{"a": [' + '"x", ' * 50 + "1]}"])
def test_a_value_too_large_to_be_held_is_refused_as_a_part_but_skipped_elsewhere(refused, value):
    def reader(text):
        return JsonReader((text[place : place + 10] for place in range(0, len(text), 10)), window=20, largest=100)

    assert refused(reader(value).text)[0] == "TooLarge"
    if not value.startswith('"'):
        skipping = reader(value + "7")
        skipping.skip()
        assert skipping.text() == "7"


def test_ten_megabytes_on_one_line(split):
    text = json.dumps({"text": "é" * 5_000_000}, ensure_ascii=False)
    assert split(at(), f"[{text},{text}]") == [text.encode()] * 2


def test_a_large_array_is_split_in_little_memory(generated, within_memory):
    item = json.dumps({"id": 1.10, "name": "x" * 1000}).encode() + b",\n"
    payload = generated(item, 50_000_000, head=b'{"big": [' + item * 5000 + b'0], "orders": [', tail=b"0]}")
    with within_memory(8_000_000):
        assert sum(1 for _ in at("orders").split(payload)) > 40_000


def test_a_large_value_beside_the_path_is_not_held(generated, within_memory):
    payload = generated(b'{"a": [1, 2, 3]},', 3_000_000, head=b'{"big": [', tail=b'0], "orders": [1]}')
    with within_memory(16_000_000):
        assert list(at("orders").split(payload)) == [b"1"]


def test_a_large_document_is_combined_in_little_memory(generated, within_memory):
    payload = generated(b'{"a":[1,2,3]},', 3_000_000, head=b"[", tail=b"0]")
    with within_memory(16_000_000):
        assert sum(map(len, JsonCombine(format="json").combine([payload]))) == payload.size + 2


def test_parts_come_before_the_end_is_read(generated):
    payload = generated(b"1,", 10_000_000, head=b"[")
    assert next(at().split(payload)) == b"1"
