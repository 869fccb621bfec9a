"""What an expression can see: each name of the table, and what is told where something is missing."""

import re
from uuid import UUID

import pytest

from connector_sdk import DocumentError
from process_runner.expressions import Template
from process_runner.language.nodes import Substituted

PROPERTIES = {"customer": "acme", "odd name": "odd", "items": "shadowed", "s": "1"}
TRACKED = {
    "s3.bucket": "orders",
    "meta.status_code": "200",
    "error.message": "no good",
    "error.step": "Store",
    "error.code": "X",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ document.text }}", "héllo"),
        ("{{ document.size }}", 6),
        ("{{ document.index }}", 3),
        ("{{ document.id }}", "4.2"),
        ("{{ prop.customer }}", "acme"),
        ("{{ prop['odd name'] }}", "odd"),
        ("{{ prop.items }}", "shadowed"),
        ("{{ prop.s3.bucket }}", "orders"),
        ("{{ prop['s3'].bucket }}", "orders"),
        ("{{ prop.s3['bucket'] }}", "orders"),
        ("{{ prop.meta.status_code }}", "200"),
        ("{{ error.message }}, {{ error.step }}, {{ error.code }}", "no good, Store, X"),
        ("{{ process.region }}", "eu"),
        ("{{ process['odd name'] }}", "x"),
        ("{{ execution.id }}", "abc123"),
        ("{{ execution.process }}", "archive-orders"),
        ("{{ execution.started.year }}", 2026),
        ("{{ execution.document_count }}", 7),
        ("{{ now() | date }}", "2026-03-31"),
        ("{{ now() | date('%Y/%m/%d %H') }}", "2026/03/31 12"),
        ("{{ now() | shift(days=-1) | date }}", "2026-03-30"),
        ("{{ now() | shift(months=-1) | date }}", "2026-02-28"),
        ("{{ now() | shift(months=11) | date }}", "2027-02-28"),
        ("{{ now() | shift(years=-1, hours=12) | date('%Y-%m-%dT%H') }}", "2025-04-01T00"),
        ("{{ '2024-02-29' | shift(years=1) | date }}", "2025-02-28"),
        ("{{ '2026-01-31T12:00:00Z' | date('%H:%M %Z') }}", "12:00 UTC"),
        ("{{ prop.missing | default('none') }}", "none"),
        ("{{ prop.s3.missing | default('none') }}", "none"),
        ("{{ process.missing | default('none') }}", "none"),
        ("{{ 'customer' in prop }}", True),
        ("{{ 'missing' in prop }}", False),
        ("{{ 'bucket' in prop.s3 }}", True),
        ("{{ prop.missing is defined }}", False),
        ("{{ error.message is defined }}", True),
        ("{{ prop | sort | join(',') }}", "customer,items,odd name,s"),
        ("{{ range(3) | list }}", [0, 1, 2]),
        ("{{ prop.customer | upper }}-{{ 1 + 1 }}", "ACME-2"),
        ("{% if prop.s == '1' %}one{% else %}other{% endif %}", "one"),
        ("{% for each in range(2) %}{{ loop.index }};{% endfor %}", "1;2;"),
        ("{# nothing #}text", "text"),
    ],
)
def test_a_name_gives_its_value(value, source, expected):
    assert value(source, "héllo", PROPERTIES, TRACKED) == expected


def test_uuid_and_unique_differ_each_time(text):
    first, second = text("{{ uuid() }}").strip(), text("{{ uuid() }}")
    assert UUID(first) != UUID(second)
    first, second = text("{{ unique() }}"), text("{{ unique() }}")
    assert first != second
    assert re.fullmatch(r"20260331123005-[0-9a-f]{12}", first)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ prop.custmer }}", "the document has no property 'custmer'; did you mean 'customer'?"),
        ("{{ prop.x }}", "the document has no property 'x'; known: customer, items, odd name, s"),
        ("{{ prop.s3.buket }}", "the document has no property 's3.buket'; did you mean 'bucket'?"),
        ("{{ prop.disk.path }}", "the document has no property 'disk.path'; it has none of 'disk'"),
        ("a {{ prop.x }} b", "the document has no property 'x'; known: customer, items, odd name, s"),
        ("{{ prop.x.y }}", "the document has no property 'x'; known: customer, items, odd name, s"),
        ("{{ prop.x | upper }}", "the document has no property 'x'; known: customer, items, odd name, s"),
        ("{{ process.regon }}", "there is no process property 'regon'; did you mean 'region'?"),
        ("{{ execution.started_at }}", "an execution has no 'started_at'; did you mean 'started'?"),
        ("{{ document.txt }}", "a document has no 'txt'; it has text, size, index and id"),
        ("{{ json('id') }}", "nothing at 'id' in the document's JSON; at the top are number, lines"),
        ("{{ json('lines[5]') }}", "nothing at 'lines[5]' in the document's JSON; at the top are number, lines"),
    ],
)
def test_what_is_missing_is_told_with_what_exists(failure, source, told):
    assert failure(source, '{"number": 1, "lines": []}', PROPERTIES, TRACKED) == (
        "ExpressionFailed",
        f"{source}: {told}",
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ 'tomorrow' | date }}", "'tomorrow' is no time; expected ISO 8601, such as 2026-01-31T12:00:00Z"),
        ("{{ 1 / 0 }}", "ZeroDivisionError: division by zero"),
        ("{{ 'a' + 1 }}", 'TypeError: can only concatenate str (not "int") to str'),
        ("{{ '7' | int / 0 }}", "ZeroDivisionError: division by zero"),
    ],
)
def test_an_expression_that_raises_fails_its_document(failure, source, told):
    assert failure(source) == ("ExpressionFailed", f"{source}: {told}")


def test_what_is_missing_inside_a_list_fails_the_document(failure):
    assert failure("{{ [prop.x] }}") == (
        "ExpressionFailed",
        "{{ [prop.x] }}: the document has no property 'x'; it has none",
    )


def test_a_time_that_cannot_be_is_told(failure):
    code, told = failure("{{ now() | shift(years=9000) }}")
    assert code == "ExpressionFailed"
    assert "year" in told


def test_a_secret_in_a_long_expression_is_not_cut_in_two(at):
    """Then redaction would not find it."""
    secret = "top-secret-value"
    with pytest.raises(DocumentError, match=secret):
        Template(Substituted("{{ prop.missing }}" + "x" * 50 + secret)).text(at())
