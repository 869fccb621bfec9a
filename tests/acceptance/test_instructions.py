"""What a document and a start cost, in instructions of the interpreter: a limit for each, somewhat above what it is.

Where one is exceeded, either something has become dearer by mistake, or it is worth it and the limit is raised with the
reason in the commit. `docs/performance.md` has the times. Other versions of Python count otherwise.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNTED = Path(__file__).with_name("counted.py")
FEW, MANY = 20, 120

pytestmark = pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the limits are those of Python 3.11")

ENGINE = """
processes:
  five-steps:
    steps:
      - start: passthrough
      - data_process: [split: {format: lines}]
      - set_properties:
          text: "{{ document.text }}"
          place: "{{ document.index }}"
          name: order-{{ prop.kind | default('retail') }}-{{ document.size }}
      - decision:
          if: {value: "{{ prop.place }}", greater_than: 1000}
          then:
            - set_properties: {late: "true"}
      - return_documents: orders
"""

OBJECTS = """
connections:
  files: {connector: disk, folder: "${FOLDER}"}
  storage: {connector: s3, access_key: some-key, secret_key: some-secret, endpoint_url: "${ENDPOINT}"}
operations:
  find: {connector: disk, action: query}
  read: {connector: disk, action: get}
  write: {connector: disk, action: create, if_exists: overwrite}
  store: {connector: s3, action: upsert, object_type: counted, tracking: {name: "{{ prop.s3.file_key }}"}}
  list: {connector: s3, action: query, object_type: counted}
  fetch: {connector: s3, action: get, object_type: counted}
processes:
  up:
    steps:
      - start: {connection: files, operation: find}
      - connector: {connection: files, operation: read}
      - set_properties:
          s3.file_key: "{{ prop.disk.file_name }}"
          origin: "{{ prop.disk.path }}"
          size: "{{ document.size }}"
      - connector: {connection: storage, operation: store, concurrency: 1}
  down:
    steps:
      - start: {connection: storage, operation: list}
      - connector: {connection: storage, operation: fetch, concurrency: 1}
      - set_properties:
          disk.file_name: "{{ prop.s3.file_key }}"
          etag: "{{ prop.s3.etag }}"
          size: "{{ document.size }}"
      - connector: {connection: files, operation: write}
  list:
    steps:
      - start: {connection: storage, operation: list}
"""


def run(*arguments, cwd, program=("-m", "process_runner"), **environment):
    """What a command that ends well says on stderr."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **environment}
    command = [sys.executable, *map(str, (*program, *arguments)), "--json"]
    done = subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def counted(*arguments, cwd, **environment):
    """The instructions of a command that ends well."""
    return int(run(*arguments, cwd=cwd, program=(COUNTED,), **environment).split()[-1])


@pytest.fixture
def process(tmp_path):
    """Writes a process, and counts it with few or many documents to find what one more of them costs."""
    path = tmp_path / "process.yaml"

    def cost_of_one(text, prepared, *arguments, **environment):
        path.write_text(text)
        few, many = (
            counted("run", path, *arguments, cwd=tmp_path, **prepared(number), **environment) for number in (FEW, MANY)
        )
        return (many - few) / (MANY - FEW)

    return cost_of_one


def test_a_document_in_the_engine(process, tmp_path):
    def lines(number):
        (tmp_path / "lines.txt").write_text("".join(f"order {line}\n" for line in range(number)))
        return {}

    assert process(ENGINE, lines, "--input", "lines.txt") < 330


@pytest.mark.parametrize(("action", "limit"), [("up", 8_800), ("down", 7_300), ("list", 41)])
def test_an_object(process, tmp_path, store, action, limit):
    def files(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in range(number):
            (folder / f"{name:04}").write_bytes(b"x" * 4096)
        run("run", tmp_path / "process.yaml", "up", cwd=tmp_path, ENDPOINT=store, FOLDER=str(folder))
        return {"FOLDER": str(folder)}

    assert process(OBJECTS, files, action, ENDPOINT=store) < limit


def test_a_start(tmp_path):
    (tmp_path / "empty.yaml").write_text("processes:\n  nothing:\n    steps:\n      - message: nothing\n")
    # half of it is that of libraries, which differ from release to release
    assert counted("run", "empty.yaml", cwd=tmp_path) < 2_900_000


def test_a_start_with_two_connectors(tmp_path, store):
    (tmp_path / "process.yaml").write_text(OBJECTS)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "one").write_bytes(b"x")
    settings = {"ENDPOINT": store, "FOLDER": str(tmp_path / "files")}
    run("run", "process.yaml", "up", cwd=tmp_path, **settings)
    assert counted("run", "process.yaml", "list", cwd=tmp_path, **settings) < 4_200_000
