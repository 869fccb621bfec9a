"""An operation that gives something else than documents is told what to write."""

import json

import pytest

from connector_sdk import (
    BatchOperation,
    Connection,
    Connector,
    ContractError,
    Document,
    Operation,
    Payload,
    Result,
    Tracked,
)
from connector_sdk.testing import run, runtime


class Nowhere(Connection):
    """Reaches nothing."""

    def open(self, runtime):
        return None


def serve(kind, answer):
    class Act(kind):
        """Gives what the test says."""

        action = "act"
        sets = ("size",)

        def execute(self, client, request):
            return answer(request)

        def execute_batch(self, client, requests):
            return answer(next(iter(requests)))

    connector = Connector("odd", "Odd", Nowhere, (Act,), (Tracked("size", "A size."),))
    with runtime() as within:
        return run(connector, {}, {"action": "act"}, [Document(Payload(b"x"))], within=within)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda request: request.output("x"), r"execute\(\) returned a value of type Document; yield what"),
        (lambda request: None, r"execute\(\) returned nothing; yield what request.output\(\.\.\.\) makes"),
        (lambda request: "text", r"execute\(\) returned a value of type str"),
        (lambda request: {"a": 1}, r"execute\(\) returned a value of type dict"),
        (lambda request: 7, r"execute\(\) returned a value of type int"),
        (lambda request: ["text"], r"execute\(\) gave a value of type str"),
        (lambda request: [None], r"execute\(\) gave nothing"),
        (lambda request: [[request.output("x")]], r"execute\(\) gave a value of type list"),
    ],
)
def test_an_operation_gives_documents(answer, told):
    with pytest.raises(ContractError, match=rf"connector 'odd', operation 'act': {told}"):
        serve(Operation, answer)


@pytest.mark.parametrize("answer", [lambda request: [], lambda request: iter(()), lambda request: ()])
def test_no_documents_are_an_answer_too(answer):
    (result,) = serve(Operation, answer)
    assert (result.documents, result.error) == ([], None)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda request: None, r"execute_batch\(\) returned nothing; yield one Result\(request, documents\)"),
        (Result, r"execute_batch\(\) returned a value of type Result"),
        (lambda request: [request.output("x")], r"execute_batch\(\) gave a value of type Document"),
        (lambda request: [Result(request, request.output("x"))], r"in a Result returned a value of type Document"),
        (lambda request: [Result(request, ["x"])], r"in a Result gave a value of type str"),
    ],
)
def test_a_batch_operation_gives_results(answer, told):
    with pytest.raises(ContractError, match=told):
        serve(BatchOperation, answer)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (lambda request: request.output({"a": "hunter2"}), r"content is a Payload, bytes or a text .* of type dict"),
        (lambda request: request.output(7), "content is a Payload, bytes or a text .* of type int"),
        (lambda request: request.output("", size=b"hunter2"), "the value of 'size' is a text, .* of type bytes"),
        (lambda request: request.output("", size=1.5), "the value of 'size' is a text, .* of type float"),
        (lambda request: request.output("", size=True), "the value of 'size' is a text, .* of type bool"),
        (lambda request: request.output("", {"n": 1}), "the value of the property 'n' is a text, not .* of type int"),
        (lambda request: request.output("", colour="red"), "tracked properties not declared in `sets`: colour"),
    ],
)
def test_an_output_of_another_kind_is_told_without_its_value(output, told):
    with pytest.raises(ContractError, match=rf"connector 'odd': request.output\(\): {told}") as caught:
        serve(Operation, lambda request: [output(request)])
    assert "hunter2" not in str(caught.value)


def test_a_whole_number_becomes_its_text():
    (result,) = serve(Operation, lambda request: [request.output(json.dumps({"a": 1}), size=7)])
    assert result.documents[0].tracked == {"odd.size": "7"}
