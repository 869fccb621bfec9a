"""Rules about connections: opened, proven, browsed, out of reach, closed."""

from __future__ import annotations

import gc
import os
import threading
import time
import warnings
from typing import Any, get_args

from connector_sdk.checks import Layer, verify
from connector_sdk.component import Connection
from connector_sdk.errors import Cancelled, ConnectorError, ContractError
from connector_sdk.testing.bench import Bench, bench, connection_of, fresh, good
from connector_sdk.testing.case import Subject, sample
from connector_sdk.testing.finding import Broken, NotJudged
from connector_sdk.testing.rules.documents import told
from connector_sdk.testing.running import runtime

LAYERS = get_args(Layer)
PATIENCE = 3.0
"""Seconds that a server in the same process gets to let go of its end."""


def checks_prove(subject: Subject) -> None:
    """`test-connection` goes from the nearest layer to the farthest and says what to do."""
    with fresh(subject) as made:
        checks = list(made.connection.checks(made.client))
        if not checks:
            raise NotJudged("the connection has no checks")
        layers = [LAYERS.index(check.layer) for check in checks]
        if layers != sorted(layers):
            raise Broken(f"the layers are not in their order: {', '.join(check.layer for check in checks)}")
        for check in checks:
            if not check.remedy.strip():
                raise Broken(f"the check of the {check.layer} says nothing about what to do")
            _prove(check)


def browse_gives_texts(subject: Subject) -> None:
    """What `browse` lists can be written as an object type."""
    if subject.connector.connection.browse is Connection.browse:
        raise NotJudged("the connection lists no object types")
    with fresh(subject) as made:
        for name in made.connection.browse(made.client):
            if not isinstance(name, str) or not name:
                raise Broken(f"browse gives {name!r}; give names of object types")


def unreachable_is_told(subject: Subject) -> None:
    """A system that is out of reach is an everyday thing and no defect."""
    if subject.unreachable is None:
        raise NotJudged("no unreachable settings are given")
    with subject.world() as settings:
        away = {**settings, **subject.unreachable}
        _judge_verdicts(subject, away)
        for case in [each for each in subject.cases if not each.offline]:
            error = _error_of(subject, away, case)
            if not isinstance(error, ConnectorError) or isinstance(error, Cancelled | ContractError):
                ended = told(error) if error else "an answer"
                raise Broken(f"{case} on a system out of reach ends in {ended}; raise a ProcessError")
            if not str(error).strip():
                raise Broken(f"{case} on a system out of reach says nothing")


def client_is_closed(subject: Subject) -> None:
    """Nothing stays open, also after errors, and closing twice does no harm."""
    with subject.world() as settings, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        _use(subject, settings)
        before = _open_things()
        for _ in range(3):
            _use(subject, settings)
        left = _left_open(before)
    if unclosed := [each for each in caught if issubclass(each.category, ResourceWarning)]:
        raise Broken(f"something is not closed: {unclosed[0].message}")
    if left:
        raise Broken(f"opened, used and closed three times, the client leaves {left}")


def _prove(check: Any) -> None:
    try:
        said = check.prove()
    except Exception as error:  # whatever a check raises where it should prove
        raise Broken(f"the check of the {check.layer} fails: {told(error)}") from error
    if not isinstance(said, str) or not said.strip():
        raise Broken(f"the check of the {check.layer} says nothing of what it saw")


def _judge_verdicts(subject: Subject, away: dict[str, Any]) -> None:
    connection = connection_of(subject, away)
    with runtime() as within:
        try:
            verdicts = list(verify(connection, within))
        except Exception as error:  # whatever a library raises
            raise Broken(f"a check of a system out of reach ends in {told(error)}; raise a ProcessError") from error
    checked = len(verdicts) > 1
    failed = [each for each in verdicts if each.outcome == "failed"]
    if checked and not (failed and failed[0].text.strip() and failed[0].remedy.strip()):
        raise Broken("the checks of a system out of reach do not say what failed, and what to do")


def _error_of(subject: Subject, away: dict[str, Any], case: Any) -> Exception | None:
    try:
        with bench(subject, away) as made:
            return made.one(case).error
    except Exception as error:  # noqa: BLE001  # raised by open(), and judged by who asked
        return error


def _use(subject: Subject, settings: dict[str, Any]) -> None:
    connection = connection_of(subject, settings)
    with runtime() as within:
        client = connection.open(within)
        made = Bench(subject, connection, client, within)
        for case in subject.cases:
            made.serve(case, good(case))
            if case.bad is not None:
                made.serve(case, sample(case.bad))
        del made
        for time_ in ("", " a second time"):
            try:
                connection.close(client)
            except Exception as error:  # whatever closing raises
                raise Broken(f"close(){time_} raises {told(error)}") from error


def _open_things() -> tuple[int, int]:
    gc.collect()
    folder = next((each for each in ("/proc/self/fd", "/dev/fd") if os.path.isdir(each)), None)
    return len(os.listdir(folder)) if folder else 0, threading.active_count()


def _left_open(before: tuple[int, int]) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        files, threads = (now - then for now, then in zip(_open_things(), before, strict=True))
        if files <= 0 and threads <= 0:
            return ""
        if time.monotonic() > deadline:
            return f"{max(files, 0)} files or sockets and {max(threads, 0)} threads"
        time.sleep(0.05)
