"""For tests of connectors: run an operation without a process around it, and hold a connector to the whole contract."""

from connector_sdk.testing.case import Case, Sample, Subject, Wrong
from connector_sdk.testing.compatibility import Change, changes, record, write_schema
from connector_sdk.testing.finding import Broken, Finding, NotJudged, Rule, examine
from connector_sdk.testing.names import HOSTILE
from connector_sdk.testing.report import markdown
from connector_sdk.testing.rules import RULES
from connector_sdk.testing.running import run, runtime
from connector_sdk.testing.suite import conformance

__all__ = [
    "HOSTILE",
    "RULES",
    "Broken",
    "Case",
    "Change",
    "Finding",
    "NotJudged",
    "Rule",
    "Sample",
    "Subject",
    "Wrong",
    "changes",
    "conformance",
    "examine",
    "markdown",
    "record",
    "run",
    "runtime",
    "write_schema",
]
