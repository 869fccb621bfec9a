"""Reserved keys of components in a project's own tests."""

import subprocess
import sys

PROJECT = """\
connections:
  files: {connector: disk, folder: ., allow_dynamic_connection: [folder]}
operations:
  read:
    connector: disk
    action: get
    archiving: {folder: archive}
    caching: {cache: texts, key: only}
processes:
  p:
    steps:
      - start: passthrough
      - name: Read
        connector:
          connection: files
          operation: read
          parameters: {id: given.txt}
          dynamic_connection: {folder: "{{ prop.folder | default('nowhere') }}"}
      - message: "found {{ lookup('texts', 'only') }}"
      - return_documents:
"""
TESTS = """\
tests:
  - name: mocked
    input: [a]
    mocks: {Read: {returns: [canned]}}
    expect: {returned: {default: [found canned]}}
  - name: real
    real: [files]
    input: [{text: a, properties: {folder: files}}]
    expect: {returned: {default: [found real]}}
"""


def test_mocks_are_cached_and_no_test_archives_anything(tmp_path):
    (tmp_path / "p.yaml").write_text(PROJECT)
    (tmp_path / "p.test.yaml").write_text(TESTS)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "given.txt").write_text("real")
    command = [sys.executable, "-m", "process_runner", "test", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout or "2 tests" in done.stdout, done.stdout
    assert not (tmp_path / "archive").exists()
