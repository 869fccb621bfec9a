"""Parquet in a server: only the columns and row groups that an expression needs are fetched, by ranges."""

import datetime
import decimal
import io
import os

import pyarrow
import pytest
from pyarrow import parquet

from connector_sdk import ApplicationError, DocumentError
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule

ROWS, GROUP = 80_000, 10_000
FOOTER = 64 << 10


def written(table, **options):
    stream = io.BytesIO()
    parquet.write_table(table, stream, **options)
    return stream.getvalue()


@pytest.fixture(scope="module")
def table():
    """Eight row groups with a heavy column beside light ones."""
    return pyarrow.table(
        {
            "id": range(ROWS),
            "name": [f"n{number:06}" for number in range(ROWS)],
            "price": [number / 4 for number in range(ROWS)],
            "heavy": [os.urandom(32).hex() for _ in range(ROWS)],
        }
    )


@pytest.fixture(scope="module")
def data(table):
    return written(table, row_group_size=GROUP)


@pytest.fixture
def select(service, put):
    """Puts a Parquet object and selects from it; gives the lines and the ranges that were asked for."""

    def run(data, expression, *rules, **options):
        put("table.parquet", data)
        with FaultProxy(service.url, *rules) as proxy:
            got = service.at(proxy.url).text(
                engine="local",
                format="parquet",
                output_format="json",
                expression=expression,
                parameters={"id": "table.parquet"},
                **options,
            )
        fetched = [each for each in proxy.exchanges if each.method == "GET" and each.path.endswith("table.parquet")]
        return got.splitlines(), [size_of(each.header("Range")) for each in fetched if each.status == 206]

    return run


def size_of(range_header):
    first, _, last = range_header.removeprefix("bytes=").partition("-")
    return int(last) - int(first) + 1


@pytest.mark.parametrize("codec", ["gzip", "snappy", "none"])
def test_one_record_of_one_column_costs_its_chunks_alone(select, table, codec):
    data = written(table, compression=codec, row_group_size=GROUP)
    lines, fetched = select(data, "SELECT s.name FROM S3Object s WHERE s.id = 43210")
    assert lines == ['{"name":"n043210"}']
    facts = parquet.ParquetFile(io.BytesIO(data)).metadata
    group = facts.row_group(43210 // GROUP)
    needed = sum(group.column(position).total_compressed_size for position in (0, 1))
    assert facts.num_row_groups == 8
    assert sum(fetched) <= needed + FOOTER
    assert sum(fetched) < len(data) / 8


def test_a_column_that_is_not_named_is_not_fetched(select, data):
    lines, fetched = select(data, "SELECT SUM(s.id), MAX(s.price) FROM S3Object s")
    assert lines == [f'{{"_1":{sum(range(ROWS))},"_2":{(ROWS - 1) / 4}}}']
    facts = parquet.ParquetFile(io.BytesIO(data)).metadata
    heavy = sum(facts.row_group(number).column(3).total_compressed_size for number in range(8))
    assert sum(fetched) < len(data) - heavy


def test_counting_reads_the_footer_alone(select, data):
    lines, fetched = select(data, "SELECT COUNT(*) FROM S3Object")
    assert lines == [f'{{"_1":{ROWS}}}']
    assert sum(fetched) <= FOOTER


def test_a_limit_fetches_the_first_row_group_at_most(select, data):
    lines, fetched = select(data, "SELECT * FROM S3Object s LIMIT 3")
    assert [line[:22] for line in lines] == [f'{{"id":{n},"name":"n00000{n}'[:22] for n in range(3)]
    assert sum(fetched) < len(data) / 7


@pytest.mark.parametrize(
    ("where", "groups"),
    [
        ("s.id >= 75000", 1),
        ("s.id < 15000", 2),
        ("15000 > s.id", 2),
        ("s.id BETWEEN 15000 AND 25000", 2),
        ("s.id > 10 AND s.name <= 'n009000'", 1),
        ("s.id = 5 OR s.id = 79999", 2),
        ("s.id > -1", 8),
        ("s.price >= 19999.5", 1),
        ("s.id > 1000000", 0),
        ("s.id + 0 = 5", 8),
        ("NOT s.id = 5", 8),
        ("s.id <> 5", 8),
        ("s.id = '5'", 8),
    ],
)
def test_row_groups_that_cannot_hold_a_record_are_not_fetched(select, data, where, groups):
    lines, fetched = select(data, f"SELECT s.heavy FROM S3Object s WHERE {where}")
    facts = parquet.ParquetFile(io.BytesIO(data)).metadata
    heavy = facts.row_group(0).column(3).total_compressed_size
    assert sum(size > heavy * 0.9 for size in fetched) == groups
    assert len(lines) == expected(where)


def expected(where):
    """How many of the table's records pass, counted without the engine under test."""
    condition = where.replace("s.", "").replace("NOT ", "not ").replace(" AND ", " and ").replace(" OR ", " or ")
    condition = condition.replace("<>", "!=").replace(" = ", " == ")
    condition = condition.replace("id BETWEEN 15000 and 25000", "15000 <= id <= 25000")
    rows = ({"id": number, "name": f"n{number:06}", "price": number / 4} for number in range(ROWS))
    return sum(bool(eval(condition, {}, row)) for row in rows)


def test_values_of_every_type_come_out(select):
    utc = datetime.UTC
    data = written(
        pyarrow.table(
            {
                "flag": [True, None],
                "small": pyarrow.array([1, 2], pyarrow.int8()),
                "real": [1.5, 2.0],
                "exact": [decimal.Decimal("1.50"), decimal.Decimal("-0.25")],
                "day": [datetime.date(2020, 2, 29), None],
                "moment": [datetime.datetime(2020, 1, 2, 3, 4, 5, 678900, utc), None],
                "nanos": pyarrow.array([1_577_934_245_000_000_001, None], pyarrow.timestamp("ns", "UTC")),
                "blob": [b"bytes", b""],
                "list": [[1, 2], []],
                "struct": [{"a": {"b": "x"}}, {"a": None}],
                "Case": ["c", "d"],
            }
        )
    )
    lines, _ = select(data, "SELECT * FROM S3Object LIMIT 1")
    assert lines == [
        '{"flag":true,"small":1,"real":1.5,"exact":1.50,"day":"2020-02-29T","moment":"2020-01-02T03:04:05.678Z",'
        '"nanos":"2020-01-02T03:04:05.000Z","blob":"bytes","list":[1,2],"struct":{"a":{"b":"x"}},"Case":"c"}'
    ]
    lines, _ = select(data, 'SELECT s."struct".a.b, s."list"[1] x, s."Case" FROM S3Object s')
    assert lines == ['{"b":"x","x":2,"Case":"c"}', '{"Case":"d"}']
    lines, _ = select(data, 'SELECT s.small FROM S3Object s WHERE s."day" > `2020-01-01T` AND s.exact > 1')
    assert lines == ['{"small":1}']
    lines, _ = select(data, "SELECT s.small FROM S3Object s WHERE s.flag IS NULL AND s.exact = -0.25")
    assert lines == ['{"small":2}']


def test_a_number_that_json_cannot_write_is_null(select):
    data = written(pyarrow.table({"x": [float("nan"), float("inf"), 1.0]}))
    lines, _ = select(data, "SELECT s.x FROM S3Object s")
    assert lines == ['{"x":null}', '{"x":null}', '{"x":1.0}']
    lines, _ = select(data, "SELECT s.x FROM S3Object s WHERE s.x = 1")
    assert lines == ['{"x":1.0}']


def test_an_unknown_column_is_refused_with_the_columns_there_are(select, table):
    with pytest.raises(DocumentError, match=r"^expression:1:8: there is no column nam; there are id, name, price"):
        select(written(table.slice(0, 10)), "SELECT s.nam FROM S3Object s")


def test_what_is_not_parquet_is_an_error(select):
    for data in (b"", b"a,b\n1,2\n", b"PAR1" + b"x" * 100 + b"PAR1"):
        with pytest.raises(DocumentError) as caught:
            select(data, "SELECT * FROM S3Object")
        assert caught.value.code == "ParquetParsingError"


def test_an_object_that_changes_while_it_is_read_is_an_error_and_not_a_mixture(select, data):
    changed = Answer(412, body=b"<Error><Code>PreconditionFailed</Code></Error>")
    rule = Rule(changed, method="GET", path="table.parquet", header="If-Match", on=range(4, 100))
    with pytest.raises(ApplicationError) as caught:
        select(data, "SELECT s.heavy FROM S3Object s", rule)
    assert caught.value.code == "PreconditionFailed"


def test_a_range_that_fails_is_asked_for_again_alone(select, service, data):
    rule = Rule(Answer(500), method="GET", path="table.parquet", on=(2,))
    lines, _ = select(data, "SELECT COUNT(s.name) FROM S3Object s", rule)
    assert lines == [f'{{"_1":{ROWS}}}']
    assert service.runtime.waits == [0]
