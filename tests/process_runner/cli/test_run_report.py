"""What a run tells whoever looks at it later: times, counts, places, warnings, and where the details are."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

CATCHING = """\
processes:
  p:
    steps:
      - start: {documents: [good, bad, bad]}
      - try_catch:
          try:
            - name: Judge
              decision:
                if: "{{ document.text == 'bad' }}"
                then: [{name: Refuse, exception: it is bad}]
          catch:
            - notify: "{{ error.message }}"
"""
CALLING = (
    CATCHING
    + """\
  q:
    steps:
      - flow_control: {FORM: 2}
      - name: Call
        process_call: {process: p}
"""
)
SUSPICIOUS = ("start: {documents: [a]}", "notify: \"{{ prop.never | default('') }}{{ prop.sett }}\"")


def summary(done):
    return json.loads(done.stdout)


def test_caught_failures_are_counted_for_the_process_and_for_each_step(answer, write):
    path = write("project.yaml", CATCHING)
    told = summary(answer("run", path, "--json"))
    assert (told["status"], told["documents"]["failed"], told["failures_caught"]) == ("complete", 0, 2)
    assert {each["step"]: each["caught"] for each in told["steps"] if each["caught"]} == {"Refuse": 2}

    lines = answer("run", path).stdout.splitlines()
    assert "(3 in, 3 out, 0 failed, 2 caught; " in lines[0]
    assert lines[1].split() == ["step", "in", "out", "failed", "caught", "content", "seconds"]
    (refuse,) = [line.split() for line in lines if line.startswith("Refuse")]
    assert refuse[:5] == ["Refuse", "2", "0", "2", "2"]


def test_each_retry_counts_as_failed_and_what_is_caught_counts_once(answer, write):
    path = write(
        "project.yaml",
        CATCHING.replace("          catch:", "          retry: 2\n          waits: [0]\n          catch:"),
    )
    (refuse,) = [each for each in summary(answer("run", path, "--json"))["steps"] if each["step"] == "Refuse"]
    assert (refuse["failed"], refuse["caught"]) == (6, 2)


def test_what_stops_a_process_and_is_caught_counts_once_for_each_document(answer, write):
    stopping = CATCHING.replace("exception: it is bad", "exception: {message: bad, stop: process}")
    path = write(
        "project.yaml", stopping.replace("          catch:", "          trigger: all_errors\n          catch:")
    )
    told = summary(answer("run", path, "--json"))
    assert (told["failures_caught"], told["status"]) == (3, "complete")


@pytest.mark.parametrize("form", ["threads", "processes"])
def test_what_is_caught_in_a_called_process_counts_at_its_call_also_in_fibers(command, write, form):
    told = summary(command("run", write("project.yaml", CALLING.replace("FORM", form)), "q", "--json"))
    assert {each["step"]: each["caught"] for each in told["steps"]} == {"flow_control": 0, "Call": 2}


def test_a_run_in_which_nothing_is_caught_does_not_speak_of_it(answer, process):
    assert "caught" not in answer("run", process("message: a")).stdout


def test_a_failure_names_its_place_in_the_files(answer, process):
    (failure,) = summary(answer("run", process("message: a", "exception: no good"), "--json"))["failures"]
    assert failure["place"].split(":") == [str(process("message: a").resolve()), "5", "9"]


def test_failures_that_are_too_many_are_counted(answer, process):
    documents = ", ".join(["a"] * 1_003)
    told = summary(answer("run", process(f"start: {{documents: [{documents}]}}", "exception: x"), "--json"))
    assert (len(told["failures"]), told["failures_left_out"], told["documents"]["failed"]) == (1_000, 3, 1_003)


def test_times_bytes_and_the_exit_code_are_in_the_summary(answer, process):
    done = answer("run", process("message: four", "exception: x"), "--json")
    told = summary(done)
    started, ended = (datetime.fromisoformat(told[name]) for name in ("started", "ended"))
    assert started.utcoffset() == timedelta(0)
    assert abs((ended - started).total_seconds() - told["duration_s"]) < 0.001
    assert told["exit_code"] == done.returncode == 1
    assert [each["bytes"] for each in told["steps"]] == [4, 0]
    assert told["crash_log"] is None


def test_the_crash_log_is_named_in_the_summary(command, process, plugin):
    plugin("odd")
    components = "connections:\n  c: {connector: odd}\noperations:\n  o: {connector: odd, action: work}\n"
    done = command("run", process("connector: {connection: c, operation: o}", components=components), "--json")
    told = summary(done)
    assert told["exit_code"] == done.returncode == 70
    assert "RuntimeError: boom in execute" in Path(told["crash_log"]).read_text()
    assert told["crash_log"] in done.stderr


def test_what_validate_warns_of_a_run_warns_of_too(answer, process):
    path = process(*SUSPICIOUS)
    place, message = f"{path}:5:9", "nothing sets the property 'sett' that is read here; known: file_name"
    assert f"{place}: warning: {message}" in answer("validate", path).stdout

    done = answer("run", path, "--json")
    assert summary(done)["warnings"] == [{"place": place, "message": message}]
    assert done.stderr.splitlines()[0].endswith(f" WARNING {place}: {message}")

    lines = [json.loads(line) for line in answer("run", path, "--log-format", "json").stderr.splitlines()]
    assert (lines[0]["level"], lines[0]["message"]) == ("warning", f"{place}: {message}")


def test_a_rule_that_fails_keeps_no_process_from_running(command, process, write):
    write("plugins/sitecustomize.py", "import process_runner.lint.unused as rule\nrule.check = lambda _: 1 / 0\n")
    done = command("run", process("message: a"), "--json")
    assert (done.returncode, summary(done)["status"], summary(done)["warnings"]) == (0, "complete", [])
    assert "not searched for what is probably not meant: ZeroDivisionError" in done.stderr


def test_a_warning_shows_no_secret(answer, process, monkeypatch):
    monkeypatch.setenv("NAME", "hunter2_secret")
    done = answer("run", process("start: {documents: [a]}", "message: '{{ prop.${NAME} }}'"), "--json")
    assert summary(done)["warnings"][0]["message"].startswith("nothing sets the property '***'")
    assert "hunter2" not in done.stdout + done.stderr


def test_a_warning_about_the_files_changes_no_status(answer, process):
    unused = "connections:\n  c: {connector: disk, folder: .}\n"
    told = summary(answer("run", process("message: a", components=unused), "--json"))
    assert (told["status"], len(told["warnings"])) == ("complete", 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("regio=1", "--set regio: the processes use no process property 'regio'; did you mean 'region'?"),
        ("other=1", "--set other: the processes use no process property 'other'; known: counted, region"),
    ],
)
def test_a_process_property_that_nothing_uses_is_refused(answer, process, given, told):
    path = process("set_properties: {process.counted: '1'}", "message: '{{ process.region }}'")
    done = answer("run", path, "--set", given)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"process-runner: {told}\n"
    assert answer("run", path, "--set", "region=1", "--set", "counted=2").returncode == 0


def test_a_process_property_whose_name_only_a_run_can_tell_is_accepted(answer, process):
    path = process("start: {documents: [a]}", "message: '{{ process[document.text] }}'")
    assert answer("run", path, "--set", "a=1").returncode == 0
    done = answer("run", process("message: a"), "--set", "a=1")
    assert (done.returncode, done.stderr.endswith("no process property 'a'; they use none\n")) == (2, True)
