import pickle

import pytest

from connector_sdk.hooks import plugin_manager
from connectors import s3
from connectors.s3 import S3

BUCKETLESS = {"list_buckets"}
OF_ONE_OBJECT = ["get", "upsert", "delete", "head", "copy", "move", "get_tags", "put_tags", "restore"]
REQUIRED = {"put_tags": {"tags": {}}, "restore": {"days": 1}}


def test_the_connector_comes_through_the_hook():
    manager = plugin_manager()
    manager.register(s3)

    assert manager.hook.connectors() == [(S3,)]
    assert (S3.id, S3.label) == ("s3", "Amazon S3 REST")


@pytest.mark.parametrize("action", S3.actions)
def test_every_action_says_what_it_does_and_what_it_needs(action):
    operation = S3.actions[action]

    assert operation.__doc__.splitlines()[0].endswith((".", ";"))
    assert operation.permissions
    assert all(each.startswith("s3:") for each in operation.permissions)
    described = operation.json_schema()["properties"]
    assert all(each.get("description") for each in described.values())


@pytest.mark.parametrize("action", S3.actions)
def test_every_action_travels_between_processes(action):
    options = {} if action in BUCKETLESS else {"object_type": "the-bucket"}
    operation = S3.actions[action].load({**options, **REQUIRED.get(action, {})})

    assert pickle.loads(pickle.dumps(operation)) == operation


def test_a_connection_travels_between_processes():
    connection = S3.connection.load({"access_key": "A", "secret_key": "S", "endpoint_url": "http://s3.test"})

    copy = pickle.loads(pickle.dumps(connection))

    assert copy == connection
    assert copy.secret_key.get_secret_value() == "S"


def test_secrets_are_marked_in_the_schema():
    properties = S3.connection.json_schema()["properties"]

    marked = {name for name, each in properties.items() if "writeOnly" in str(each)}
    assert marked == {"access_key", "secret_key", "session_token", "certificate", "private_key", "proxy"}


@pytest.mark.parametrize(
    "action", ["get", "upsert", "delete", "head", "copy", "move", "get_tags", "put_tags", "restore"]
)
def test_documents_of_one_object_share_a_lane(action, document, request_for):
    operation = S3.actions[action].load({"object_type": "dynamic-bucket", **REQUIRED.get(action, {})})

    def lane(*arguments, **properties):
        return operation.lane(request_for(operation, document(*arguments, **properties)))

    assert lane("k", bucket="one") == lane("k", bucket="one") == ("one", "k")
    assert lane("k", bucket="two") == ("two", "k")
    assert lane("k") is None
    assert lane(bucket="one") is None


def test_documents_that_get_random_keys_may_overlap(document, request_for):
    operation = S3.actions["upsert"].load({"object_type": "the-bucket"})

    assert operation.lane(request_for(operation, document(folder="f"))) is None
    assert operation.lane(request_for(operation, document(folder="f", file_name="n"))) == ("the-bucket", "f/n")


def test_numbers_can_be_written_as_tags_and_metadata():
    operation = S3.actions["upsert"].load(
        {"object_type": "the-bucket", "tags": {"year": 2026, "new": True}, "metadata": {"rate": 1.5}}
    )

    assert operation.tags == {"year": "2026", "new": "true"}
    assert operation.metadata == {"rate": "1.5"}
