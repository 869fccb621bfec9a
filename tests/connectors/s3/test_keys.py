from urllib.parse import unquote, urlsplit

import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule

KEYS = [
    "plain.txt", "a b", " leading", "trailing ", "  ", "a  b", "a+b", "+", "++", "a%2Bb", "%2B", "%", "%%",
    "100%", "%00", "%zz", "%2F", "a%20b", "a//b", "//", "a///b", "//a", "/a", "/", "///", "a/", "a//", "/a/b/",
    ".", "..", "./a", "../a", "a/./b", "a/../b", "a/.", "a/..", "...", ".hidden", "a.", "~", "~a", "a~b", "a&b",
    "a=b", "a=b&c=d", "?", "a?b", "a?x=y", "#", "a#b", "a?b#c", "'", '"', "a'b", 'a"b', "<a>", "a<b", "a>b",
    "]]>", "&amp;", "&", "a;b", "a:b", ":", "a@b", "a,b", "a!b", "$a", "a*b", "(a)", "[a]", "{a}", "{{a}}",
    "a|b", "a\\b", "\\", "a^b", "`a`", "\t", "a\tb", "\n", "a\nb", "\r", "a\r\nb", "\x01", "a\x07b", "\x1f",
    "\x7f", "\x85", "\xa0", "é", "e\u0301", "ü/ß", "日本語", "日/本/語", "עברית", "مرحبا", "\u202eabc", "\u200bzero",
    "\ufeffbom", "😀", "👩‍👩‍👧", "a😀b", "\U0010fffd", "\ufffd", "x" * 1024, "é" * 512, "😀" * 256,
    "/" * 1024, "a/" * 512, "uploads", "versioning", "?acl", "?delete", "soap", "null", "None", "0", "-", "_",
    "a-b_c", "CON", "Ä/%C3%84", "a=+b %20",
]  # fmt: skip
"""What keys may hold, and servers, proxies and libraries like to change."""

NOT_FOR_MOTO = frozenset({"\n", "a\nb", "a\r\nb"})
"""It has no route for a path with a line feed."""


def test_the_table_is_no_short_one():
    assert len(set(KEYS)) == len(KEYS) >= 60


def test_every_key_round_trips_through_every_action(store, document):
    keys = {key for key in KEYS if key not in NOT_FOR_MOTO}
    other = f"{store.bucket[:50]}-2"
    store.api.create_bucket(Bucket=other)
    stored = store.run("upsert", *[document(key, f"content of {key}".encode()) for key in keys])
    assert [(each.error, each.documents[0].tracked["s3.file_key"]) for each in stored] == [(None, key) for key in keys]
    assert set(store.listed()) == keys

    found = store.one("query")
    assert [each.tracked["s3.file_key"] for each in found] == sorted(keys, key=str.encode)

    fetched = store.run("get", *found)
    assert [each.documents[0].payload.read().decode() for each in fetched] == [
        f"content of {each.tracked['s3.file_key']}" for each in found
    ]

    copied = store.run("copy", *found, parameters={"target-bucket": other})
    assert {each.error for each in copied} == {None}
    assert {each["Key"] for each in store.api.list_objects_v2(Bucket=other)["Contents"]} == keys

    assert {each.error for each in store.run("delete", *found)} == {None}
    assert store.listed() == []


@pytest.mark.parametrize(
    ("action", "options"),
    [
        ("upsert", {}),
        ("get", {}),
        ("head", {}),
        ("restore", {"days": 1}),
        ("get_tags", {}),
        ("put_tags", {"tags": {"a": "b"}}),
        ("put_tags", {"tags": {}}),
        ("select", {"engine": "local", "expression": "SELECT * FROM S3Object"}),
    ],
)
def test_every_key_arrives_unchanged_in_the_path(store, document, action, options):
    answer = Answer(200, body=b"<Tagging><TagSet></TagSet></Tagging>" if action == "get_tags" else b"")
    with FaultProxy(store.url, Rule(answer)) as proxy:
        results = store.through(proxy.url).run(action, *map(document, KEYS), **options)

    assert {each.error for each in results} == {None}
    arrived = [unquote(each.path) for each in proxy.exchanges if each.path != f"/{store.bucket}"]
    assert arrived == [f"/{store.bucket}/{key}" for key in KEYS]


def test_every_key_that_is_moved_arrives_unchanged(store, document):
    head = Answer(200, headers=(("ETag", '"e"'), ("Content-Length", "0")))
    made = Answer(200, body=b"<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")
    rules = Rule(head, method="HEAD"), Rule(made, method="PUT"), Rule(Answer(204), method="DELETE")
    with FaultProxy(store.url, *rules) as proxy:
        parameters = {"target-bucket": "another-bucket"}
        results = store.through(proxy.url).run("move", *map(document, KEYS), parameters=parameters)

    assert {each.error for each in results} == {None}
    served = [each for each in proxy.exchanges if each.path.count("/") > 1]
    assert [unquote(each.path) for each in served if each.method == "PUT"] == [f"/another-bucket/{key}" for key in KEYS]
    for method in ("HEAD", "DELETE"):
        arrived = [unquote(each.path) for each in served if each.method == method]
        assert arrived == [f"/{store.bucket}/{key}" for key in KEYS]
    origins = [each.header("x-amz-copy-source") for each in served if each.method == "PUT"]
    assert [unquote(each) for each in origins] == [f"{store.bucket}/{key}" for key in KEYS]


def test_every_key_arrives_unchanged_where_the_host_names_the_bucket(store, document):
    with FaultProxy(store.url, Rule(Answer(200))) as proxy:
        elsewhere = {"proxy": proxy.url, "addressing": "virtual"}
        results = store.through("http://s3.test").run("upsert", *map(document, KEYS), connection=elsewhere)

    assert {each.error for each in results} == {None}
    requests = [urlsplit(each.path) for each in proxy.exchanges if each.method == "PUT"]
    assert {each.netloc for each in requests} == {f"{store.bucket}.s3.test"}
    assert [unquote(each.path) for each in requests] == [f"/{key}" for key in KEYS]


def test_keys_that_xml_cannot_say_are_deleted_one_by_one(store, document):
    keys = ["plain", "a\x01b", "c\nd"]
    done = Rule(Answer(204), method="DELETE"), Rule(Answer(200, body=b"<DeleteResult/>"), method="POST")
    with FaultProxy(store.url, *done) as proxy:
        results = store.through(proxy.url).run("delete", *map(document, keys))

    assert {each.error for each in results} == {None}
    served = [(each.method, unquote(each.path)) for each in proxy.exchanges if each.method != "HEAD"]
    bucket = f"/{store.bucket}"
    assert served == [("POST", bucket), ("DELETE", f"{bucket}/a\x01b"), ("DELETE", f"{bucket}/c\nd")]
