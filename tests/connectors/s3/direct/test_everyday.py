"""The table of headers: every line of it is in botocore's description of S3."""

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from connectors.s3.direct.everyday import ACTIONS

KINDS = {"string": str, "integer": int, "long": int}


@pytest.fixture(scope="module")
def service():
    return ServiceModel(create_loader().load_service_model("s3", "service-2"))


def placed(members, location):
    return {
        name: shape.serialization["name"]
        for name, shape in members.items()
        if shape.serialization.get("location") == location
    }


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_requests_are_written_as_botocore_describes_them(service, action):
    model = service.operation_model(action.name)
    headers = {name: each.lower() for name, each in placed(model.input_shape.members, "header").items()}
    assert action.headers.items() <= headers.items()
    assert action.queries.items() <= placed(model.input_shape.members, "querystring").items()
    assert (action.method, dict(action.fixed)) == (
        model.http["method"],
        dict(each.split("=") for each in model.http["requestUri"].partition("?")[2].split("&") if each),
    )


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_answers_are_read_as_botocore_describes_them(service, action):
    model = service.operation_model(action.name)
    members = model.output_shape.members if model.output_shape else {}
    described = {each.lower(): name for name, each in placed(members, "header").items()}
    assert {header: name for header, (name, _) in action.answers.items()}.items() <= described.items()
    for name, reader in action.answers.values():
        assert KINDS.get(members[name].type_name, reader) is reader
    assert action.tells_metadata == bool(placed(members, "headers"))
