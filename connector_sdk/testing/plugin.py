"""The pytest plugin of the conformance kit: two options, and the report at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_sdk.component import Connector
from connector_sdk.testing.finding import Finding
from connector_sdk.testing.report import markdown

FINDINGS = pytest.StashKey[dict[str, tuple[Connector, list[Finding]]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the kit."""
    group = parser.getgroup("connector conformance")
    group.addoption(
        "--accept-schema", action="store_true", help="write what processes may rely on into the connector's schema file"
    )
    group.addoption("--conformance-report", metavar="FILE", help="write the report as Markdown; - prints it")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print or write the reports of all connectors that were judged."""
    wanted = config.getoption("--conformance-report")
    judged = config.stash.get(FINDINGS, {})
    if not (wanted and judged):
        return
    text = "\n".join(markdown(connector, findings) for connector, findings in judged.values())
    if wanted == "-":
        terminalreporter.section("conformance")
        terminalreporter.write(text)
    else:
        Path(wanted).write_text(text, encoding="utf-8")
