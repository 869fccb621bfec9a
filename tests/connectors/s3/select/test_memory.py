"""Memory does not grow with the object: a process is watched while objects of 128 MB pass through it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux")

BOUND = 24 << 20
"""What a large object may cost more than a small one: buffers of a few records of 1 MB."""

PARQUET = """
import json, os, sys

from connectors.s3.select.format import JsonOutput
from connectors.s3.select.local import select
from connectors.s3.select.parquet_records import ParquetRecords
from connectors.s3.select.parser import parse

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))

def pass_through(path):
    statement = parse("SELECT * FROM S3Object")
    with open(path, "rb") as file:
        def read_range(offset, size):
            file.seek(offset)
            return file.read(size)
        records = ParquetRecords(os.path.getsize(path), read_range, statement)
        return sum(map(len, select(statement, records, JsonOutput()))), peak()

print(json.dumps({"small": pass_through(sys.argv[1]), "large": pass_through(sys.argv[2])}))
"""
WATCHED = """
import io, json, sys

from connectors.s3.select.csv_records import CsvRecords
from connectors.s3.select.format import CsvInput, CsvOutput, JsonInput
from connectors.s3.select.json_records import JsonRecords
from connectors.s3.select.local import select
from connectors.s3.select.parser import parse

class Endless:
    def __init__(self, head, block, tail, size):
        self.parts = self.made(head, block, tail, size)
        self.left = b""
    def made(self, head, block, tail, size):
        if head:
            yield head
        for _ in range(size // len(block)):
            yield block
        if tail:
            yield tail
    def read(self, size):
        self.left = self.left or next(self.parts, b"")
        data, self.left = self.left[:size], self.left[size:]
        return data

kind, size = sys.argv[1], int(sys.argv[2])
expression = "SELECT s.a FROM S3Object s"
if kind == "csv":
    text = b"x" * 2000
    expression = "SELECT s._1 FROM S3Object s WHERE s._2 <> 'none'"
    make = lambda n: (Endless(b"", (text + b",\\"q,q\\"\\n") * 500, b"", n), CsvInput(), CsvRecords)
elif kind == "lines":
    block = (b'{"a":"' + b"x" * 2000 + b'"}\\n') * 500
    make = lambda n: (Endless(b"", block, b"", n), JsonInput(type="lines"), JsonRecords)
elif kind == "document":
    block = (b'{"a":"' + b"x" * 2000 + b'"},') * 500
    expression = "SELECT s.a FROM S3Object[*].items[*] s"
    make = lambda n: (Endless(b'{"items":[', block, b'{"a":1}]}', n), JsonInput(), JsonRecords)
elif kind == "skipped":
    block = (b'{"a":"' + b"x" * 2000 + b'"},') * 500
    expression = "SELECT s.a FROM S3Object[*].absent s"
    make = lambda n: (Endless(b'{"items":[', block, b'{"a":1}]}', n), JsonInput(), JsonRecords)

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))

def pass_through(size):
    statement = parse(expression)
    source, written, records = make(size)
    total = 0
    for block in select(statement, records(source, written, statement), CsvOutput()):
        total += len(block)
    return total, peak()

small = pass_through(4 << 20)
large = pass_through(size)
print(json.dumps({"small": small, "large": large}))
"""


@pytest.mark.parametrize("kind", ["csv", "lines", "document", "skipped"])
def test_memory_does_not_grow_with_the_object(kind):
    size = 128 << 20
    done = subprocess.run([sys.executable, "-c", WATCHED, kind, str(size)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    (results, peak), (_, before) = report["large"], report["small"]
    assert results > 0.9 * size or (kind == "skipped" and results == 1)
    assert peak - before < BOUND


RECORDS_OF_ONE_MEGABYTE = WATCHED.replace('x" * 2000', 'x" * 1000000').replace("* 500", "* 4")


@pytest.mark.parametrize("kind", ["csv", "lines", "document"])
def test_records_of_the_greatest_length_cost_a_few_of_them(kind):
    done = subprocess.run(
        [sys.executable, "-c", RECORDS_OF_ONE_MEGABYTE, kind, str(128 << 20)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["large"][0] > 100 << 20
    assert report["large"][1] - report["small"][1] < BOUND
    assert report["large"][1] < 128 << 20


def test_a_row_group_is_never_held_as_a_whole(tmp_path):
    import pyarrow
    from pyarrow import parquet

    for name, rows in (("small", 100), ("large", 80_000)):
        table = pyarrow.table({"n": range(rows), "text": [os.urandom(500).hex() for _ in range(rows)]})
        parquet.write_table(table, tmp_path / name, use_dictionary=False, row_group_size=rows)
    assert (tmp_path / "large").stat().st_size > 75 << 20
    done = subprocess.run(
        [sys.executable, "-c", PARQUET, tmp_path / "small", tmp_path / "large"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["large"][0] > 75 << 20
    assert report["large"][1] - report["small"][1] < BOUND
