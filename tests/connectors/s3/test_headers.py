import pytest


def tags(store, key="k"):
    answer = store.api.get_object_tagging(Bucket=store.bucket, Key=key)
    return {each["Key"]: each["Value"] for each in answer["TagSet"]}


def test_tags_arrive_whatever_they_hold(store, document):
    wanted = {"class": "a =+b", "größe": "日本 @ 1.5", "path": "/x/y:z", "empty": ""}

    store.one("upsert", document("k"), tags=wanted)

    assert tags(store) == wanted


def test_dynamic_properties_become_tags_and_the_option_wins(store, document):
    properties = {"class": "property", "order": "7"}

    store.one("upsert", document("k", properties=properties), include_tagging=True, tags={"class": "option"})

    assert tags(store) == {"class": "option", "order": "7"}


def test_dynamic_properties_are_no_tags_unless_that_is_wanted(store, document):
    store.one("upsert", document("k", properties={"order": "7"}))

    assert tags(store) == {}


@pytest.mark.parametrize("count", [10, 11])
def test_ten_tags_are_allowed(store, document, count):
    properties = {f"p{number}": "x" for number in range(count - 1)}

    (result,) = store.run("upsert", document("k", properties=properties), include_tagging=True, tags={"t": "x"})

    assert (result.error and result.error.code) == (None if count == 10 else "TooManyTags")
    assert store.listed() == (["k"] if count == 10 else [])


def test_tags_of_a_document_in_parts_arrive_too(store, document, large):
    store.one("upsert", document("k", large), tags={"a": "b"}, metadata={"m": "n"}, storage_class="STANDARD_IA")

    assert tags(store) == {"a": "b"}
    head = store.api.head_object(Bucket=store.bucket, Key="k")
    assert head["Metadata"] == {"m": "n"}
    assert head["StorageClass"] == "STANDARD_IA"


def test_metadata_gets_its_prefix_where_it_is_missing(store, document):
    store.one("upsert", document("k"), metadata={"order": "7", "x-amz-meta-unit": "a b", "X-Amz-Meta-Upper": "c"})

    head = store.api.head_object(Bucket=store.bucket, Key="k")
    assert head["Metadata"] == {"order": "7", "unit": "a b", "upper": "c"}


def test_metadata_beyond_ascii_is_sent_as_s3_wants_it_and_read_back(store, document):
    store.one("upsert", document("k"), metadata={"name": "Größe 日本", "plain": "abc"})

    raw = store.api.head_object(Bucket=store.bucket, Key="k")["Metadata"]
    assert raw["name"].startswith("=?utf-8?")
    (described,) = store.one("head", document("k"))
    assert '"Metadata": {"name": "Größe 日本", "plain": "abc"}' in described.payload.read().decode()


@pytest.mark.parametrize("metadata", [{"größe": "x"}, {"a b": "x"}, {"a:b": "x"}, {"": "x"}, {"a": "line\nbreak"}])
def test_metadata_that_no_header_can_carry_fails_the_document(store, document, metadata):
    (result,) = store.run("upsert", document("k"), metadata=metadata)

    assert result.error.code == "InvalidMetadata"
    assert store.listed() == []


def test_settings_of_the_content_arrive(store, document):
    store.one(
        "upsert",
        document("k"),
        content_encoding="gzip",
        content_disposition='attachment; filename="a.txt"',
        cache_control="max-age=60",
        storage_class="STANDARD_IA",
    )

    head = store.api.head_object(Bucket=store.bucket, Key="k")
    assert head["ContentEncoding"] == "gzip"
    assert head["ContentDisposition"] == 'attachment; filename="a.txt"'
    assert head["CacheControl"] == "max-age=60"
    assert head["StorageClass"] == "STANDARD_IA"


def test_an_access_control_list_arrives(store, document):
    store.one("upsert", document("k"), acl="public-read")

    grants = store.api.get_object_acl(Bucket=store.bucket, Key="k")["Grants"]
    assert any(each["Grantee"].get("URI", "").endswith("AllUsers") for each in grants)
