"""Memory stays bounded, whatever the number and the size of the documents."""

import json
import os

import pytest

MANY = """
processes:
  many:
    steps:
      - start:
          documents:
{documents}
      - set_properties:
          id: "{{{{ json('id') }}}}"
          name: order-{{{{ prop.kind }}}}-{{{{ document.index }}}}
      - decision:
          if: {{value: "{{{{ prop.id }}}}", greater_than: 50000}}
          then:
            - set_properties: {{large: "true"}}
      - return_documents: orders
"""

LARGE = """
connections:
  inbox: {connector: disk, folder: .}
  storage: {connector: s3, access_key: some-key, secret_key: some-secret, endpoint_url: "${ENDPOINT}"}
operations:
  read: {connector: disk, action: get}
  store: {connector: s3, action: upsert, object_type: large-objects, part_size: 64}
processes:
  large:
    steps:
      - start: {connection: inbox, operation: read, parameters: {id: large.bin}}
      - set_properties: {s3.file_key: large.bin}
      - connector: {connection: storage, operation: store}
"""

LIMIT = 300 << 20


@pytest.fixture(scope="session")
def interpreter(runner, tmp_path_factory):
    """Memory of a command that does nothing."""
    return runner("--version", cwd=tmp_path_factory.mktemp("interpreter")).peak


@pytest.mark.slow
def test_a_hundred_thousand_inline_documents_stay_under_300_mb(runner, tmp_path, interpreter):
    one = "            - {{json: {{id: {}, text: some text of an order}}, properties: {{kind: retail}}}}"
    text = MANY.format(documents="\n".join(one.format(number) for number in range(100_000)))
    (tmp_path / "many.yaml").write_text(text)
    answer = runner("run", "many.yaml", "--json", cwd=tmp_path)
    assert answer.code == 0, answer.stderr
    assert answer.summary["documents"] == {"in": 100_000, "out": 100_000, "failed": 0}
    assert answer.summary["returned"] == {"orders": 100_000}
    assert answer.peak - interpreter < LIMIT


@pytest.mark.slow
def test_a_file_of_2_gib_goes_from_disk_to_s3_under_300_mb(runner, tmp_path, store, interpreter):
    (tmp_path / "large.yaml").write_text(LARGE)
    with (tmp_path / "large.bin").open("wb") as stream:
        stream.seek((2 << 30) - 4)
        stream.write(b"last")
    answer = runner("run", "large.yaml", "--json", cwd=tmp_path, ENDPOINT=store)
    os.unlink(tmp_path / "large.bin")
    assert answer.code == 0, answer.stderr
    assert answer.summary["documents"] == {"in": 1, "out": 1, "failed": 0}
    assert answer.peak - interpreter < LIMIT


@pytest.mark.slow
def test_200_000_split_documents_stay_under_300_mb(runner, tmp_path, interpreter):
    (tmp_path / "p.yaml").write_text(
        """
processes:
  lines:
    steps:
      - start: passthrough
      - data_process: [split: {format: lines}]
      - set_properties: {line: "{{ document.text }}"}
      - data_process: [combine: {format: lines}]
      - return_documents: all
"""
    )
    lines = "".join(json.dumps({"number": number}) + "\n" for number in range(200_000))
    (tmp_path / "lines.txt").write_text(lines)
    answer = runner("run", "p.yaml", "--input", "lines.txt", "--output", "out", "--json", cwd=tmp_path)
    assert answer.code == 0, answer.stderr
    [returned] = (tmp_path / "out" / "all").iterdir()
    assert returned.read_text().rstrip("\n") == lines.rstrip("\n")
    assert answer.peak - interpreter < LIMIT
