"""Which engine answers: the service, the local one, or the local one once the service has refused."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from connector_sdk import Payload
from connectors.s3.select.format import Engine
from connectors.s3.select.object import select_locally
from connectors.s3.select.query import Query
from connectors.s3.select.service import Refusals, select_in_service, unavailable
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client

log = logging.getLogger(__name__)


def run(client: S3Client, call: Call, query: Query, engine: Engine, customer: Mapping[str, Any]) -> Payload:
    """The results of a query; `customer` are the arguments of a customer's key (SSE-C)."""
    refusals = _refusals(client)
    if engine == "local" or (engine == "auto" and refusals.met):
        return select_locally(client, call, query, customer)
    answer = select_in_service(client, call, query, customer)
    if isinstance(answer, Payload):
        return answer
    if engine == "service":
        raise unavailable(call, answer)
    if refusals.remember():
        log.info("%s: %s; Select runs locally for this connection from now on", call, answer.code)
    return select_locally(client, call, query, customer)


def _refusals(client: S3Client) -> Refusals:
    """What is known of the client's endpoint; it lives and ends with the client."""
    known: Refusals = vars(client).setdefault("select_refusals", Refusals())
    return known
