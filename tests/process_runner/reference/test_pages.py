"""Generated parts of Markdown pages."""

import pytest

from process_runner import plugins
from process_runner.cli import main
from process_runner.reference import fill

PAGE = "before\n<!-- reference: {} -->\nSTALE\n<!-- end -->\nafter\n"


@pytest.fixture(scope="module")
def registry():
    return plugins.load()


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("shapes", "| [`map`](shapes/map.md) | Turns each document into another format: JSON, CSV, XML or text |"),
        ("shape message", "In short, `message: VALUE` is `message: {text: VALUE}`."),
        ("shape message", "| `text` (required) | expression |  | The new content. |"),
        (
            "shape branch",
            "| `(the value)` (required) | list of steps or mapping, at least 2, at most 25 |",
        ),
        ("components", "| `tracking` | mapping to expression or mapping |"),
        ("connection disk", "| `folder` (required) | text |"),
        ("actions disk", "### query"),
        ("tracked disk", "| `disk.path` |"),
    ],
)
def test_a_part_is_made_anew_and_the_rest_stays(registry, what, expected):
    filled = fill(PAGE.format(what), registry)
    assert filled.startswith("before\n")
    assert filled.endswith("<!-- end -->\nafter\n")
    assert expected in filled
    assert "STALE" not in filled
    assert fill(filled, registry) == filled


@pytest.mark.parametrize("what", ["actions nothing", "shape nothing", "shape", "shapes all", "nothing"])
def test_a_part_nobody_answers_to_is_an_error(registry, what):
    with pytest.raises(KeyError, match=what):
        fill(PAGE.format(what), registry)


def test_a_bar_in_a_default_does_not_end_its_cell(registry):
    filled = fill(PAGE.format("shape data_process"), registry)
    [row] = [line for line in filled.splitlines() if line.startswith("| `zip.name`")]
    assert row.replace("\\|", "").count("|") == 5


def test_check_tells_a_stale_page_and_leaves_it(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(PAGE.format("tracked disk"))
    assert main(["reference", "--check", str(page)]) == 1
    assert "out of date" in capsys.readouterr().err
    assert page.read_text() == PAGE.format("tracked disk")
    assert main(["reference", str(page)]) == 0
    assert main(["reference", "--check", str(page)]) == 0
