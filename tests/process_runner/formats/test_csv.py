"""CSV: records that may hold quoted line ends, their bytes untouched."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process_runner.formats.csv import CsvCombine, CsvSplit

SPLIT = CsvSplit(format="csv")
COMBINE = CsvCombine(format="csv")
FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\0"), max_size=6) | st.sampled_from(
    ['"', ",", "\n", "\r\n", '""', 'a"b', " x ", "a,b\nc"]
)


def test_the_header_is_repeated_in_every_part(split):
    assert split(SPLIT, "id,name\n1,Ann\n2,Bob\n") == [b"id,name\n1,Ann\n", b"id,name\n2,Bob\n"]


def test_a_batch_holds_so_many_records(split):
    settings = CsvSplit(format="csv", batch=2)
    assert split(settings, "id\n1\n2\n3") == [b"id\n1\n2\n", b"id\n3"]


def test_without_a_header_every_record_is_data(split):
    assert split(CsvSplit(format="csv", header=False), "1,a\n2,b") == [b"1,a\n", b"2,b"]


@pytest.mark.parametrize("content", ["", "id,name", "id,name\n", "\n\n", "\ufeff"])
def test_without_records_there_are_no_parts(split, content):
    assert split(SPLIT, content) == []


def test_quoted_line_ends_delimiters_and_quotes_stay_in_their_record(split):
    records = [b'1,"a\nb"\r\n', b'2,"x, ""y""\r\n\r\nz"\r\n', b'3,""\r\n']
    assert split(SPLIT, b"id,note\r\n" + b"".join(records)) == [b"id,note\r\n" + record for record in records]


def test_the_header_may_hold_quoted_line_ends(split):
    assert split(SPLIT, 'id,"two\nlines"\n1,2\n') == [b'id,"two\nlines"\n1,2\n']


def test_bytes_are_kept_as_they_are(split):
    record = '  1 ; "a" ;\u2028;\'x\';5" pipe;\ttab\r\n'.encode()
    assert split(CsvSplit(format="csv", delimiter=";"), b"a;b\n" + record) == [b"a;b\n" + record]


def test_other_delimiters_and_quotes(split):
    settings = CsvSplit(format="csv", delimiter="\t", quote="'")
    assert split(settings, "a\tb\n'x\ny'\t\"\n") == [b"a\tb\n'x\ny'\t\"\n"]
    wide = CsvSplit(format="csv", delimiter="¦", quote="«")
    assert split(wide, "a¦b\n«x¦\ny«¦z\n") == ["a¦b\n«x¦\ny«¦z\n".encode()]


def test_without_quotes_a_quote_is_a_character(split):
    settings = CsvSplit(format="csv", quote="", header=False)
    assert split(settings, 'a,"b\nc,d\n') == [b'a,"b\n', b"c,d\n"]


def test_blank_lines_between_records_are_left_out(split):
    assert split(SPLIT, "\r\nid\n\n1\n\r\n2\n\n") == [b"id\n1\n", b"id\n2\n"]


def test_a_byte_order_mark_is_not_a_part_of_the_first_column(split):
    assert split(SPLIT, b"\xef\xbb\xbfid\n1\n") == [b"id\n1\n"]
    assert split(CsvSplit(format="csv", encoding="utf-16"), "id\nü\n".encode("utf-16")) == ["id\nü\n".encode()]


def test_a_quote_that_is_never_closed_is_refused_with_its_line(split, refused):
    code, message = refused(split, SPLIT, 'id,name\n1,a\n2,"b\n3,c\n')
    assert (code, message) == (
        "InvalidCsv",
        "line 3: a quote that is opened in this record is not closed before the end",
    )


def test_a_quote_that_swallows_the_rest_of_a_large_file_fills_no_memory(generated, refused, within_memory):
    payload = generated(b"x" * 999 + b"\n", 100_000_000, head=b'id\n"')
    with within_memory(150_000_000):
        code, message = refused(list, SPLIT.split(payload))
    assert (code, message.partition(":")[0]) == ("InvalidCsv", "line 2")


def test_text_after_a_closing_quote_is_refused_with_its_place(split, refused):
    code, message = refused(split, SPLIT, 'id,name\n"é"x,1\n')
    assert code == "InvalidCsv"
    assert message.startswith("line 2, column 4: ")


def test_combining_writes_the_header_once(combine):
    assert combine(COMBINE, "id,b\n1,x\n", "id,b\n2,y", '"id","b"\r\n3,z\r\n') == b"id,b\n1,x\n2,y\n3,z\r\n"


def test_documents_without_records_add_nothing(combine):
    assert combine(COMBINE, "", "id\n", "id\n1\n", "") == b"id\n1\n"
    assert combine(COMBINE) == b""


def test_without_a_header_all_records_are_kept(combine):
    assert combine(CsvCombine(format="csv", header=False), "1\n", "2", "3\n") == b"1\n2\n3\n"


@pytest.mark.parametrize(
    ("other", "facts"),
    [
        ("id\n2\n", "without 'name'"),
        ("id,name,age\n2,x,3\n", "with 'age'"),
        ("id,nome\n2,x\n", "without 'name' and with 'nome'"),
        ("name,id\nx,2\n", "the same ones in another order"),
    ],
)
def test_differing_columns_are_refused_with_document_and_columns(combine, refused, other, facts):
    code, message = refused(combine, COMBINE, "id,name\n1,x\n", other)
    assert code == "ColumnsDiffer"
    assert message.startswith("document 2: ")
    assert f"({facts})" in message


def test_a_broken_document_is_named(combine, refused):
    code, message = refused(combine, COMBINE, "id\n1\n", 'id\n"2\n')
    assert (code, message.partition(":")[0]) == ("InvalidCsv", "document 2")


@pytest.mark.parametrize("content", ["id,name\r1,a\r2,b", 'id,name\r1,"a",x\r', '"id",name\n"1",a\r"2",b\r'])
def test_line_ends_of_carriage_returns_alone_are_refused_and_not_taken_for_one_record(split, refused, content):
    code, message = refused(split, SPLIT, content)
    assert code == "InvalidCsv"
    assert "carriage return" in message or "closing quote" in message


def test_a_header_that_cannot_be_read_is_refused(combine, refused):
    assert refused(combine, COMBINE, "x" * ((64 << 20) + 1) + "\n1\n")[0] == "InvalidCsv"


@given(st.lists(st.lists(FIELD, min_size=2, max_size=3), min_size=1), st.sampled_from([",", ";", "\t"]))
def test_each_part_is_read_as_the_record_that_was_written(split, combine, rows, delimiter):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["h", "i"], *rows])
    parts = split(CsvSplit(format="csv", delimiter=delimiter), text.getvalue())
    read = [list(csv.reader(io.StringIO(part.decode(), newline=""), delimiter=delimiter)) for part in parts]
    assert read == [[["h", "i"], row] for row in rows]
    assert combine(CsvCombine(format="csv", delimiter=delimiter), *parts).decode() == text.getvalue()


def test_a_large_file_is_split_in_little_memory(generated, within_memory):
    payload = generated(b'1,"two\nlines",' + b"x" * 1000 + b"\r\n", 50_000_000, head=b"id,note,rest\r\n")
    with within_memory(2_000_000):
        assert sum(1 for _ in SPLIT.split(payload)) > 40_000


def test_ten_megabytes_in_one_field(split):
    record = b'1,"' + (b"x" * 99 + b"\n") * 100_000 + b'"\n'
    assert split(SPLIT, b"id,note\n" + record) == [b"id,note\n" + record]
