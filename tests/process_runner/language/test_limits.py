"""Files that are too much, or not text: one clear problem each, and no traceback."""

import tracemalloc

import pytest

MESSAGE = "processes:\n  p:\n    steps:\n      - message: "


@pytest.fixture
def told(problems, tmp_path):
    """What is wrong with a file of these bytes."""

    def read(content):
        (tmp_path / "project.yaml").write_bytes(content)
        return problems({})

    return read


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"processes:\n  p\xe9: {}\n", "2:4: the file is not UTF-8; save it as UTF-8"),
        ("processes: {}\n".encode("utf-16"), "1:1: the file is not UTF-8; save it as UTF-8"),
        (b"processes:\n  p: \x00\n", "2:6: the character U+0000 cannot stand in YAML"),
        (b"processes:\n  p: \x1b[2J\n", "2:6: the character U+001B cannot stand in YAML"),
        (b"\x89PNG\r\n\x1a\n", "1:1: the file is not UTF-8; save it as UTF-8"),
        (b"", "1:1: the file is empty; it needs connections, operations or processes"),
        (b"# a comment\n", "1:1: the file is empty; it needs connections, operations or processes"),
        (b"null\n", "1:1: expected a mapping with connections, operations or processes"),
        (b"text\n", "1:1: expected a mapping with connections, operations or processes"),
        (b"%YAML 9.9\n---\nprocesses: {}\n", "1:1: "),
    ],
)
def test_what_is_not_a_project(told, content, expected):
    (line,) = told(content)
    assert line.startswith(expected)


def test_ten_megabytes_of_one_line_are_a_text_like_any_other(loaded):
    project = loaded(MESSAGE + "x" * 10_000_000 + "\n")
    assert len(project.processes["p"].steps[0].shape.text.source) == 10_000_000


def test_ten_megabytes_of_one_line_that_are_wrong_are_told_in_short(problems):
    (line,) = problems("x" * 10_000_000)
    assert len(line) < 200
    (line,) = problems(MESSAGE + "{" + "x" * 10_000_000)
    assert len(line) < 200


def test_a_long_value_that_is_not_possible_is_told_in_short(problems):
    (line,) = problems(f"{MESSAGE}a\n      - stop: {'x' * 1_000_000}\n")
    assert len(line) < 700
    (line,) = problems(f"{MESSAGE}a\n      - {'x' * 100_000}: a\n")
    assert len(line) < 700


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_a_nesting_too_deep_is_a_problem(told, pair):
    opening = b"[" if pair == "[]" else b"{a: "
    (line,) = told(b"processes: " + opening * 100_000 + b"\n")
    assert line.endswith("nested deeper than 100 levels")


def test_steps_nested_deeper_than_that_are_a_problem(told):
    text = MESSAGE.removesuffix("message: ")
    for depth in range(60):
        text += "decision:\n" + " " * (10 + 6 * depth) + "if: true\n" + " " * (10 + 6 * depth) + "then:\n"
        text += " " * (12 + 6 * depth) + "- "
    (line,) = told((text + "message: a\n").encode())
    assert line.endswith("nested deeper than 100 levels")


def test_aliases_that_explode_take_no_memory(told):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    tracemalloc.start()
    try:
        (line,) = told("\n".join(lines).encode())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "aliases expand to more than 1,000,000 values" in line
    assert peak < 50_000_000


def test_merges_that_explode_are_a_problem(told):
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: 1}}" for n in range(1, 12)]
    assert len(told("\n".join(lines).encode())) < 20


def test_a_shared_list_of_steps_is_one_per_use(loaded):
    text = "processes:\n  p:\n    steps: &steps\n      - message: a\n  q:\n    steps: *steps\n"
    project = loaded(text)
    assert project.processes["q"].steps[0].shape.text.source == "a"


def test_a_folder_that_is_a_file_that_cannot_be_read(problems, tmp_path, monkeypatch):
    (tmp_path / "project.yaml").symlink_to("nowhere")
    (tmp_path / "other.yaml").write_text("processe: {}\n")
    assert problems({}) == ["other.yaml:1:1: unknown section 'processe'; did you mean 'processes'?"]
