"""The rule that a new version goes on serving the processes of the old one."""

from __future__ import annotations

import json

from connector_sdk.testing.case import Subject
from connector_sdk.testing.compatibility import changes, record, write_schema
from connector_sdk.testing.finding import Broken, NotJudged

WRITE = "run pytest with --accept-schema, look at the difference and commit the file"


def schema_is_compatible(subject: Subject) -> None:
    """What processes may rely on is written in a file; what takes something away has a reason beside it."""
    path = subject.schema
    if path is None:
        raise NotJudged("no schema file is given")
    if not path.exists():
        if not subject.accept:
            raise Broken(f"there is no {path.name} yet; {WRITE}")
        write_schema(subject.connector, path)
        return
    old, new = json.loads(path.read_text(encoding="utf-8")), json.loads(json.dumps(record(subject.connector)))
    found = sorted(changes(old, new), key=str)
    unexplained = [str(each) for each in found if each.breaking and not subject.accepted.get(str(each), "").strip()]
    if unexplained:
        raise Broken(f"processes may break: {'; '.join(unexplained)}; keep it, or give the reason in `accepted`")
    if old != new and not subject.accept:
        news = "; ".join(map(str, found)) or "descriptions"
        raise Broken(f"{path.name} is out of date ({news}); {WRITE}")
    if subject.accept:
        write_schema(subject.connector, path)
