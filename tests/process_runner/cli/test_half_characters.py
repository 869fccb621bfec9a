"""Names of files that are no text, in whatever place a process puts them: an error of the document, never a defect."""

import os

import pytest

USES = {
    "set_properties: {process.a: {value: '{{ prop.file_name }}', persist: true}}": (1, "NotText"),
    "message: '{{ prop.file_name }}'": (1, "NotText"),
    "message: '{{ sequence(prop.file_name) }}'": (1, "ExpressionFailed"),
    "map: {to: json, fields: {a: '{{ prop.file_name }}'}}": (1, "NoValue"),
    "map: {to: xml, fields: {a: '{{ prop.file_name }}'}}": (1, "InvalidXml"),
    "map: {to: text, text: '{{ prop.file_name }}'}": (1, "NotText"),
    "data_process: [zip: ]": (1, "UnsafeName"),
    "exception: '{{ prop.file_name }}'": (1, "Exception"),
    "notify: '{{ prop.file_name }}'": (0, None),
    "return_documents: all": (0, None),
    "add_to_cache: {cache: a, key: '{{ prop.file_name }}'}": (0, None),
    "decision: {if: {value: '{{ prop.file_name }}', matches: '{{ prop.file_name }}'}}": (0, None),
}


@pytest.mark.parametrize(("step", "outcome"), USES.items())
def test_a_name_that_is_no_text_is_no_defect(answer, process, tmp_path, step, outcome):
    (tmp_path / os.fsdecode(b"odd\xff.txt")).write_text("x")
    process("start: passthrough", step)
    store = f"--store=sqlite:///{tmp_path}/state.db"
    done = answer("run", "project.yaml", "--input", *tmp_path.glob("odd*"), "--output", tmp_path / "out", store)
    code, reason = outcome
    assert done.returncode == code, done.stderr
    assert reason is None or f"{reason}: " in done.stdout
