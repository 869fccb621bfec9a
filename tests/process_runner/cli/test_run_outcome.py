"""What `run` tells: the summary for people, for machines, and the log."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FAILING = (
    "start: {documents: [good, bad]}",
    "decision: {if: \"{{ document.text == 'bad' }}\", then: [exception: it is bad]}",
)


INBOX = """\
connections:
  inbox: {connector: disk, folder: nowhere}
operations:
  find: {connector: disk, action: query}
"""
ODD = """\
connections:
  c: {connector: odd, description: "${SECRET}"}
operations:
  o: {connector: odd, action: work}
"""


def test_json_is_one_object_and_everything_else_is_on_stderr(answer, process):
    done = answer("run", process(*FAILING, "notify: {level: warning, text: hello}", "return_documents: out"), "--json")
    summary = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert done.returncode == 1
    promised = "execution_id process status started duration_s documents steps returned failures"
    assert set(promised.split()) <= set(summary)
    assert summary["documents"] == {"in": 2, "out": 1, "failed": 1}
    assert summary["returned"] == {"out": 1}
    (failure,) = summary["failures"]
    assert (
        failure.items() >= {"step": "exception", "document": "2", "code": "Exception", "message": "it is bad"}.items()
    )
    assert [each["step"] for each in summary["steps"]] == [
        "start",
        "decision",
        "exception",
        "notify",
        "return_documents",
    ]
    assert {"step", "shape", "in", "out", "failed", "caught", "bytes", "duration_s"} == set(summary["steps"][0])
    assert "hello" in done.stderr


def test_json_log_lines_carry_execution_process_and_step(answer, process):
    done = answer("run", process('notify: {text: "two\\nlines"}'), "--json", "--log-format", "json")
    (line,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert line["execution_id"] == json.loads(done.stdout)["execution_id"]
    assert (line["process"], line["step"], line["level"]) == ("p", "notify", "info")
    assert line["message"] == "two\nlines"


def test_a_document_cannot_forge_a_log_line_or_move_the_cursor(answer, process):
    text = json.dumps("a\n12:00:00 ERROR forged\r\x1b[2Jb\u2028c\u202ed")
    done = answer("run", process(f"start: {{documents: [{text}]}}", "notify: '{{ document.text }}'"))
    (line,) = done.stderr.splitlines()
    assert line.endswith(r"INFO    p / notify: a\n12:00:00 ERROR forged\r\x1b[2Jb\u2028c\u202ed")


def test_a_document_cannot_forge_a_line_of_the_summary(answer, process):
    text = json.dumps("a\nb\x1b[2J[red]markup[/red]")
    done = answer("run", process(f"start: {{documents: [{text}]}}", "exception: '{{ document.text }}'"))
    assert r"Exception: a\nb\x1b[2J[red]markup[/red]" in done.stdout


def test_set_gives_process_properties(answer, process):
    path = process("notify: '{{ process.name }}|{{ process.empty }}'")
    done = answer("run", path, "--set", "name=a=b c", "--set", "empty=")
    assert done.returncode == 0
    assert "notify: a=b c|" in done.stderr


def test_env_overrides_settings_and_properties_and_set_wins(answer, process, write):
    path = process(
        "start: {connection: inbox, operation: find}",
        "notify: '{{ process.region }} {{ prop.disk.path }}'",
        components=INBOX,
    )
    write("data/a.txt", "a")
    extensions = write("test.env.yaml", "connections:\n  inbox: {folder: data}\nprocess_properties: {region: 7}\n")
    assert "notify: 7 a.txt" in answer("run", path, "--env", extensions).stderr
    assert "notify: us a.txt" in answer("run", path, "--env", extensions, "--set", "region=us").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "project.yaml"),
        ("run", "project.yaml", "--json"),
        ("validate", "project.yaml"),
        ("schema",),
        ("describe", "s3"),
    ],
)
def test_a_reader_that_leaves_breaks_nothing(process, tmp_path, environment, arguments):
    process("exception: no good")
    running = subprocess.Popen(
        [sys.executable, "-m", "process_runner", *arguments],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    running.stdout.close()
    told = running.stderr.read().decode()
    running.stderr.close()
    assert running.wait(60) == (1 if arguments[0] == "run" else 0), told
    assert "BrokenPipe" not in told
    assert "Traceback" not in told


class TestSecrets:
    """What came from the environment, or stands under a secret setting, is in no output."""

    SECRET = 'p"ä ss+w/örd\n&Zweite<line>\\'

    @pytest.fixture
    def outputs(self, answer, process, monkeypatch):
        monkeypatch.setenv("SECRET", self.SECRET)
        path = process(
            "set_properties: {secret: '${SECRET}'}",
            "notify: {text: '{{ prop.secret }}'}",
            "notify: {text: '{{ prop.secret | urlencode }}'}",
            "notify: {text: '{{ prop.secret | tojson }}'}",
            "notify: {text: '{{ prop.secret | e }}'}",
            "name: '${SECRET}'\n        message: '{{ prop.secret }}'",
            "set_properties: {short: '{{ prop.sesret }}${SECRET}'}",
        )
        return [
            answer("run", path),
            answer("run", path, "--json"),
            answer("run", path, "--log-format", "json"),
        ]

    def test_are_hidden_however_they_are_written(self, outputs):
        for done in outputs:
            assert done.returncode == 1
            assert "***" in done.stderr
            for part in ("ss+w", "ss%2Bw", "ss w", "Zweite"):
                assert part not in done.stdout + done.stderr

    def test_the_summary_is_still_json(self, outputs):
        assert json.loads(outputs[1].stdout)["status"] == "error"

    def test_a_number_that_equals_a_secret_leaves_the_summary_whole(self, answer, process, monkeypatch):
        monkeypatch.setenv("COUNT", "1000")
        monkeypatch.setenv("STATUS", "complete")
        path = process("start: {documents: [" + ", ".join(["a"] * 1000) + "]}", "message: '${COUNT} ${STATUS}'")
        summary = json.loads(answer("run", path, "--json").stdout)
        assert summary["documents"]["in"] == 1000
        assert summary["status"] == "complete"

    def test_a_crash_log_has_none(self, command, process, plugin, environment):
        environment["SECRET"] = "boom in"
        plugin("odd")
        components = ODD
        done = command("run", process("connector: {connection: c, operation: o}", components=components))
        assert done.returncode == 70
        text = Path(done.stderr.split()[-1]).read_text()
        assert "RuntimeError: *** execute" in text
        assert "boom in execute" not in done.stdout + done.stderr

    def test_labels_have_none(self, answer, process, monkeypatch):
        monkeypatch.setenv("LABEL", "hunter2-very-secret")
        path = process("start: {documents: [a]}", "return_documents: '${LABEL}'")
        assert json.loads(answer("run", path, "--json").stdout)["returned"] == {"***": 1}
