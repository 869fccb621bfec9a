"""Logging: every line carries its execution and step, and no line carries a secret."""

from __future__ import annotations

import functools
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ClassVar, TextIO, TypeVar

from process_runner.redaction import Redaction, one_line

Answer = TypeVar("Answer")

_execution: ContextVar[tuple[str, str]] = ContextVar("execution", default=("", ""))
_step: ContextVar[str] = ContextVar("step", default="")


@contextmanager
def execution_context(execution_id: str, process: str) -> Iterator[None]:
    """Lines logged inside belong to this execution."""
    token = _execution.set((execution_id, process))
    try:
        yield
    finally:
        _execution.reset(token)


@contextmanager
def step_context(step: str) -> Iterator[None]:
    """Lines logged inside belong to this step."""
    token = _step.set(step)
    try:
        yield
    finally:
        _step.reset(token)


def of_step(step: str, work: Callable[[], Answer]) -> Answer:
    """The same for a piece of work, of which there are very many: what it gives."""
    token = _step.set(step)
    try:
        return work()
    finally:
        _step.reset(token)


def current_execution() -> tuple[str, str]:
    """The id and the process of the execution that lines belong to now."""
    return _execution.get()


def current_step() -> str:
    """The step that lines belong to now."""
    return _step.get()


DETAILS = ("document", "status", "tracked")
"""What the `extra` of a line about a document may hold."""


class TextLines(logging.Formatter):
    """`14:02:36 INFO archive-orders / Store: stored 5 orders`."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """One line, and indented ones below it where an exception goes with it."""
        process, step = _execution.get()[1], _step.get()
        where = f"{process}{' / ' if process and step else ''}{step}{': ' if process or step else ''}"
        text = f"{_time(int(record.created))} {record.levelname:<7} {where}{one_line(record.getMessage())}"
        if record.exc_info:
            trace = self.formatException(record.exc_info).splitlines()
            text = "\n    ".join([text, *map(one_line, trace)])
        return self._redact(text)


@functools.lru_cache(maxsize=2)  # of the lines of one second, only the first asks
def _time(second: int) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(second))


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, execution_id, process, step, logger, message.

    A line about a document that is tracked has its `document`, `status` and `tracked` fields too.
    """

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        execution_id, process = _execution.get()
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "execution_id": execution_id,
            "process": process,
            "step": self._redact(_step.get()),
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        fields |= self._redact.within(details(record))
        if record.exc_info:
            fields["exception"] = self._redact(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False)


class Told(logging.LogRecord):
    """A line about a document, of which there may be very many: it knows no thread and no place in the code.

    To ask for these takes longer than to write it.
    """

    _known: ClassVar[Mapping[str, Any]] = {
        **vars(logging.makeLogRecord({"levelno": logging.INFO, "levelname": "INFO"})),
        **dict.fromkeys(("thread", "threadName", "process", "processName")),
    }

    def __init__(self, name: str, text: str, **details: Any) -> None:
        """`details` are its fields by name; the text is written as it is."""
        now = time.time()
        vars(self).update(self._known, name=name, msg=text, created=now, msecs=int(now % 1 * 1000) + 0.0, **details)


def details(record: logging.LogRecord) -> dict[str, Any]:
    """What a line tells beside its message, as JSON values by name."""
    return {name: getattr(record, name) for name in DETAILS if hasattr(record, name)}


def configure(form: str, redact: Redaction, stream: TextIO | None = None, level: str = "INFO") -> None:
    """Send the lines of the runner and of its connectors to `stream` (stderr); `form` is text or json."""
    handler = logging.StreamHandler(stream) if stream else _StandardError()
    handler.setFormatter(JsonLines(redact) if form == "json" else TextLines(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("process_runner", "connectors"):
        logging.getLogger(name).setLevel(level)


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to whatever `sys.stderr` is now, so that a live table on a terminal is drawn below the lines."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """Standard error, or what stands in for it."""
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        raise AttributeError("the stream is always sys.stderr")
