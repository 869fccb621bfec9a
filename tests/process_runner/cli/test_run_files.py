"""`run --input` and `run --output`: files as documents, documents as files."""

import json
import os

import pytest

PASSING = ("start: passthrough", "return_documents: done")


def files(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_files_and_globs_become_documents_with_their_names(answer, process, write, tmp_path):
    for name in ("in/a.txt", "in/b.txt", "in/c.json", "d e.txt"):
        write(name, name)
    path = process("start: passthrough", "message: '{{ prop.file_name }}={{ document.text }}'", "return_documents: out")
    done = answer("run", path, "--input", "in/*.txt", "d e.txt", "--output", "got")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "got") == {
        "out/a.txt": "a.txt=in/a.txt",
        "out/b.txt": "b.txt=in/b.txt",
        "out/d e.txt": "d e.txt=d e.txt",
    }


def test_a_file_whose_name_looks_like_a_glob_is_taken_as_it_is(answer, process, write, tmp_path):
    write("a[1].txt", "brackets")
    write("a1.txt", "none")
    assert answer("run", process(*PASSING), "--input", "a[1].txt", "--output", "got").returncode == 0
    assert files(tmp_path / "got") == {"done/a[1].txt": "brackets"}


def test_a_file_name_that_is_no_text_travels(answer, process, tmp_path):
    (tmp_path / "in").mkdir()
    with open(os.fsencode(tmp_path / "in") + b"/caf\xe9.txt", "wb") as stream:
        stream.write(b"latin")
    done = answer("run", process(*PASSING, "message: a"), "--input", "in/*", "--output", "got", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["returned"] == {"done": 1}
    assert files(tmp_path / "got") == {"done/caf_.txt": "latin"}


def test_a_failure_of_a_file_whose_name_is_no_text_is_told(answer, process, tmp_path):
    (tmp_path / "in").mkdir()
    with open(os.fsencode(tmp_path / "in") + b"/caf\xe9.txt", "wb"):
        pass
    steps = ("start: passthrough", "exception: 'failed: {{ prop.file_name }}'")
    for arguments in ((), ("--json",)):
        done = answer("run", process(*steps), "--input", "in/*", *arguments)
        assert done.returncode == 1
        assert "failed: caf" in done.stdout


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("no-such-file", "--input no-such-file does not exist"),
        ("folder", "--input folder is a folder; write FOLDER/*"),
    ],
)
def test_an_input_that_is_no_file_is_refused(answer, process, write, given, told):
    write("folder/a.txt", "a")
    done = answer("run", process(*PASSING), "--input", given)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"process-runner: {told}\n"


def test_a_glob_without_a_match_is_an_empty_run_with_a_warning(answer, process):
    done = answer("run", process(*PASSING), "--input", "nothing/*.txt", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["documents"] == {"in": 0, "out": 0, "failed": 0}
    assert "--input nothing/*.txt matches no file" in done.stderr


def test_passthrough_without_input_is_refused(answer, process):
    done = answer("run", process(*PASSING))
    assert done.returncode == 2
    assert "process 'p' starts with passthrough; give its documents with --input FILE" in done.stderr


def test_each_label_is_a_folder(answer, process, write, tmp_path):
    write("a.txt", "a")
    path = process(
        "start: passthrough",
        "branch: [[return_documents: one], [return_documents: two], [{return_documents: }]]",
    )
    assert answer("run", path, "--input", "a.txt", "--output", "got/deep").returncode == 0
    assert files(tmp_path / "got/deep") == {"one/a.txt": "a", "two/a.txt": "a", "default/a.txt": "a"}


HOSTILE = {
    "../../escaped": ".._.._escaped",
    "/etc/passwd": "_etc_passwd",
    "..": "__",
    ".": "_",
    "a\\..\\b": "a_.._b",
    "C:\\a": "C__a",
    "line\nbreak": "line_break",
    "nul\x00": "nul_",
    "  spaces  ": "spaces",
    "x" * 300: "x" * 200,
    "é" * 150: "é" * 100,
}


def test_no_name_leads_out_of_its_folder(answer, process, tmp_path):
    documents = json.dumps([{"text": written, "properties": {"file_name": name}} for name, written in HOSTILE.items()])
    done = answer("run", process(f"start: {{documents: {documents}}}", "return_documents: done"), "--output", "got")
    assert done.returncode == 0, done.stdout
    assert files(tmp_path / "got") == {f"done/{written}": written for written in HOSTILE.values()}


def test_no_label_leads_out_of_the_folder(answer, process, tmp_path):
    labels = {"../up": ".._up", "..": "__", "a/b": "a_b", "Ünï": "Ünï"}
    paths = json.dumps([[{"return_documents": label}] for label in labels])
    assert answer("run", process("start: {documents: [a]}", f"branch: {paths}"), "--output", "got").returncode == 0
    assert files(tmp_path / "got") == {f"{written}/document-1": "a" for written in labels.values()}


def test_documents_of_one_name_are_all_kept(answer, process, tmp_path):
    names = ["a.tar.gz", "a.tar.gz", "a-2.tar.gz", "a.tar.gz", "a-2.tar.gz", ".env", ".env"]
    documents = [{"text": str(number), "properties": {"file_name": name}} for number, name in enumerate(names)]
    path = process(f"start: {{documents: {json.dumps(documents)}}}", "return_documents: done")
    assert answer("run", path, "--output", "got").returncode == 0
    written = files(tmp_path / "got")
    assert sorted(written.values()) == [str(number) for number in range(len(names))]
    assert written["done/a.tar.gz"] == "0"


def test_ten_thousand_documents_of_one_name_are_all_kept(answer, process, write, tmp_path):
    write("lines.txt", "line\n" * 10_000)
    path = process("start: passthrough", "data_process: [split: {format: lines}]", "return_documents: done")
    assert answer("run", path, "--input", "lines.txt", "--output", "got").returncode == 0
    assert len(list((tmp_path / "got/done").iterdir())) == 10_000


def test_a_label_whose_folder_is_a_file_stops_the_process_with_a_reason(answer, process, write):
    write("got/done", "in the way")
    done = answer("run", process("start: {documents: [a]}", "return_documents: done"), "--output", "got")
    assert done.returncode == 1
    assert "OutputUnwritable: cannot write got/done/document-1" in done.stdout


def test_earlier_output_is_replaced_and_nothing_else_is_left(answer, process, tmp_path):
    path = process("start: {documents: [a]}", "return_documents: done")
    for _ in range(2):
        assert answer("run", path, "--output", "got").returncode == 0
    assert files(tmp_path / "got") == {"done/document-1": "a"}


UNUSABLE = "/proc/nothing/is/here"


@pytest.mark.parametrize(
    "arguments",
    [
        ("graph", "project.yaml", "--output", UNUSABLE),
        ("reference", UNUSABLE),
        ("test", "project.test.yaml", "--junit", UNUSABLE),
    ],
)
def test_a_file_that_cannot_be_used_is_a_mistake_of_the_command_line(answer, process, write, arguments):
    process("message: x")
    write("project.test.yaml", "project: project.yaml\ntests: [{name: one}]\n")
    done = answer(*arguments)
    assert done.returncode == 2
    assert f"process-runner: cannot use {UNUSABLE}: " in done.stderr


def test_a_store_that_is_no_url_is_a_mistake_even_where_nothing_is_kept(answer, process):
    done = answer("run", process("message: x"), "--store", "nonsense")
    assert done.returncode == 2
    assert "the store is chosen by a URL, such as sqlite:///PATH" in done.stderr
