import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from process_runner import graph
from process_runner.engine.step import walk
from process_runner.language.loader import Source, load

EXAMPLES = Path(__file__).parents[3] / "examples"
PROJECTS = sorted(path for path in EXAMPLES.glob("*/") if not (path / "pyproject.toml").exists())
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def edges(project):
    """The edges of a process with these steps, as `label of node -path-> label of node`."""

    def draw(steps):
        loaded = project("processes:\n  p:\n    steps:\n" + "".join(f"      - {step}\n" for step in steps))
        text = graph.mermaid(loaded.processes["p"])
        names = dict(re.findall(r'^  (\w+)[(\[{]+"(.*?)"[)\]}]+$', text, re.MULTILINE))
        names = {node: label.split("<br/>")[0] for node, label in names.items()}
        found = re.findall(r'^  (\w+) -->(?:\|"(.*?)"\|)? (\w+)$', text, re.MULTILINE)
        return {f"{names[source]} -{label}-> {names[target]}" for source, label, target in found}

    return draw


def test_paths_are_labelled_and_come_together_behind_their_block(edges):
    assert edges(
        [
            "start: no_data",
            "decision: {if: '{{ document.size }}', then: [{message: x}], else: []}",
            "notify: x",
        ]
    ) == {
        "start --> decision",
        "decision -then-> message",
        "message --> notify",
        "decision -else-> notify",
        "notify --> end",
    }


def test_nothing_leaves_a_path_that_ended(edges):
    assert edges(
        [
            "try_catch: {try: [{exception: a}], catch: [{return_documents: failed}]}",
            "message: never",
        ]
    ) == {"try_catch -try-> exception", "try_catch -catch-> return_documents", "message --> end"}


def test_branches_and_routes_have_the_names_that_were_given_or_their_condition(edges):
    assert edges(
        [
            "branch: [[{message: a}], {name: second, steps: [{stop: continue}]}]",
            "route: {by: '{{ document.text }}', routes: [{equals: 5, steps: [{notify: b}]}, {name: big, like: 9*}]}",
        ]
    ) == {
        "branch -1-> message",
        "branch -second-> stop",
        "message --> route",
        "route -equals 5-> notify",
        "route -big-> end",
        "route -default-> end",
        "notify --> end",
    }


def test_valid_documents_go_on_and_others_are_rejected(edges):
    assert edges(["validate: {json_schema: {type: object}, reject: [{stop: continue}]}"]) == {
        "validate -valid-> end",
        "validate -reject-> stop",
    }


def test_a_node_says_what_its_step_uses(project):
    loaded = project(
        """
        connections: {files: {connector: disk, folder: data}}
        operations: {find: {connector: disk, action: query}}
        processes:
          p:
            steps:
              - name: Find them
                connector: {connection: files, operation: find}
              - return_documents: found
        """
    )
    text = graph.mermaid(loaded.processes["p"])
    assert '  s1[["Find them<br/>connector files: find"]]\n' in text
    assert '  s2(["return_documents<br/>return_documents found"])\n' in text


def test_no_name_can_break_the_drawing_or_put_anything_into_it(project):
    hostile = 'x"] --> <script>alert(1)</script> & #quot; `**b**` end; %%{init}%% \\n {{ }} |a|\n  s9 --> s1'
    steps = f"    steps:\n      - {{name: {_quoted(hostile)}, message: x}}\n"
    loaded = project(f"processes:\n  'p \"><script>':\n{steps}")
    (process,) = loaded.processes.values()
    drawn = etree.fromstring(graph.svg(process).encode())
    assert not list(drawn.iter(f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image", f"{SVG}a"))
    assert graph.svg(process) == graph.svg(process)
    texts = ["".join(each.itertext()).replace("\u200b", "") for each in drawn.iter(f"{SVG}text")]
    assert any('x"] --> <script>alert(1)</script> & #quot;' in text for text in texts), texts
    assert len([text for text in texts if text.strip()]) == 3  # the name, the shape, the end


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@pytest.mark.parametrize("example", PROJECTS, ids=lambda path: path.name)
def test_every_example_is_drawn_with_all_its_steps_and_needs_nothing_from_elsewhere(registry, example):
    environment = {"AWS_ACCESS_KEY_ID": "example-key", "AWS_SECRET_ACCESS_KEY": "example-secret"}
    for process in load(Source((example,), environment=environment), registry).processes.values():
        drawn = graph.svg(process)
        root = etree.fromstring(drawn.encode())
        shown = "".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
        for step in walk(process.steps):
            assert step.label.replace(" ", "") in shown.replace(" ", "")
        assert set(re.findall(r"https?://[^\"' )]+", drawn)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }


@pytest.mark.parametrize("example", PROJECTS, ids=lambda path: path.name)
def test_the_documentation_shows_the_drawing_of_every_example(registry, example):
    shown = (EXAMPLES.parent / "docs" / "examples.md").read_text(encoding="utf-8")
    environment = {"AWS_ACCESS_KEY_ID": "example-key", "AWS_SECRET_ACCESS_KEY": "example-secret"}
    for process in load(Source((example,), environment=environment), registry).processes.values():
        assert f"```mermaid\n{graph.mermaid(process)}```" in shown


@pytest.fixture
def command(tmp_path):
    def run(*arguments, env=None):
        given = [sys.executable, "-m", "process_runner", "graph", *map(str, arguments)]
        return subprocess.run(given, cwd=tmp_path, capture_output=True, text=True, env=env or {}, check=False)

    return run


def test_the_command_draws_without_any_variable_being_set(command, tmp_path):
    done = command(EXAMPLES / "archive-orders")
    assert (done.returncode, done.stderr) == (0, "")
    assert "s1 -->" in done.stdout
    done = command(EXAMPLES / "archive-orders", "--format", "svg", "--output", "a.svg")
    assert (done.returncode, done.stdout) == (0, "")
    assert etree.parse(tmp_path / "a.svg").getroot().get("id") == "process-archive-orders"


def test_the_command_says_which_processes_there_are(command, tmp_path):
    (tmp_path / "p.yaml").write_text("processes: {one: {steps: [{message: x}]}, two: {steps: [{message: x}]}}")
    assert command("p.yaml", "two").returncode == 0
    assert command("p.yaml").stderr == "process-runner: name one of the project's processes; known: one, two\n"
    done = command("p.yaml", "tow")
    assert (done.returncode, done.stderr) == (
        2,
        "process-runner: no process 'tow' in the project; known: one, two\n",
    )


def test_an_invalid_project_is_told_as_by_validate(command, tmp_path):
    (tmp_path / "p.yaml").write_text("processes: {one: {steps: [{mesage: '${UNSET}'}]}}")
    done = command("p.yaml")
    assert done.returncode == 2
    assert "p.yaml:1:28: unknown shape 'mesage'; did you mean 'message'?" in done.stderr


def test_a_drawing_has_no_secret_and_no_part_of_one(command, tmp_path):
    step = "message: {text: x}, name: '" + "x" * 30 + " ${TOKEN}'"
    (tmp_path / "p.yaml").write_text(f"processes: {{one: {{steps: [{{{step}}}, return_documents: '${{TOKEN}}']}}}}")
    done = command("p.yaml", env={"TOKEN": "hunter2-" + "very-secret-" * 4})
    assert done.returncode == 0
    assert "***" in done.stdout
    assert "hunter2" not in done.stdout
