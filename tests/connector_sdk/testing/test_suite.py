"""The one call in a plugin's test file: what pytest makes of it."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)
CALL = """
import sys
sys.path.insert(0, {here!r})
from pathlib import Path
from model_connector import COPY, MODEL, STACK
from connector_sdk.testing import Wrong, conformance

SETTINGS = {{"place": "here", "password": "a-very-secret-word"}}
{before}
TestDesk = conformance(
    {connector},
    connection={connection},
    cases=[COPY, STACK],
    wrong_settings=[Wrong({{"place": ""}}, at="place")],
    unreachable={{"place": "nowhere"}},
    schema=Path(__file__).parent / "connector.schema.json",
)
"""


@pytest.fixture
def pytest_run(tmp_path):
    """Run pytest on a file with the call, and give what it prints."""

    def run(*arguments, before="", connector="MODEL", connection="SETTINGS"):
        text = CALL.format(here=HERE, before=before, connector=connector, connection=connection)
        (tmp_path / "test_desk.py").write_text(text)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, "test_desk.py"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def test_the_schema_is_written_once_and_then_everything_passes(pytest_run, tmp_path):
    done = pytest_run()
    assert "there is no connector.schema.json yet; run pytest with --accept-schema" in done.stdout
    assert pytest_run("--accept-schema").returncode == 0
    done = pytest_run("--conformance-report=report.md")
    assert done.returncode == 0
    assert "2 skipped" in done.stdout
    rows = (tmp_path / "report.md").read_text().splitlines()
    assert rows[0] == "Conformance of `desk` with connector SDK 1.0:"
    assert "| Older processes go on working | passed |  |" in rows
    assert "| Hostile names arrive or fail cleanly | passed | stack: the case has no names |" in rows


@pytest.mark.parametrize(
    "before",
    [
        "def world(): return SETTINGS",
        "from contextlib import nullcontext\ndef world(): return nullcontext(SETTINGS)",
    ],
)
def test_a_connection_may_be_made_anew_for_each_rule(pytest_run, before):
    assert pytest_run("-k", "not schema", before=before, connection="world").returncode == 0


@pytest.mark.parametrize("value", ["SETTINGS", "lambda: SETTINGS"])
def test_a_connection_may_be_a_fixture(pytest_run, value):
    before = f"import pytest\n@pytest.fixture\ndef desk(): return {value}"
    assert pytest_run("-k", "not schema", before=before, connection="'desk'").returncode == 0


def test_a_broken_rule_is_told_in_a_line(pytest_run):
    done = pytest_run(
        "-k", "checks or sdk", before="from dataclasses import replace", connector="replace(MODEL, sdk='2.0')"
    )
    assert done.returncode == 1
    assert "it says sdk='2.0', and this is 1.0" in done.stdout
    assert "Traceback" not in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_a_report_tells_what_a_connector_raised(pytest_run):
    before = "def world(): raise OSError('no server')"
    done = pytest_run("-k", "checks", "--conformance-report=-", before=before, connection="world")
    assert "| Checks prove the connection, layer by layer | failed | OSError: no server |" in done.stdout


LAZY = "from dataclasses import replace\nfrom connector_sdk import Modules\n"
IN_MODULES = "replace(MODEL, operations=Modules('parts', 'copy', 'stack'))"


@pytest.fixture
def parts(tmp_path):
    """Write the operations of the connector as modules of their own, each with more at its end."""

    def write(**more):
        (tmp_path / "parts").mkdir()
        for action, text in more.items():
            own = f'class {action.capitalize()}(Model):\n    """The model."""\n    action = "{action}"\n{text}'
            source = f"from model_connector import {action.capitalize()} as Model\n{own}"
            (tmp_path / "parts" / f"{action}.py").write_text(source)

    return write


def test_operations_in_modules_are_held_to_the_contract(pytest_run, parts):
    parts(copy="", stack="")
    assert pytest_run("--accept-schema", before=LAZY, connector=IN_MODULES).returncode == 0
    done = pytest_run("--conformance-report=-", before=LAZY, connector=IN_MODULES)
    assert done.returncode == 0
    assert "| Every operation can be imported and used | passed |  |" in done.stdout


def test_operations_that_cannot_be_used_are_told_all_at_once_and_nothing_else_is_judged(pytest_run, parts):
    parts(copy="    reads = ('shape',)\n", stack="import no_such_library\n")
    done = pytest_run("--conformance-report=-", before=LAZY, connector=IN_MODULES)
    assert (
        "copy: connector 'desk': copy names undeclared tracked properties: shape; "
        "stack: parts.stack raised ModuleNotFoundError: No module named 'no_such_library'"
    ) in done.stdout
    assert "Traceback" not in done.stdout
    assert "1 failed, " in done.stdout
    assert "passed" not in done.stdout
