"""An expression can read the object it is given and nothing else: no files, no network, no code."""

import json
import subprocess
import sys

import pytest

from connector_sdk import DocumentError

HOSTILE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_parquet('s3://other/secret.parquet')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM glob('/*')",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM duckdb_settings()",
    "SELECT read_text('/etc/passwd') FROM S3Object",
    "SELECT getenv('AWS_SECRET_ACCESS_KEY') FROM S3Object",
    "SELECT __import__('os').system('id') FROM S3Object",
    "SELECT s.__class__.__mro__ FROM S3Object s",
    "SELECT s._1.__class__ FROM S3Object s",
    "SELECT '{0.__class__}' || _1.format FROM S3Object s",
    "ATTACH 'file.db' AS other",
    "COPY (SELECT 1) TO '/tmp/out'",
    "COPY S3Object FROM '/etc/passwd'",
    "PRAGMA database_list",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "EXPORT DATABASE 'x'",
    "CREATE TABLE t AS SELECT 1",
    "DROP TABLE S3Object",
    "CALL pragma_version()",
    "SELECT 1 FROM S3Object; SELECT * FROM read_csv('/etc/passwd')",
    "SELECT 1 FROM S3Object; ATTACH 'x'",
    "SELECT * FROM S3Object s, read_csv('/etc/passwd')",
    "SELECT * FROM S3Object WHERE 1 IN (SELECT 1 FROM read_csv('/etc/passwd'))",
    "SELECT * FROM S3Object[*].a@'/etc/passwd'",
    "SELECT $$x$$ FROM S3Object",
    "SELECT E'\\x41' FROM S3Object",
    "SELECT _1::int FROM S3Object",
    "SELECT {{ 7 }} FROM S3Object",
    "SELECT `!include /etc/passwd` FROM S3Object",
]
WATCHED = """
import io, json, sys

from connectors.s3.select.csv_records import CsvRecords
from connectors.s3.select.format import CsvInput, JsonOutput
from connectors.s3.select.local import select
from connectors.s3.select.parser import parse

def run(expression):
    statement = parse(expression)
    return b"".join(select(statement, CsvRecords(io.BytesIO(b"1,2\\n"), CsvInput(), statement), JsonOutput()))

seen = []
def watch(event, arguments):
    kinds = {"open", "socket", "subprocess", "os", "exec", "compile", "ctypes", "import"}
    if watching and event.partition(".")[0] in kinds:
        seen.append(event)

watching = False
sys.addaudithook(watch)
expressions = json.load(sys.stdin)
good = "SELECT s._1 || LOWER(s._2) FROM S3Object s WHERE s._1 LIKE '%1' AND TO_STRING(UTCNOW(), 'y') <> '' LIMIT 1"
wrong = "SELECT LOWR(_1) FROM S3Object"
outcomes = []
for watching in (False, True):
    outcomes.clear()
    for expression in [good, wrong, *expressions]:
        try:
            outcomes.append(run(expression).decode())
        except Exception as error:  # whatever a hostile expression ends in, it is told by its name
            outcomes.append(type(error).__name__)
watching = False
print(json.dumps({"seen": seen, "outcomes": outcomes}))
"""


@pytest.mark.parametrize("expression", HOSTILE)
def test_a_hostile_expression_is_refused_with_its_place(from_csv, expression):
    with pytest.raises(DocumentError, match=r"^expression:1:\d+: "):
        from_csv(expression, "1,2\n")


def test_neither_good_nor_hostile_expressions_open_files_sockets_or_run_code():
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], input=json.dumps(HOSTILE), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["outcomes"] == ['{"_1":"12"}\n', "DocumentError", *["DocumentError"] * len(HOSTILE)]
    assert report["seen"] == []


def test_names_of_python_are_only_names_of_fields(from_json):
    data = '{"__class__": "mine", "keys": "yours"}'
    assert from_json('SELECT s.__class__, s."keys", s.items FROM S3Object s', data) == (
        '{"__class__":"mine","keys":"yours"}\n'
    )


def test_a_pattern_cannot_make_matching_slow(from_csv):
    pattern = "%a" * 2000 + "%b"
    assert from_csv(f"SELECT 1 FROM S3Object s WHERE s._1 LIKE '{pattern}'", "a" * 100_000 + "\n") == ""
