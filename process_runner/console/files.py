"""Files as documents: what `--input` reads and `--output` writes."""

from __future__ import annotations

import glob
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from connector_sdk import Document, Payload, ProcessError
from process_runner.console.errors import UsageError
from process_runner.engine.shelf import Shelf

log = logging.getLogger("process_runner")


def input_documents(patterns: list[str], *, wanted: bool, process: str) -> Iterable[Document]:
    """A document for each file, with `file_name`. UsageError for a file that is not there or that nobody reads."""
    if wanted and not patterns:
        raise UsageError(f"process '{process}' starts with passthrough; give its documents with --input FILE")
    if patterns and not wanted:
        raise UsageError(f"process '{process}' does not start with passthrough, so --input has no reader")
    return _Inputs([str(path) for path in _files(patterns)])


class _Inputs:
    """Documents of files, each made when it is asked for, as there may be very many."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = paths

    def __iter__(self) -> Iterator[Document]:
        for path in self._paths:
            try:
                yield Document(Payload.file(path), {"file_name": os.path.basename(path)})
            except OSError as error:
                raise ProcessError(f"cannot read {path}: {error.strerror}", "FileUnreadable") from error


class Output:
    """Writes returned documents under a folder, one folder for each label, never over each other."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._taken = Shelf()
        self._lock = threading.Lock()
        self._mask = _mask()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--output {folder} cannot be a folder: {error.strerror}") from error

    def __call__(self, label: str, document: Document) -> None:
        with self._lock:
            path = self._folder / self._free(_safe(label), _safe(_name(document)))
        try:
            path.parent.mkdir(exist_ok=True)
            _write(document.payload, path, 0o666 & ~self._mask)
        except OSError as error:
            raise ProcessError(f"cannot write {path}: {error.strerror}", "OutputUnwritable") from error

    def _free(self, folder: str, name: str) -> str:
        """A path that this run has not written yet. The shelf has each path with the last number it was tried with."""
        stem, dot, ending = name.partition(".")
        wanted = path = f"{folder}/{name}"
        number = last = int(self._taken.last(wanted) or 0)
        while self._taken.first(path) is not None:
            number += 1
            path = f"{folder}/{stem}-{number}{dot}{ending}"
        self._taken.put(path, b"1")
        if number > last:
            self._taken.remove(wanted)
            self._taken.put(wanted, str(number).encode())
        return path


def _write(payload: Payload, path: Path, mode: int) -> None:
    with payload.open() as source, tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as target:
        try:
            shutil.copyfileobj(source, target)
            target.flush()
            os.chmod(target.name, mode)
            os.replace(target.name, path)
        except BaseException:
            os.unlink(target.name)
            raise


def _mask() -> int:
    """Python can only tell the mask by changing it, for all threads; so once, before there are any."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _files(patterns: list[str]) -> Iterator[Path]:
    for pattern in patterns:
        if not glob.has_magic(pattern) or os.path.lexists(pattern):
            if not Path(pattern).is_file():
                problem = "is a folder; write FOLDER/*" if Path(pattern).is_dir() else "does not exist"
                raise UsageError(f"--input {pattern} {problem}")
            yield Path(pattern)
            continue
        found = [Path(each) for each in sorted(glob.glob(pattern, recursive=True))]
        if not any(path.is_file() for path in found):
            log.warning("--input %s matches no file", pattern)
        yield from (path for path in found if path.is_file())


def _name(document: Document) -> str:
    names = (document.properties.get("file_name"), document.tracked.get("disk.file_name"))
    return next((name for name in names if name), f"document-{document.id}")


def _safe(name: str) -> str:
    """The name as one part of a path that stays in its folder."""
    kept = "".join("_" if each in "/\\:\0" or not each.isprintable() else each for each in name).strip()
    return "_" * len(kept) if kept.strip(".") == "" else kept.encode()[:200].decode(errors="ignore")
