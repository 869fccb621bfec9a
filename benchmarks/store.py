"""Small files from disk to S3 and back: this project beside a script on boto3 with threads, against one server."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import RUNNER, Run, in_turn, machine, run, table

KEYS = {"AWS_ACCESS_KEY_ID": "bench-key", "AWS_SECRET_ACCESS_KEY": "bench-secret"}
PROJECT = """
connections:
  files: {connector: disk, folder: files}
  storage:
    connector: s3
    access_key: ${AWS_ACCESS_KEY_ID}
    secret_key: ${AWS_SECRET_ACCESS_KEY}
    endpoint_url: ${ENDPOINT}
operations:
  find: {connector: disk, action: query}
  read: {connector: disk, action: get}
  store: {connector: s3, action: upsert, object_type: bench-bucket}
  list: {connector: s3, action: query, object_type: bench-bucket}
  fetch: {connector: s3, action: get, object_type: bench-bucket}
processes:
  up:
    steps:
      - start: {connection: files, operation: find}
      - connector: {connection: files, operation: read}
      - set_properties:
          s3.file_key: "{{ prop.disk.file_name }}"
          s3.content_type: application/octet-stream
          size: "{{ document.size }}"
      - connector: {connection: storage, operation: store, concurrency: 8}
  down:
    steps:
      - start: {connection: storage, operation: list}
      - connector: {connection: storage, operation: fetch, concurrency: 8}
"""
SCRIPT = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
import boto3
client = boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1")
def up(name):
    with open("files/" + name, "rb") as stream:
        client.put_object(Bucket="bench-bucket", Key=name, Body=stream.read(), ContentType="application/octet-stream")
def down(name):
    client.get_object(Bucket="bench-bucket", Key=name)["Body"].read()
with ThreadPoolExecutor(8) as pool:
    if sys.argv[1] == "up":
        list(pool.map(up, os.listdir("files")))
    else:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket="bench-bucket")
        list(pool.map(down, [each["Key"] for page in pages for each in page["Contents"]]))
"""


def main() -> None:
    """Start the server, run the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, given.files)
        server = subprocess.Popen((*RUNNER, "sandbox"), stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        environment = {**KEYS, "ENDPOINT": server.stdout.readline().strip()}
        try:
            measured = in_turn(dict(_cases(folder, environment)), given.rounds)
        finally:
            server.terminate()
            server.wait()
    print(f"{machine()}; {given.files:,} files of 4 KiB; the server is the sandbox's")
    print(table(("case", "wall s", "CPU s", "peak MB", "CPU against boto3"), list(_rows(measured))))


def _prepare(folder: Path, count: int) -> None:
    (folder / "files").mkdir()
    for number in range(count):
        (folder / "files" / f"{number:06}.bin").write_bytes(os.urandom(4096))
    (folder / "project.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")


def _cases(folder: Path, environment: dict[str, str]):
    for direction in ("up", "down"):
        ours = (*RUNNER, "run", "project.yaml", direction, "--json")
        theirs = (sys.executable, "script.py", direction)
        yield f"{direction}: process-runner", lambda command=ours: run(command, folder, environment)
        yield f"{direction}: boto3 with threads", lambda command=theirs: run(command, folder, environment)


def _rows(measured: dict[str, Run]):
    for name, each in measured.items():
        theirs = measured[name.split(":")[0] + ": boto3 with threads"]
        ratio = f"{each.cpu / theirs.cpu:.2f}"
        yield name, f"{each.wall:.2f}", f"{each.cpu:.2f}", f"{each.memory / 1e6:.0f}", ratio


if __name__ == "__main__":
    main()
