"""validate: holds documents against a JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator

from connector_sdk import DocumentError, ProcessError, setting
from process_runner.engine.caught import caught, follow
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg
from process_runner.engine.passage import Reason
from process_runner.engine.step import Shape, Steps
from process_runner.expressions import Scope
from process_runner.json_schemas import WrittenSchema

CODE = "SchemaViolation"


class Validate(Shape):
    """Checks each document against a JSON Schema. Documents that break it go down `reject` with every violation in
    `error.message`, after the others are finished; without `reject` they fail.
    """

    json_schema_: WrittenSchema = setting(
        "The JSON Schema (2020-12 unless it says otherwise): a file beside the process, or the schema itself.",
        alias="json_schema",
    )
    reject: Steps | None = setting("The path of the documents that break the schema.", None)

    def run(self, documents: DocumentGroup, flow: Flow) -> Iterator[Leg]:
        """What follows for the documents that are right, then `reject` for the others."""
        good, bad = flow.group(), flow.group()
        for scope in flow.scopes(documents):
            try:
                self._check(scope)
                good.append(scope.document)
            except DocumentError as error:
                if self.reject is None:
                    flow.fail(scope.document, error)
                    continue
                bad.append(caught(scope.document, Reason(str(error), error.code, flow.step.label)))
        yield flow.go_on(good)
        yield follow(self.reject or (), bad, flow)

    def _check(self, scope: Scope) -> None:
        from referencing.exceptions import Unresolvable

        value = scope.value()
        try:
            violations = self.json_schema_.violations(value)
        except Unresolvable as error:
            raise ProcessError(f"the schema refers to '{error.ref}', which is not in it", "InvalidSchema") from error
        except (ArithmeticError, ValueError) as error:
            raise DocumentError(f"a number does not fit the schema: {error}", CODE) from error
        except RecursionError as error:
            raise DocumentError("the document is nested too deeply for its schema", CODE) from error
        if violations:
            count = f"{len(violations)} violations" if len(violations) > 1 else "1 violation"
            raise DocumentError(f"{count} of the schema: {'; '.join(violations)}", CODE)
