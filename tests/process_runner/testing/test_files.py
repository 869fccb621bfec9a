"""Files in process tests: a folder for each disk connection and test, and never the real one unless a test says so."""

import pytest

PROJECT = """
connections:
  inbox: {connector: disk, folder: "${NO_SUCH_FOLDER}"}
  outbox: {connector: disk, folder: real}
operations:
  find: {connector: disk, action: query, recursive: true, order: modified}
  read: {connector: disk, action: get}
  write: {connector: disk, action: create}
  remove: {connector: disk, action: delete}
processes:
  p:
    steps:
      - name: Find
        start: {connection: inbox, operation: find}
      - name: Read
        connector: {connection: inbox, operation: read, parameters: {id: "{{ prop.disk.path }}"}}
      - message: "{{ document.text | upper }}"
      - name: Write
        connector: {connection: outbox, operation: write, pass_through: true}
      - name: Remove
        connector: {connection: inbox, operation: remove, pass_through: true}
      - return_documents: written
"""
TESTS = """
tests:
  - name: files go in and come out
    sandbox:
      files:
        inbox: {b/ö +1.txt: first, a.txt: {text: second}, c.bin: {base64: /w==}}
        outbox: {there.txt: before}
    expect:
      returned:
        written: [{text: FIRST, properties: {disk.folder: b, disk.file_name: ö +1.txt}}, SECOND]
      failures: [{step: message}]
      files:
        inbox: {c.bin: {base64: /w==}}
        outbox: {b/ö +1.txt: FIRST, a.txt: {text: SECOND}, there.txt: {}}
  - name: nothing is left of the test before
    sandbox: {}
    expect:
      returned: {}
      files: {inbox: {}, outbox: {}}
"""


def test_each_test_has_folders_of_its_own_with_the_files_it_names(tested, tmp_path):
    done = tested(PROJECT, TESTS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 tests, 0 failed; 6 of 6 steps reached" in done.stdout
    assert sorted(path.name for path in (tmp_path / "project").iterdir()) == ["p.test.yaml", "p.yaml"]


def test_files_that_differ_are_told_by_connection_and_path_with_a_difference(tested):
    wrong = TESTS.replace("a.txt: {text: SECOND}, there.txt: {}", "a.txt: other, new.txt: x").replace(
        "files: {inbox: {}, outbox: {}}", "files: {inbox: {x: {}}}"
    )
    done = tested(PROJECT, wrong)
    assert done.returncode == 1
    for told in (
        "file outbox/a.txt, content:\n            expected: other\n                 got: SECOND\n",
        "file outbox/new.txt: expected, and not there\n",
        "file outbox/there.txt: there, and not expected\n",
        "file inbox/x: expected, and not there\n",
    ):
        assert f"        {told}" in done.stdout


def test_without_a_sandbox_no_test_touches_the_disk(tested, tmp_path):
    folder = tmp_path / "project" / "real"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("mine")
    project = PROJECT.replace("${NO_SUCH_FOLDER}", "real")
    done = tested(project, "tests: [{name: one, mocks: {Find: {returns: []}}}, {name: two}]")
    assert done.returncode == 1
    assert (
        "the process failed at 'Find': NotMocked: connection 'inbox' leads nowhere in this test; mock the step, "
        "give the test a 'sandbox', or name the connection under 'real'\n" in done.stdout
    )
    assert "2 tests, 1 failed" in done.stdout
    assert (folder / "a.txt").read_text() == "mine"


def test_a_test_that_names_a_connection_real_uses_its_folder_from_the_project(tested, tmp_path):
    folder = tmp_path / "project" / "real"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("mine")
    project = PROJECT.replace("${NO_SUCH_FOLDER}", "real").replace("folder: real}", 'folder: "${NO_SUCH:-none}"}')
    tests = """
    tests:
      - name: the inbox is real, the outbox is not
        real: [inbox]
        sandbox: {}
        expect: {returned: {written: [MINE]}, files: {outbox: {a.txt: MINE}}}
    """
    done = tested(project, tests)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(folder.iterdir()) == []


def test_worker_processes_keep_to_the_sandbox(tested):
    in_workers = PROJECT.replace("      - message:", "      - flow_control: {processes: 2}\n      - message:")
    done = tested(in_workers, TESTS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_folder_that_documents_choose_stays_in_the_sandbox(tested, tmp_path):
    project = """
    connections: {out: {connector: disk, folder: real, allow_dynamic_connection: [folder]}}
    operations: {write: {connector: disk, action: create}}
    processes:
      p:
        steps:
          - start: {documents: [a]}
          - set_properties: {disk.file_name: a}
          - connector: {connection: out, operation: write, dynamic_connection: {folder: "{{ process.chosen }}"}}
    """
    tests = "tests: [{name: one, process_properties: {chosen: CHOSEN}, sandbox: {}, expect: {files: {out: {a: a}}}}]"
    done = tested(project, tests.replace("CHOSEN", str(tmp_path)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "a").exists()


def test_a_test_without_s3_needs_no_server(tested, tmp_path):
    (tmp_path / "moto.py").write_text("raise ImportError('no moto')\n")
    done = tested(PROJECT, TESTS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("sandbox: {files: {inbx: {}}}", ":1:39: no disk connection 'inbx' in the project; did you mean 'inbox'?"),
        ("expect: {files: {s: {}}}", ":1:38: no disk connection 's' in the project; known: inbox, outbox"),
        ("real: [inbx]", ":1:28: no connection 'inbx' in the project; did you mean 'inbox'?"),
        (
            "real: [inbox], sandbox: {files: {inbox: {}}}",
            ":1:54: connection 'inbox' is real in this test, so the sandbox has no files of it",
        ),
        ("sandbox: {files: {inbox: {../a: x}}}", "'../a' is no path of a file in the connection's folder"),
        ("sandbox: {files: {inbox: {/etc/a: x}}}", "'/etc/a' is no path of a file in the connection's folder"),
        ("sandbox: {files: {inbox: {a: x, a/b: x}}}", "'a' is a file, so there is no 'a/b'"),
        (f"sandbox: {{files: {{inbox: {{{'a' * 256}: x}}}}}}", "is a name that no file can have"),
        ('sandbox: {files: {inbox: {"a\\0b": x}}}', "is a name that no file can have"),
    ],
)
def test_names_and_paths_that_cannot_be_are_told_at_their_place(tested, test, told):
    project = PROJECT.replace("${NO_SUCH_FOLDER}", "real")
    done = tested(project, f"tests: [{{name: one, {test}}}]")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "project/p.test.yaml:1:" in done.stderr
    assert told in done.stderr


def test_files_without_a_sandbox_are_told(tested):
    mocked = "{Find: {returns: []}}"
    done = tested(PROJECT, f"tests: [{{name: one, mocks: {mocked}, expect: {{files: {{inbox: {{}}}}}}}}]")
    assert done.returncode == 1
    assert "files: the test has no 'sandbox' in which they could be" in done.stdout
