"""The rule that no secret is seen where people look."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from typing import Any

from connector_sdk.settings import Secret, Settings, SettingsError, fields
from connector_sdk.testing.bench import bench, connection_of, good, operation_of
from connector_sdk.testing.case import Subject, sample
from connector_sdk.testing.finding import Broken, NotJudged

SHORTEST = 4
"""Characters of a secret that can be told from other texts."""


def secrets_stay_secret(subject: Subject) -> None:
    """Looks at every text that people may see: of values, errors, log lines, checks and answers."""
    with subject.world() as settings:
        values = [connection_of(subject, settings), *(operation_of(subject, case) for case in subject.cases)]
        secrets = {secret for value in values for secret in _secrets(value) if len(secret) >= SHORTEST}
        if not secrets:
            raise NotJudged("no secrets are given")
        for value in values:
            _look(secrets, f"what {type(value).__name__} shows of itself", repr(value), str(value), _travelled(value))
        _look(secrets, "a refusal of settings", *_refusals(subject, settings))
        with _Lines() as lines:
            shown = [*_shown_in_use(subject, settings)]
            if subject.unreachable is not None:
                shown += _shown_in_use(subject, {**settings, **subject.unreachable})
        for what, text in shown:
            _look(secrets, what, text)
        _look(secrets, "a log line", *lines.texts)


class _Lines(logging.Handler):
    """Everything that is logged meanwhile."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def __enter__(self) -> _Lines:
        root = logging.getLogger()
        self._level = root.level
        root.setLevel(logging.DEBUG)
        root.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        logging.getLogger().setLevel(self._level)


def _look(secrets: set[str], where: str, *texts: str) -> None:
    if any(secret in text for text in texts for secret in secrets):
        raise Broken(f"a secret is seen in {where}")


def _travelled(value: Settings) -> str:
    try:
        return repr(pickle.loads(pickle.dumps(value)))  # noqa: S301  # written in the line itself
    except Exception:  # noqa: BLE001  # another rule says that it must pickle
        return ""


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, Secret):
        yield value.get_secret_value()
    elif isinstance(value, Settings):
        for name in fields(value):
            yield from _secrets(getattr(value, name))
    elif isinstance(value, dict):
        yield from (secret for each in value.values() for secret in _secrets(each))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (secret for each in value for secret in _secrets(each))


def _refusals(subject: Subject, settings: dict[str, Any]) -> Iterator[str]:
    """What is said of the settings with one more that nobody knows, and of the author's wrong ones."""
    attempts = [{"no_such_setting": 1}, *(each.settings for each in subject.wrong_settings if each.action is None)]
    for attempt in attempts:
        try:
            connection_of(subject, {**settings, **attempt})
        except SettingsError as error:
            yield str(error)


def _shown_in_use(subject: Subject, settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    try:
        with bench(subject, settings) as made:
            yield "what the client shows of itself", repr(made.client)
            yield from _shown_by_connection(made)
            for case in subject.cases:
                wanted = [good(case), *([sample(case.bad)] if case.bad is not None else [])]
                for outcome in made.serve(case, *wanted):
                    yield f"an error of {case}", f"{outcome.error!r} {outcome.error}"
                    for document in outcome.documents:
                        yield f"a property that {case} sets", f"{dict(document.tracked)} {dict(document.properties)}"
    except Exception as error:  # noqa: BLE001  # other rules say what may be raised
        yield "an error of the connection", f"{error!r} {error}"


def _shown_by_connection(made: Any) -> Iterator[tuple[str, str]]:
    for check in made.connection.checks(made.client):
        try:
            yield "a check", f"{check.remedy} {check.prove()}"
        except Exception as error:  # noqa: BLE001  # other rules say what may be raised
            yield "a check", f"{error!r} {error}"
