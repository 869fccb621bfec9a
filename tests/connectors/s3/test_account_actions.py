import json
import uuid

import pytest

from connector_sdk.fault_proxy import FaultProxy, Reset, Rule


@pytest.fixture
def account(store):
    """Runs actions that name no bucket."""

    def run(action, *documents, **options):
        from connector_sdk.testing import run
        from connectors.s3 import S3

        parameters = options.pop("parameters", None)
        return run(S3, store.connection, {"action": action, **options}, documents, parameters, within=store.runtime)

    return run


def test_buckets_are_listed_one_document_each(store, document, account):
    (result,) = account("list_buckets", document())

    mine = [each for each in result.documents if each.tracked["s3.bucket"] == store.bucket]
    described = json.loads(mine[0].payload.read())
    assert len(mine) == 1
    assert described["Name"] == store.bucket
    assert described["CreationDate"].endswith("Z")


def test_buckets_can_be_chosen_by_prefix(store, document, account):
    (result,) = account("list_buckets", document(), parameters={"prefix": store.bucket[:20]})

    assert [each.tracked["s3.bucket"] for each in result.documents] == [store.bucket]


@pytest.mark.parametrize(("region", "constraint"), [("auto", None), ("us-east-1", None), ("eu-west-1", "eu-west-1")])
def test_a_bucket_is_made_where_the_operation_says(store, document, api, region, constraint):
    name = f"new-{uuid.uuid4()}"

    (made,) = store.one("create_bucket", object_type=name, region=region)

    assert api.get_bucket_location(Bucket=name)["LocationConstraint"] == constraint
    assert made.tracked["s3.bucket_region"] == (constraint or "us-east-1")


def test_a_dynamic_bucket_is_made_in_the_documents_region(store, document, api):
    name = f"new-{uuid.uuid4()}"

    store.one("create_bucket", document(bucket=name, bucket_region="sa-east-1"), object_type="dynamic-bucket")

    assert api.get_bucket_location(Bucket=name)["LocationConstraint"] == "sa-east-1"


def test_a_bucket_of_ours_may_exist_where_that_is_wanted(store, document):
    name = f"new-{uuid.uuid4()}"
    store.one("create_bucket", object_type=name, region="eu-west-1")

    (again,) = store.run("create_bucket", document(), object_type=name, region="eu-west-1")
    (skipped,) = store.run("create_bucket", document(), object_type=name, region="eu-west-1", if_exists="skip")

    assert again.error.code == "BucketAlreadyOwnedByYou"
    assert skipped.error is None


@pytest.mark.parametrize(("if_exists", "code"), [("fail", "BucketAlreadyOwnedByYou"), ("skip", None)])
def test_a_bucket_whose_making_was_not_heard_of_is_told(store, document, api, if_exists, code):
    name = f"new-{uuid.uuid4()}"
    with FaultProxy(store.url, Rule(Reset(served=True), method="PUT", on=(1,))) as proxy:
        options = {"object_type": name, "region": "eu-west-1", "if_exists": if_exists}
        (result,) = store.through(proxy.url).run("create_bucket", document(), **options)

    assert (result.error and result.error.code) == code
    assert result.error is None or "may have made it" in str(result.error)
    assert api.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-west-1"


@pytest.mark.parametrize("name", ["point-s3alias", "bucket--x-s3"])
def test_names_that_amazon_keeps_for_itself_cannot_be_made(store, document, name):
    (result,) = store.run("create_bucket", document(), object_type=name)

    assert result.error.code == "InvalidBucketName"


def test_a_bucket_is_removed_when_it_is_empty(store, document, api):
    store.fill(["k"])
    (refused,) = store.run("delete_bucket", document())
    api.delete_object(Bucket=store.bucket, Key="k")
    (removed,) = store.run("delete_bucket", document())

    assert refused.error.code == "BucketNotEmpty"
    assert removed.error is None
    assert store.bucket not in [each["Name"] for each in api.list_buckets()["Buckets"]]


def test_making_a_bucket_asks_nobody_where_it_is(store, document):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).one("create_bucket", object_type=f"new-{uuid.uuid4()}")

    assert [each.method for each in proxy.exchanges] == ["PUT"]
