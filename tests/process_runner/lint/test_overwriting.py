"""Parts of one document that would replace each other."""

import pytest

READ = "connector: {connection: files, operation: read}"
SPLIT = "data_process: [split: {format: lines}]"
WRITE = "connector: {connection: files, operation: write}"
STORE = "connector: {connection: store, operation: store}"
ONE_NAME = (
    "the parts that '{0}' makes of a document have one {1}, and replace each other here; "
    "set it after that step, such as {{{{ document.index }}}}-{{{{ prop.{1} }}}}"
)
SOME = "decision: {if: '{{ document.size }}', else: [{message: x}]}"
APPEND = "connector: {connection: files, operation: append}"
DYNAMIC = "connector: {connection: files, operation: write, dynamic: {if_exists: unique}}"
LIST = "connector: {connection: files, operation: files}"
NAME = "set_properties: {disk.file_name: '{{ document.index }}'}"
TYPE = "set_properties: {s3.content_type: text/plain}"


@pytest.mark.parametrize(
    ("steps", "made", "name"),
    [
        ((READ, SPLIT, WRITE), "data_process", "disk.file_name"),
        ((READ, "data_process: [unzip: ]", "message: x", WRITE), "data_process", "disk.file_name"),
        ((READ, SPLIT, f"try_catch: {{try: [{{{WRITE}}}], catch: [{{notify: x}}]}}"), "data_process", "disk.file_name"),
        (
            (READ, SPLIT, SOME, WRITE),
            "data_process",
            "disk.file_name",
        ),
        ((READ, SPLIT, "set_properties: {disk.folder: done}", WRITE), "data_process", "disk.file_name"),
        (
            ("set_properties: {s3.file_key: a}", SPLIT, TYPE, STORE),
            "data_process",
            "s3.file_key",
        ),
        (("set_properties: {s3.file_key: '{{ document.id }}'}", SPLIT, STORE), "data_process", "s3.file_key"),
        ((READ, "{name: Lines, data_process: [gunzip: , split: {format: lines}]}", WRITE), "Lines", "disk.file_name"),
    ],
)
def test_parts_that_are_written_under_one_name(warned, steps, made, name):
    assert warned(*steps) == [ONE_NAME.format(made, name)]


@pytest.mark.parametrize(
    "steps",
    [
        (READ, WRITE),
        (SPLIT, WRITE),
        (READ, SPLIT, STORE),
        (READ, SPLIT, NAME, WRITE),
        (READ, SPLIT, "data_process: [combine: {format: lines}]", WRITE),
        (READ, SPLIT, "message: {text: x, combine: true}", WRITE),
        (READ, SPLIT, APPEND),
        (READ, SPLIT, DYNAMIC),
        (
            READ,
            SPLIT,
            f"branch: [[{{{NAME}}}], [{{stop: continue}}]]",
            WRITE,
        ),
        (READ, SPLIT, LIST, WRITE),
        ("set_properties: {s3.bucket: a}", SPLIT, STORE),
        (READ, SPLIT, "retrieve_from_cache: {cache: a, key: b}", WRITE),
    ],
)
def test_parts_with_names_of_their_own_are_left_alone(warned, steps):
    assert warned(*steps) == []
