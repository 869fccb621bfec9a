"""Calls of operations: a connector step turns documents into requests, and answers into documents."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, groupby
from typing import Any

from connector_sdk import (
    ApplicationError,
    BatchOperation,
    Document,
    DocumentError,
    Operation,
    Request,
    Result,
    Settings,
    setting,
)
from connector_sdk.contract import answers_of, results_of
from connector_sdk.outputs import Outputs
from process_runner.components.dynamic_connection import DynamicConnection
from process_runner.components.overrides import Overrides, Words
from process_runner.components.records import Records
from process_runner.engine.answers import Answered, Several, answered
from process_runner.engine.clients import PluginDefect, blaming
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.jobs import Job, kind, lane_of
from process_runner.engine.one_reader import has_one_reader
from process_runner.engine.pool import in_order
from process_runner.expressions import Expression
from process_runner.language.project import Operated

MORE = 4
"""How many times the documents that an operation begins with may be under way where they wait side by side."""


INVALID_OPTION = Words("dynamic option", "InvalidOption")


class Call(Settings):
    """A connection and one of its operations, with what the documents put into it."""

    connection: str = setting("Name of a connection of the project.", schema={"x-name-of": "connections"})
    operation: str = setting("Name of an operation of the project.", schema={"x-name-of": "operations"})
    parameters: dict[str, Expression] = setting("Inputs of the operation, such as an id or a filter's value.", {})
    dynamic: dict[str, Expression] = setting("Options of the operation to override for each document.", {})
    dynamic_connection: dict[str, Expression] = setting(
        "Settings of the connection to override for each document; it has to name them in `allow_dynamic_connection`.",
        {},
    )
    concurrency: int | None = setting(
        "Documents worked on at once; the operation's own default if absent, and more where all of them wait.",
        None,
        ge=1,
        le=256,
    )
    return_application_errors: bool = setting(
        "Let documents that the other system refused travel on, with `meta.status_code` saying why.", False
    )
    pass_through: bool = setting("Let the document itself travel on, with the properties of the answer.", False)

    def run(self, documents: Iterable[Document], flow: Flow) -> DocumentGroup:
        """Serve every document; those that fail leave the group."""
        result = flow.group()
        call = _Call(self, flow, documents)
        for job, outcome in call.outcomes(documents):
            call.settle(job, outcome, result)
        return result


Outcome = Answered | DocumentError


class _Call:
    """One run of a call."""

    def __init__(self, settings: Call, flow: Flow, documents: Iterable[Document]) -> None:
        self._settings = settings
        self._flow = flow
        execution = flow.execution
        self._component: Operated = execution.project.operations[settings.operation]
        self._clients = execution.clients
        self._dynamic: DynamicConnection | None = None
        self._client: Any = None
        if settings.dynamic_connection:
            connected = execution.project.connections[settings.connection]
            self._dynamic = DynamicConnection(connected, settings.dynamic_connection, execution.redaction)
        else:
            self._client = self._clients.get(settings.connection)
        self._options: Overrides[Operation[Any]] | None = None
        if settings.dynamic:
            operation = self._component.operation
            self._options = Overrides(operation, settings.dynamic, INVALID_OPTION, execution.redaction)
        self._records = Records(self._component, flow)
        self._to_one_reader = has_one_reader(documents, settings, flow)
        self._parameters = tuple(settings.parameters.items())
        self._connector = self._component.connector.id
        self._runtime = execution.runtime
        self._check = flow.walker.check
        self._settable = frozenset(self._component.operation.sets)
        self._culprit = f"connector '{self._connector}', operation '{self._component.operation.action}',"

    def outcomes(self, documents: Iterable[Document]) -> Iterator[tuple[Job, Outcome]]:
        """Each job with the documents it gave, or why it failed."""
        operation = self._component.operation
        if isinstance(operation, BatchOperation):
            for _, jobs in groupby(self._jobs(documents), kind):
                yield from self._served_together(jobs)
            return
        chosen = self._settings.concurrency
        limits = chosen or operation.concurrency, chosen or operation.concurrency * MORE
        lane = functools.partial(lane_of, self._culprit)
        if self._is_cooperative(operation):
            from process_runner.engine.together import together  # it takes a library that most runs do without

            yield from together(self._jobs(documents), self._serve, limits, lane)
        else:
            yield from in_order(self._jobs(documents), self._serve, limits[0], lane)

    def _is_cooperative(self, operation: Operation[Any]) -> bool:
        """Whether its documents can be served in one thread, whatever of it they override."""
        if self._dynamic or (self._settings.concurrency or operation.concurrency) == 1:
            return False
        with blaming(self._culprit):
            return operation.is_cooperative(self._client)

    def settle(self, job: Job, outcome: Outcome, result: DocumentGroup) -> None:
        """Let what came of a document travel on, or fail it."""
        if not isinstance(outcome, DocumentError):
            outcome = self._recorded(job, outcome)
        if isinstance(outcome, DocumentError):
            self._records.failed(job.request.document, job.index, outcome)
            self._refused(job.request, outcome, result)
        elif self._settings.pass_through:
            self._flow.pass_on(self._passed_through(job.request, outcome), result)
        elif isinstance(outcome, Several):
            self._flow.take(outcome, outcome.bytes, result)
        else:
            self._flow.pass_on(outcome, result)

    def _recorded(self, job: Job, found: Answered) -> Outcome:
        try:
            self._records.served(job.request.document, job.index, found)
        except DocumentError as error:
            return error
        return found

    def _refused(self, request: Request, error: DocumentError, result: DocumentGroup) -> None:
        """Fail the document, or let it travel on where the step wants refusals as documents."""
        if not (self._settings.return_application_errors and isinstance(error, ApplicationError)):
            self._flow.fail(request.document, error)
            return
        status = {"meta.status_code": error.code, "meta.status_message": str(error)}
        refused = request.document.replace(tracked={**request.document.tracked, **status})
        self._flow.pass_on([refused], result)

    def _jobs(self, documents: Iterable[Document]) -> Iterator[Job]:
        operation, options, dynamic, given = self._component.operation, self._options, self._dynamic, self._parameters
        one_reader = self._to_one_reader
        for scope in self._flow.scopes(documents):
            try:
                variant, chosen = None, operation
                if dynamic or options:  # the settings' own code looks at what the document brings
                    with blaming(self._culprit):
                        variant = dynamic.variant(scope) if dynamic else None
                        chosen = options.applied(options.values(scope)) if options else operation
                inputs = {name: expression.text(scope) for name, expression in given} if given else {}
                request = Request(scope.document, self._connector, self._runtime, inputs, self._settable, one_reader)
                job = Job(chosen, request, scope.index, variant)
                self._records.given(scope.document)
            except DocumentError as error:
                self._records.failed(scope.document, scope.index, error)
                self._flow.fail(scope.document, error)
            else:
                yield job

    def _serve(self, job: Job) -> Outcome:
        self._check()
        with blaming(self._culprit):
            try:
                if self._dynamic is None:
                    return self._answer(job.request, answers_of(job.operation, self._client, job.request))
                with self._clients.lent(self._settings.connection, job.variant) as client:
                    return self._answer(job.request, answers_of(job.operation, client, job.request))
            except DocumentError as error:
                return error

    def _served_together(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Outcome]]:
        """The outcomes of jobs that have the same options and one client."""
        first = next(jobs)
        jobs = chain((first,), jobs)
        with ExitStack() as stack:
            try:
                client = stack.enter_context(self._clients.lent(self._settings.connection, first.variant))
            except DocumentError as error:
                yield from ((job, error) for job in jobs)
                return
            yield from self._batch(first.operation, client, jobs)

    def _batch(self, operation: Any, client: Any, jobs: Iterator[Job]) -> Iterator[tuple[Job, Outcome]]:
        unanswered: dict[int, Job] = {}

        def requests() -> Iterator[Request]:
            for job in jobs:
                unanswered[id(job.request)] = job
                yield job.request

        waiting = requests()
        with blaming(self._culprit):
            for answer in results_of(operation, client, waiting):
                job = unanswered.pop(id(answer.request), None)
                if job is None:
                    raise PluginDefect(f"{self._culprit} gave a result twice, or for a foreign request", "Defect")
                yield job, self._batch_answer(answer)
        if unanswered or any(True for _ in waiting):
            raise PluginDefect(f"{self._culprit} did not give a result for each document", "Defect")

    def _batch_answer(self, answer: Result) -> Outcome:
        try:
            return answer.error or self._answer(answer.request, answer.documents)
        except DocumentError as error:
            return error

    def _answer(self, request: Request, documents: Iterable[Document | Outputs]) -> Answered:
        found = answered(request.document, iter(documents), self._flow)
        self._records.answered(found)
        return found

    def _passed_through(self, request: Request, found: Answered) -> Answered:
        tracked = dict(request.document.tracked)
        properties = dict(request.document.properties)
        for document in found:
            tracked.update(document.tracked)
            properties.update(document.properties)
        return (request.document.replace(properties=properties, tracked=tracked),)
