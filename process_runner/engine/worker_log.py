"""The log of a worker process: written to a file there, told by its parent."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from process_runner.log import current_execution, current_step, details, execution_context, step_context
from process_runner.redaction import Redaction


class WorkerLog:
    """What the parent has not told yet of a worker's log."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def tell(self) -> None:
        """Log here what was logged over there, as of the execution, the step and the time it was logged in."""
        with suppress(FileNotFoundError), open(self._path, "rb") as stream:
            stream.seek(self._read)
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                execution, step, fields = json.loads(line)
                with execution_context(*execution), step_context(step):
                    logging.getLogger(fields["name"]).handle(logging.makeLogRecord(fields))


def log_to(path: Path, redact: Redaction, levels: Mapping[str, int]) -> None:
    """Have this whole operating system process log to a file."""
    logging.getLogger().handlers[:] = [_ToFile(path, redact)]
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


class _ToFile(logging.Handler):
    """Writes records where the parent reads them."""

    def __init__(self, path: Path, redact: Redaction) -> None:
        super().__init__()
        self._path = path
        self._redact = redact
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """One line, in one write."""
        text, told = self._redact(self.format(record)), self._redact.within(details(record))
        fields = {"name": record.name, "levelno": record.levelno, "levelname": record.levelname, "msg": text, **told}
        line = json.dumps([current_execution(), current_step(), {**fields, "created": record.created}])
        target = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(target, line.encode() + b"\n")
        finally:
            os.close(target)
