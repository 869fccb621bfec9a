"""One direction of dependencies, and each library behind one door."""

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("connector_sdk", "connectors", "process_runner")
CONNECTORS = sorted(each.name for each in (ROOT / "connectors").iterdir() if (each / "__init__.py").exists())


def modules(package):
    found = sorted((ROOT / package).rglob("*.py"))
    assert found
    return found


def imported(path):
    """The full names of the modules a file imports, wherever it does, except for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def importers(package):
    """Which modules import a library, by its top-level name."""
    found = defaultdict(set)
    for path in modules(package):
        for name in imported(path):
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in PACKAGES:
                found[top].add(str(path.relative_to(ROOT)))
    return found


def outside(package, allowed):
    """Imports from our own packages that are not below one of the allowed names."""
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in imported(path)
        if name.partition(".")[0] in PACKAGES
        and not any(name == each or name.startswith(f"{each}.") for each in allowed)
    ]


def test_the_sdk_knows_nobody():
    assert outside("connector_sdk", ["connector_sdk"]) == []


@pytest.mark.parametrize("name", CONNECTORS)
def test_a_connector_knows_the_sdk_and_itself(name):
    assert outside(f"connectors/{name}", ["connector_sdk", f"connectors.{name}"]) == []


def test_the_runner_knows_the_sdk_and_no_connector():
    assert outside("process_runner", ["connector_sdk", "process_runner"]) == []


DOORS = {
    "asyncssh": ["connectors/sftp/ssh/login.py", "connectors/sftp/ssh/session.py"],
    "pluggy": ["connector_sdk/hooks.py"],
    "cryptography": ["connectors/s3/credentials/x509.py"],
    "httpx": ["connectors/http/transport.py"],
    "jmespath": ["connectors/http/paging/paths.py", "process_runner/expressions/content.py"],
    "psycopg": ["connectors/database/sql/postgres.py"],
    "rich": ["process_runner/console/colours.py", "process_runner/console/progress.py"],
    "werkzeug": ["process_runner/sandbox.py"],
    "yaml": [
        "process_runner/language/reader.py",
        "process_runner/language/yaml_errors.py",
        "process_runner/language/yaml_text.py",
    ],
}


@pytest.mark.parametrize("library", DOORS)
def test_a_library_comes_in_through_its_door_alone(library):
    assert sorted(each for package in PACKAGES for each in importers(package)[library]) == DOORS[library]


@pytest.mark.parametrize(
    "library", ["boto3", "botocore", "duckdb", "ijson", "pyarrow", "lxml", "moto", "pydantic", "sqlglot"]
)
def test_neither_the_sdk_nor_the_language_knows_a_heavy_library(library):
    assert importers("connector_sdk")[library] == set()
    assert importers("process_runner/language")[library] == set()
