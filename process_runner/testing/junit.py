"""JUnit XML, which continuous integration reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from process_runner.redaction import one_line
from process_runner.testing.suites import Verdict


def write(path: Path, verdicts: Iterable[Verdict]) -> None:
    """Write one suite for each test file."""
    from lxml import etree

    suites: dict[Path, list[Verdict]] = {}
    for verdict in verdicts:
        suites.setdefault(verdict.file, []).append(verdict)
    root = etree.Element("testsuites")
    for file, inside in suites.items():
        failed = sum(bool(each.differences) for each in inside)
        suite = etree.SubElement(
            root, "testsuite", name=str(file), tests=str(len(inside)), failures=str(failed), errors="0", skipped="0"
        )
        suite.set("time", _seconds(inside))
        for each in inside:
            case = etree.SubElement(suite, "testcase", classname=_printable(str(file)), name=_printable(each.name))
            case.set("time", _seconds([each]))
            if each.differences:
                failure = etree.SubElement(case, "failure", message=_printable(each.differences[0].splitlines()[0]))
                failure.text = _printable("\n".join(each.differences))
    path.parent.mkdir(parents=True, exist_ok=True)
    etree.ElementTree(root).write(str(path), encoding="utf-8", xml_declaration=True, pretty_print=True)


def _seconds(verdicts: Iterable[Verdict]) -> str:
    return f"{sum(each.seconds for each in verdicts):.3f}"


def _printable(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return "".join(each if each == "\n" else one_line(each) for each in text)
