"""Commands that need no connector's library do not import it."""

import subprocess
import sys

import pytest

HEAVY = ["boto3", "botocore", "cryptography", "duckdb", "http.client", "lxml", "moto", "rich", "sqlalchemy", "sqlglot"]
LANGUAGE = ["jinja2", "jsonschema", "pydantic", "yaml"]
CODE = """
import atexit, sys
from process_runner.cli import main

arguments, light = sys.argv[1].split(), sys.argv[2].split()
atexit.register(lambda: print("imported:", *(set(light) & set(sys.modules))))
sys.exit(main(arguments))
"""


@pytest.mark.parametrize(("arguments", "light"), [("--version", [*HEAVY, *LANGUAGE]), ("validate project.yaml", HEAVY)])
def test_heavy_libraries_are_not_imported(process, tmp_path, environment, arguments, light):
    process("message: hello")
    command = [sys.executable, "-c", CODE, arguments, " ".join(light)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "imported:"
