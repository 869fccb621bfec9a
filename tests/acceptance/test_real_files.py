"""Files of a public data package go through split, upsert, query and get, and come back byte for byte."""

import json
from pathlib import Path

import lxml
import pytest
import vega_datasets

DATA = Path(vega_datasets.__file__).parent
BINARIES = Path(lxml.__file__).parent

STORE = """
connections:
  data: {{connector: disk, folder: "{data}"}}
  storage: {{connector: s3, access_key: some-key, secret_key: some-secret, endpoint_url: "{endpoint}"}}
operations:
  find: {{connector: disk, action: query, pattern: "{pattern}", recursive: true}}
  read: {{connector: disk, action: get}}
  store: {{connector: s3, action: upsert, object_type: dynamic-bucket}}
  list: {{connector: s3, action: query, object_type: dynamic-bucket}}
  fetch: {{connector: s3, action: get, object_type: dynamic-bucket}}
processes:
  store:
    steps:
      - start: {{connection: data, operation: find}}
      - connector: {{connection: data, operation: read}}
      - set_properties:
          s3.bucket: "{bucket}"
          s3.file_key: "files/{{{{ prop.disk.path }}}}"
          s3.content_type: "{content_type}"
      - connector: {{connection: storage, operation: store, concurrency: 4}}
  fetch:
    steps:
      - start: {{connection: storage, operation: list, parameters: {{bucket: "{bucket}", prefix: files/}}}}
      - connector: {{connection: storage, operation: fetch}}
      - set_properties: {{file_name: "{{{{ prop.s3.file_key | replace('/', '~') }}}}"}}
      - return_documents: files
  split:
    steps:
      - start: {{connection: storage, operation: list, parameters: {{bucket: "{bucket}", prefix: files/}}}}
      - connector: {{connection: storage, operation: fetch}}
      - data_process: [split: {{format: {format}}}]
      - data_process: [combine: {{format: {format}}}]
      - return_documents: whole
"""


def project(folder, endpoint, data, pattern, content_type, format="lines"):
    bucket = "real-files-" + format
    text = STORE.format(
        data=data, endpoint=endpoint, pattern=pattern, content_type=content_type, format=format, bucket=bucket
    )
    (folder / "project.yaml").write_text(text)


def returned(folder, label):
    return {path.name.replace("~", "/"): path.read_bytes() for path in (folder / "out" / label).iterdir()}


@pytest.mark.parametrize(
    ("data", "pattern", "content_type"),
    [
        (DATA, "**/*.json", "application/json"),
        (DATA, "**/*.csv", "text/csv"),
        (BINARIES, "**/*.so", "application/octet-stream"),
    ],
    ids=["json", "csv", "binary"],
)
def test_files_come_back_byte_for_byte(runner, store, tmp_path, data, pattern, content_type):
    project(tmp_path, store, data, pattern, content_type)
    assert runner("run", ".", "store", cwd=tmp_path).code == 0
    answer = runner("run", ".", "fetch", "--output", "out", cwd=tmp_path)
    assert answer.code == 0, answer.stderr
    originals = {f"files/{path.relative_to(data)}": path.read_bytes() for path in data.glob(pattern) if path.is_file()}
    assert originals
    assert returned(tmp_path, "files") == originals


def test_records_of_json_files_survive_split_and_combine(runner, store, tmp_path):
    project(tmp_path, store, DATA, "_data/[ciw]*.json", "application/json", "json")
    assert runner("run", ".", "store", cwd=tmp_path).code == 0
    assert runner("run", ".", "split", "--output", "out", cwd=tmp_path).code == 0
    [whole] = returned(tmp_path, "whole").values()
    records = [
        record for path in sorted((DATA / "_data").glob("[ciw]*.json")) for record in json.loads(path.read_text())
    ]
    assert len(records) > 500
    assert json.loads(whole) == records


def test_records_of_a_csv_file_survive_split_and_combine(runner, store, tmp_path):
    project(tmp_path, store, DATA, "_data/airports.csv", "text/csv", "csv")
    assert runner("run", ".", "store", cwd=tmp_path).code == 0
    assert runner("run", ".", "split", "--output", "out", cwd=tmp_path).code == 0
    [whole] = returned(tmp_path, "whole").values()
    assert whole.splitlines() == (DATA / "_data" / "airports.csv").read_bytes().splitlines()
